public import Genomics
internal import Layers
public import Networks
public import Tensors

/// Machines on top of each other: the hidden units of each are the visible ones of the next (Hinton, Osindero & Teh 2006).
///
/// The machine at the top keeps its couplings both ways; those below turn hidden units into visible ones.
public struct DeepBeliefNetwork: Equatable, Sendable {
  public let machines: [RestrictedBoltzmannMachine]

  /// - Precondition: There is a machine; each fits on the one below, the lowest of bases.
  public init(_ machines: [RestrictedBoltzmannMachine]) {
    precondition(
      machines.first?.units == .bases
        && zip(machines, machines.dropFirst()).allSatisfy {
          $1.units == .binary && $1.visibleCount == $0.hiddenCount
        }, "machines that don't fit on each other")
    self.machines = machines
  }

  /// The length of the sequences.
  public var length: Int { machines[0].visibleCount / 4 }

  /// The means of the topmost hidden units, `[batch, hidden]`.
  public func code(_ sequences: [EncodedSequence]) -> Tensor {
    machines.reduce(Tensor(oneHot: sequences)) { $1.hiddenMeans($0) }
  }

  /// The free energy of each sequence under the lowest machine: the lower, the more like the data.
  public func freeEnergies(_ sequences: [EncodedSequence]) -> [Double] {
    machines[0].freeEnergies(Tensor(oneHot: sequences))
  }

  /// Draws sequences: the topmost machine dreams, and the machines below turn its visible units into bases.
  ///
  /// - Parameters:
  ///   - steps: Of Gibbs sampling, the first half of them while chains cool.
  ///   - temperature: What logits are divided by.
  public func samples(_ count: Int, steps: Int = 200, temperature: Float = 1, seed: UInt64)
    -> [EncodedSequence]
  {
    var streams = (0..<count).map { RandomStream(seed: seed, .chains, -1, $0) }
    var visible = machines[machines.count - 1].dreams(
      steps: steps, temperature: temperature, using: &streams)
    for machine in machines.dropLast().reversed() {
      visible = machine.drawnVisible(visible, temperature: temperature, using: &streams)
    }
    return visible.sequences
  }

  /// A network of the machines' sizes: sigmoid units behind each other, on the forward strand. Its output layer is drawn.
  public func network(taskCount: Int, seed: UInt64) throws -> Network {
    let hidden = machines.flatMap { machine -> [AnyLayerConfiguration] in
      [.dense(units: machine.hiddenCount), .sigmoid]
    }
    var network = try Network(
      NetworkConfiguration(layers: [.flatten] + hidden, strands: .forward, length: length),
      taskCount: taskCount, seed: seed)
    let known = Dictionary(
      uniqueKeysWithValues: machines.enumerated().flatMap { index, machine in
        [
          ("layers.\(1 + 2 * index).weight", machine.weight),
          ("layers.\(1 + 2 * index).bias", machine.hiddenBias),
        ]
      })
    network.visitParameters { path, _, parameter in
      if let known = known[path] { parameter = known.reshaped(parameter.shape) }
    }
    return network
  }
}
