import Foundation
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct EnergyTests {
  /// What `scripts/goldens/energy.py` made with numpy.
  private struct Golden: Decodable {
    let units: VisibleUnits
    let weight, visibleBias, hiddenBias, data, dreams, freeEnergies: [Double]
    let hiddenMeans, visibleMeans, probabilities: [Double]
    let logPartition: Double
    let gradient: [[Double]]

    var machine: RestrictedBoltzmannMachine {
      RestrictedBoltzmannMachine(
        units: units, weight: tensor(weight, [visibleBias.count, hiddenBias.count]),
        visibleBias: tensor(visibleBias, [visibleBias.count]),
        hiddenBias: tensor(hiddenBias, [hiddenBias.count]))
    }

    func rows(_ numbers: [Double]) -> Tensor {
      tensor(numbers, [numbers.count / visibleBias.count, visibleBias.count])
    }

    private func tensor(_ numbers: [Double], _ shape: Shape) -> Tensor {
      Tensor(shape: shape, scalars: numbers.map { Float($0) })
    }
  }

  private let goldens: [Golden]

  init() throws { goldens = try golden("energy.json") }

  private func expectClose(_ tensor: Tensor, _ expected: [Double], tolerance: Double = 1e-5) {
    #expect(tensor.scalars.count == expected.count)
    for (own, expected) in zip(tensor.scalars, expected) {
      #expect(abs(Double(own) - expected) < tolerance)
    }
  }

  @Test(arguments: [0, 1]) func agreesWithNumpy(index: Int) {
    let golden = goldens[index]
    let (machine, data) = (golden.machine, golden.rows(golden.data))
    let hidden = machine.hiddenMeans(data)
    expectClose(hidden, golden.hiddenMeans)
    expectClose(machine.visibleMeans(hidden), golden.visibleMeans)
    for (own, expected) in zip(machine.freeEnergies(data), golden.freeEnergies) {
      #expect(abs(own - expected) < 1e-4)
    }
    let gradient = machine.gradient(data: data, dreams: golden.rows(golden.dreams))
    for (own, expected) in zip(gradient, golden.gradient) { expectClose(own, expected) }
    #expect(abs(machine.exactLogPartition() - golden.logPartition) < 1e-4)
  }

  /// Annealed importance sampling agrees with the count of all states, within its error.
  @Test(arguments: [0, 1]) func estimatesThePartitionFunction(index: Int) {
    let machine = goldens[index].machine
    let estimate = machine.annealedLogPartition(chains: 500, steps: 200, seed: 3)
    #expect(estimate.standardError < 0.1)
    #expect(
      abs(estimate.value - goldens[index].logPartition) < 4 * estimate.standardError)
  }

  /// Gibbs chains, and cooled ones, have each state as often as it is probable, within four standard errors.
  @Test(arguments: [0, 1], [false, true]) func chainsHaveTheExactMoments(index: Int, cools: Bool) {
    let golden = goldens[index]
    let machine = golden.machine
    let count = 4000
    var streams = (0..<count).map { RandomStream(seed: 8, .experiments, $0) }
    let start = Tensor(zeros: [count, machine.visibleCount])
    let visible =
      cools
      ? machine.dreams(steps: 80, using: &streams)
      : machine.gibbs(start, steps: 60, using: &streams)
    var found = [Int](repeating: 0, count: golden.probabilities.count)
    for row in 0..<count { found[state(visible, row, golden.units)] += 1 }
    for (found, share) in zip(found, golden.probabilities) where share > 0.01 {
      let error = (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(Double(found) / Double(count) - share) < 4 * error)
    }
  }

  /// The number of a state in the script's order: the last position or unit counts up first.
  private func state(_ visible: Tensor, _ row: Int, _ units: VisibleUnits) -> Int {
    let width = visible.shape[1]
    let own = Array(visible.scalars[row * width..<(row + 1) * width])
    guard units == .bases else { return own.reduce(0) { 2 * $0 + Int($1) } }
    return stride(from: 0, to: width, by: 4).reduce(0) { number, first in
      4 * number + (0..<4).first { own[first + $0] == 1 }!
    }
  }

  /// A machine learns the distribution of another one, which is known exactly: persistent chains to within 1 % of total variation,
  /// whose definition is half the sum of the absolute differences.
  @Test(arguments: [
    (DreamSource.persistent(chains: 1000, steps: 1), 0.01),
    (.contrastive(steps: 1), 0.05), (.asleep(chains: 100, steps: 8), 0.05),
  ])
  func learnsAnExactDistribution(source: DreamSource, most: Double) {
    let target = tinyMachine(scale: 1, seed: 1)
    let states = (0..<16).map { EncodedSequence(codes: [UInt8($0 / 4), UInt8($0 % 4)]) }
    let shares = probabilities(of: target, states)
    let data = zip(states, shares).flatMap { state, share in
      [EncodedSequence](repeating: state, count: Int((2000 * share).rounded()))
    }
    let visible = Tensor(oneHot: data)
    let shard = EnergyLearner.Shard(visible: visible, scale: 1 / Float(data.count))
    var learner = EnergyLearner(tinyMachine(scale: 0.01, seed: 2), source: source, seed: 4)
    let steps = 2500
    for step in 0..<steps {
      let pass = TrainingPass(
        seed: 1, step: step, firstExample: 0, exampleCount: data.count)
      let gradient = learner.gradient(of: shard, phase: 0, in: pass).parameters
      let rate = 4 * (1 - Float(step) / Float(steps))
      var next = gradient.makeIterator()
      learner[0].updateParameters { role, parameter in
        guard role != .statistic, let slope = next.next() else { return }
        for index in slope.scalars.indices {
          parameter.scalars[index] -= rate * slope.scalars[index]
        }
      }
      learner.settle([], phase: 0)
    }
    let learned = probabilities(of: learner.machine, states)
    let distance = zip(learned, shares).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    #expect(distance < most, "\(source): \(distance)")
    let before = probabilities(of: tinyMachine(scale: 0.01, seed: 2), states)
    #expect(zip(before, shares).reduce(0) { $0 + abs($1.0 - $1.1) } / 2 > 0.3)
  }

  /// Two positions and three hidden units.
  private func tinyMachine(scale: Double, seed: UInt64) -> RestrictedBoltzmannMachine {
    var random = RandomStream(seed: seed, .experiments)
    func tensor(_ shape: Shape) -> Tensor {
      Tensor(
        shape: shape, scalars: (0..<shape.count).map { _ in Float(scale * random.normal()) })
    }
    return RestrictedBoltzmannMachine(
      units: .bases, weight: tensor([8, 3]), visibleBias: tensor([8]), hiddenBias: tensor([3]))
  }

  private func probabilities(
    of machine: RestrictedBoltzmannMachine, _ states: [EncodedSequence]
  ) -> [Double] {
    let logPartition = machine.exactLogPartition()
    return machine.freeEnergies(Tensor(oneHot: states)).map { exp(-$0 - logPartition) }
  }

  /// A lower temperature makes the most probable state more frequent.
  @Test func coldChainsKeepToTheBest() {
    let golden = goldens[0]
    let best = golden.probabilities.indices.max {
      golden.probabilities[$0] < golden.probabilities[$1]
    }!
    let shares = [Float(0.3), 1, 3].map { temperature in
      var streams = (0..<500).map { RandomStream(seed: 8, .experiments, $0) }
      let visible = golden.machine.dreams(steps: 60, temperature: temperature, using: &streams)
      return (0..<500).count { state(visible, $0, .bases) == best }
    }
    #expect(shares[0] > shares[1] && shares[1] > shares[2])
  }

  /// One-hot and back; an unknown base has a quarter of each.
  @Test func sequencesBecomeUnits() {
    let tensor = Tensor(oneHot: [EncodedSequence("AC")!, EncodedSequence("TN")!])
    let expected: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0.25, 0.25, 0.25, 0.25]
    #expect(tensor == Tensor(shape: [2, 8], scalars: expected))
    #expect(tensor.sequences[0] == EncodedSequence("AC"))
  }

  /// The unrolled network's gradient by central differences, and its first pass by that of the machines.
  @Test func unrolledGradientsMatchCentralDifferences() throws {
    let network = try deepNetwork()
    var unrolled = UnrolledNetwork(network)
    let visible = Tensor(oneHot: [EncodedSequence("ACG")!, EncodedSequence("TTN")!])
    let (loss, gradient) = unrolled.loss(visible, scale: 0.5)
    let top = network.machines[1].hiddenMeans(network.machines[0].hiddenMeans(visible))
    let down = network.machines[0].visibleMeans(network.machines[1].visibleMeans(top))
    expectClose(unrolled.reconstructed(visible), down.scalars.map(Double.init))
    var direct = 0.0
    for (own, share) in zip(visible.scalars, down.scalars) where own > 0 {
      direct -= 0.5 * Double(own) * log(Double(share))
    }
    #expect(abs(loss - direct) < 1e-5)
    let parameters = unrolled.parameters
    for (index, parameter) in parameters.enumerated() {
      for scalar in stride(from: 0, to: parameter.scalars.count, by: 3) {
        let sides = [Float(1e-2), -1e-2].map { shift in
          var changed = parameters
          changed[index].scalars[scalar] += shift
          unrolled.parameters = changed
          return unrolled.loss(visible, scale: 0.5).loss
        }
        let slope = (sides[0] - sides[1]) / 2e-2
        #expect(abs(slope - Double(gradient[index].scalars[scalar])) < 2e-3)
      }
    }
  }

  /// The network that `train --from` starts with has the machines' hidden means before its output layer.
  @Test func networksStartFromMachines() throws {
    let deep = try deepNetwork()
    let network = try deep.network(taskCount: 2, seed: 5)
    let sequences = ["ACG", "TTA", "GGC"].map { EncodedSequence($0)! }
    let code = deep.code(sequences)
    var copy = network
    var output: [String: Tensor] = [:]
    copy.visitParameters { path, _, parameter in output[path] = parameter }
    let weight = try #require(output["output.weight"])
    let bias = try #require(output["output.bias"])
    let expected = code.mapped(weight: weight, bias: bias)
    expectClose(
      network.outputs(sequences, threads: 1), expected.scalars.map(Double.init))
    let samples = deep.samples(5, steps: 10, seed: 1)
    #expect(samples.count == 5 && samples.allSatisfy { $0.count == 3 })
    #expect(samples == deep.samples(5, steps: 10, seed: 1))
    #expect(deep.freeEnergies(sequences).count == 3)
  }

  private func deepNetwork() throws -> DeepBeliefNetwork {
    var random = RandomStream(seed: 2, .experiments)
    func tensor(_ shape: Shape) -> Tensor {
      Tensor(shape: shape, scalars: (0..<shape.count).map { _ in Float(random.normal()) })
    }
    return DeepBeliefNetwork([
      RestrictedBoltzmannMachine(
        units: .bases, weight: tensor([12, 4]), visibleBias: tensor([12]), hiddenBias: tensor([4])),
      RestrictedBoltzmannMachine(
        units: .binary, weight: tensor([4, 3]), visibleBias: tensor([4]), hiddenBias: tensor([3])),
    ])
  }
}
