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
    let shard = SequenceShard(sequences: SequenceBatch(data), scale: 1 / Float(data.count))
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
    return machine.freeEnergies(SequenceBatch(states).visibleUnits).map { exp(-$0 - logPartition) }
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
    let tensor = SequenceBatch([EncodedSequence("AC")!, EncodedSequence("TN")!]).visibleUnits
    let expected: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0.25, 0.25, 0.25, 0.25]
    #expect(tensor == Tensor(shape: [2, 8], scalars: expected))
    #expect(tensor.sequences[0] == EncodedSequence("AC"))
  }

  /// The unrolled network begins as the machines' means, upward and downward. (Its gradients are those of any autoencoder.)
  @Test func unrollsMachines() throws {
    let network = try deepNetwork()
    let sequences = SequenceBatch([EncodedSequence("ACG")!, EncodedSequence("TTN")!])
    let code = code(network, sequences)
    let down = network.machines[0].visibleMeans(network.machines[1].visibleMeans(code))
    let made = try network.unrolled().reconstruction(of: sequences).softmaxOfRows()
    expectClose(made, down.scalars.map(Double.init))
  }

  /// The network that `train --from` starts with has the machines' hidden means before its output layer.
  @Test func networksStartFromMachines() throws {
    let deep = try deepNetwork()
    let encoder = try #require(deep.encoder)
    var network = try Network(
      NetworkConfiguration(layers: encoder.layers, strands: .forward, length: 3), taskCount: 2,
      seed: 5)
    var output: [String: Tensor] = [:]
    network.visitParameters { path, _, parameter in
      parameter = encoder.parameters[path] ?? parameter
      output[path] = parameter
    }
    let sequences = ["ACG", "TTA", "GGC"].map { EncodedSequence($0)! }
    let weight = try #require(output["output.weight"])
    let bias = try #require(output["output.bias"])
    let expected = code(deep, SequenceBatch(sequences)).mapped(weight: weight, bias: bias)
    #expect(encoder.parameters.count == 4)
    expectClose(
      network.outputs(sequences, threads: 1), expected.scalars.map(Double.init))
  }

  private let threeSequences = SequenceBatch(["ACG", "TTA", "GGC"].map { EncodedSequence($0)! })

  /// The bound of a network of two machines lies below the logarithm of the probability, by the count of all hidden
  /// states.
  @Test func likelihoodsAreBoundedByTheCount() throws {
    let deep = try deepNetwork()
    let partition = deep.machines[1].exactLogPartition()
    #expect(abs(deep.logPartition(seed: 1).value - partition) < 1e-9)
    let draws = 4000
    for (row, counted) in countedLikelihoods(of: threeSequences, under: deep).enumerated() {
      var many = SequenceBatch()
      for _ in 0..<draws { many.append(threeSequences[row].codes) }
      let own = deep.logLikelihoods(of: many, logPartition: partition) {
        RandomStream(seed: 9, .experiments, $0)
      }
      let mean = own.reduce(0, +) / Double(draws)
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
      #expect(abs(mean - counted.bound) < 4 * (variance / Double(draws)).squareRoot())
      #expect(counted.bound < log(counted.probability))
    }
  }

  /// The probability of each of three sequences, and the bound of its logarithm: sums over all states of the four units
  /// between the two machines.
  private func countedLikelihoods(
    of sequences: SequenceBatch, under deep: DeepBeliefNetwork
  ) -> [(probability: Double, bound: Double)] {
    let units = sequences.visibleUnits
    let (lower, upper) = (deep.machines[0], deep.machines[1])
    let states = (0..<16).map { state in (0..<4).map { Float(state >> $0 & 1) } }
    let above = Tensor(shape: [16, 4], scalars: states.flatMap { $0 })
    let partition = upper.exactLogPartition()
    let priors = upper.freeEnergies(above).map { exp(-$0 - partition) }
    let told = lower.visibleMeans(above)
    let hidden = lower.hiddenMeans(units)
    return (0..<3).map { row -> (probability: Double, bound: Double) in
      var (exact, bound) = (0.0, 0.0)
      for state in 0..<16 {
        let bases = (0..<12).reduce(1.0) {
          $0 * pow(Double(told.scalars[12 * state + $1]), Double(units.scalars[12 * row + $1]))
        }
        let share = (0..<4).reduce(1.0) {
          let mean = Double(hidden.scalars[4 * row + $1])
          return $0 * (states[state][$1] == 1 ? mean : 1 - mean)
        }
        exact += priors[state] * bases
        bound += share * (log(priors[state] * bases) - log(share))
      }
      return (exact, bound)
    }
  }

  /// The bound of a network of one machine is the logarithm of the probability itself.
  @Test func likelihoodsOfOneMachineAreExact() throws {
    let single = try DeepBeliefNetwork(
      DeepBeliefSettings(length: 3, hidden: [4], isUnrolled: false), seed: 1)
    let machine = single.machines[0]
    let partition = machine.exactLogPartition()
    let own = single.logLikelihoods(of: threeSequences, logPartition: partition) {
      RandomStream(seed: 9, .experiments, $0)
    }
    for (own, energy) in zip(own, machine.freeEnergies(threeSequences.visibleUnits)) {
      #expect(abs(own + energy + partition) < 1e-9)
    }
  }

  /// A sample is the same whatever is drawn beside it, and holds its free energy.
  @Test func samplesDontDependOnEachOther() throws {
    let generator = try #require(try deepNetwork().generator)
    let request = SampleRequest(seed: 3)
    let samples = generator.samples(0..<20, request)
    #expect(Array(samples[7..<9]) == generator.samples(7..<9, request))
    #expect(Set(samples.map(\.bases.text)).count > 5)
    let energies = try deepNetwork().freeEnergies(SequenceBatch(samples.map(\.bases)))
    #expect(samples.map(\.score) == energies)
  }

  private func code(_ network: DeepBeliefNetwork, _ sequences: SequenceBatch) -> Tensor {
    network.machines.reduce(sequences.visibleUnits) { $1.hiddenMeans($0) }
  }

  private func deepNetwork() throws -> DeepBeliefNetwork {
    var random = RandomStream(seed: 2, .experiments)
    var network = try DeepBeliefNetwork(
      DeepBeliefSettings(length: 3, hidden: [4, 3], isUnrolled: false), seed: 1)
    network.updateParameters { _, parameter in
      for index in parameter.scalars.indices { parameter.scalars[index] = Float(random.normal()) }
    }
    return network
  }
}
