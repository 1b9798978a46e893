import Datasets
import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct HelmholtzTests {
  /// What `scripts/goldens/energy.py` made with numpy by counting all states.
  private struct Golden: Decodable {
    let bases: [Double]
    let generation, recognition, wake, sleep: [[Double]]
    let logLikelihood, bound: Double
  }

  private let golden: Golden
  private let machine: HelmholtzMachine

  init() throws {
    let golden: Golden = try TestSupport.golden("helmholtz.json")
    var machine = try HelmholtzMachine(HelmholtzSettings(length: 2, hidden: [3, 2]), seed: 1)
    machine.parameters = zip(machine.parameters, golden.generation + golden.recognition).map {
      Tensor(shape: $0.shape, scalars: $1.map { Float($0) })
    }
    (self.golden, self.machine) = (golden, machine)
  }

  private var bases: Tensor {
    Tensor(shape: [1, 8], scalars: golden.bases.map { Float($0) })
  }

  /// All states of the hidden units.
  private var hidden: [[Tensor]] {
    (0..<32).map { state in
      let units = (0..<5).map { Float(state >> $0 & 1) }
      return [
        Tensor(shape: [1, 3], scalars: Array(units[..<3])),
        Tensor(shape: [1, 2], scalars: Array(units[3...])),
      ]
    }
  }

  /// All pairs of bases.
  private var everyBases: [Tensor] {
    (0..<16).map { state in
      var bases = Tensor(zeros: [1, 8])
      bases.scalars[state / 4] = 1
      bases.scalars[4 + state % 4] = 1
      return bases
    }
  }

  private func expectClose(_ own: [[Double]], _ expected: [[Double]], _ tolerance: Double) {
    #expect(own.map(\.count) == expected.map(\.count))
    for (own, expected) in zip(own.joined(), expected.joined()) {
      #expect(abs(own - expected) < tolerance)
    }
  }

  private func adding(_ gradient: [Tensor], times share: Double, to sums: [[Double]]) -> [[Double]]
  {
    gradient.enumerated().map { index, tensor in
      tensor.scalars.enumerated().map { place, value in
        (sums.isEmpty ? 0 : sums[index][place]) + share * Double(value)
      }
    }
  }

  /// Awake: over all hidden states, as often as recognition draws them.
  @Test func wakingAgreesWithNumpy() {
    var (likelihood, bound, gradient) = (0.0, 0.0, [[Double]]())
    for own in hidden {
      let states = [bases] + own
      let (joint, recognized) = machine.logProbabilities(states)
      let share = exp(recognized[0])
      likelihood += exp(joint[0])
      bound += share * (joint[0] - recognized[0])
      gradient = adding(
        machine.generativeGradient(states, scale: 1), times: share, to: gradient)
    }
    #expect(abs(log(likelihood) - golden.logLikelihood) < 1e-5)
    #expect(abs(bound - golden.bound) < 1e-5 && golden.bound < golden.logLikelihood)
    expectClose(gradient, golden.wake, 1e-5)
  }

  /// Asleep: over all states, as often as they are dreamt.
  @Test func sleepingAgreesWithNumpy() {
    var (total, gradient) = (0.0, [[Double]]())
    for bases in everyBases {
      for own in hidden {
        let states = [bases] + own
        let share = exp(machine.logProbabilities(states).joint[0])
        total += share
        gradient = adding(
          machine.recognitionGradient(states, scale: 1), times: share, to: gradient)
      }
    }
    #expect(abs(total - 1) < 1e-5)
    expectClose(gradient, golden.sleep, 1e-5)
  }

  /// The phases of a step draw as often as is probable: the mean gradient over 40,000 rows, within four standard errors of a
  /// number between -1 and 1.
  @Test(arguments: [0, 1]) func phasesDrawWhatIsProbable(phase: Int) {
    let count = 40_000
    let sequence = bases.sequences[0]
    let batch = SequenceBatch([EncodedSequence](repeating: sequence, count: count))
    let pass = TrainingPass(seed: 3, step: 5, firstExample: 0, exampleCount: count)
    let gradient = WakeSleepLearner(machine).gradient(
      of: SequenceShard(sequences: batch, scale: 1 / Float(count)), phase: phase, in: pass)
    expectClose(
      gradient.parameters.map { $0.scalars.map(Double.init) },
      phase == 0 ? golden.wake : golden.sleep, 4 / Double(count).squareRoot())
    if phase == 0 { #expect(abs(gradient.loss + golden.bound) < 0.05) }
  }

  /// Samples have the bases that are probable, and don't depend on what is drawn beside them.
  @Test func samplesAreDrawnDownward() throws {
    let generator = try #require(machine.generator)
    let request = SampleRequest(seed: 3)
    let count = 4000
    let samples = generator.samples(0..<count, request)
    #expect(Array(samples[7..<9]) == generator.samples(7..<9, request))
    for bases in everyBases {
      let share = hidden.reduce(0.0) { $0 + exp(machine.logProbabilities([bases] + $1).joint[0]) }
      let found = samples.count { $0.bases == bases.sequences[0] }
      let error = (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(Double(found) / Double(count) - share) < 4 * error)
    }
  }
}
