package import Datasets
internal import Genomics
public import Layers
public import Tensors

/// Machines on top of each other without their weights.
public struct DeepBeliefSettings: Codable, Equatable, Sendable {
  /// The length of the sequences, in bases.
  public var length: Int
  /// The numbers of hidden units, from the lowest machine up.
  public var hidden: [Int]
  /// Whether the machines are unrolled into an autoencoder too, which is fine-tuned.
  public var isUnrolled: Bool

  public init(length: Int, hidden: [Int], isUnrolled: Bool) {
    (self.length, self.hidden, self.isUnrolled) = (length, hidden, isUnrolled)
  }

  /// The autoencoder that the machines are unrolled into (Hinton & Salakhutdinov 2006): sigmoid units upward, then downward
  /// with weights of their own.
  var autoencoder: AutoencoderSettings {
    let inner = hidden.dropLast()
    func behind(_ units: Int) -> [AnyLayerConfiguration] { [.dense(units: units), .sigmoid] }
    return AutoencoderSettings(
      length: length, latent: hidden.last ?? 0,
      encoder: [.flatten] + inner.flatMap(behind),
      decoder: [.sigmoid] + inner.reversed().flatMap(behind)
        + [.dense(units: 4 * length), .unflatten(positions: length)])
  }
}

/// - Throws: `ConfigurationError` if there is no hidden layer, or a size out of range.
func checkSizes(length: Int, hidden: [Int]) throws(ConfigurationError) {
  try check(length, in: 1...Limit.features / 4, "length")
  guard !hidden.isEmpty else {
    throw ConfigurationError(description: "hidden is empty; give a number of units per layer")
  }
  for count in hidden { try check(count, in: Limit.units, "hidden") }
}

/// Machines on top of each other: the hidden units of each are the visible ones of the next (Hinton, Osindero & Teh 2006).
///
/// The machine at the top keeps its couplings both ways; those below turn hidden units into visible ones.
public struct DeepBeliefNetwork: GenerativeModel {
  public static let method = "dbn"
  public let settings: DeepBeliefSettings
  /// From the lowest up.
  public package(set) var machines: [RestrictedBoltzmannMachine]
  /// The machines unrolled and fine-tuned; `nil` if they aren't.
  package var tuned: SequenceAutoencoder?

  public init(_ settings: DeepBeliefSettings, seed: UInt64) throws {
    try checkSizes(length: settings.length, hidden: settings.hidden)
    self.settings = settings
    let below = [4 * settings.length] + settings.hidden
    machines = zip(below, settings.hidden).enumerated().map { layer, counts in
      RestrictedBoltzmannMachine(
        units: layer == 0 ? .bases : .binary,
        means: [Double](repeating: layer == 0 ? 0.25 : 0.5, count: counts.0), hidden: counts.1,
        seed: seed &+ UInt64(layer))
    }
    if settings.isUnrolled { tuned = try unrolled() }
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    for layer in machines.indices {
      try machines[layer].visitParameters { try visit("machines.\(layer).\($0)", $1, &$2) }
    }
    try tuned?.visitParameters { try visit("autoencoder.\($0)", $1, &$2) }
  }

  /// The autoencoder with the weights of the machines.
  package func unrolled() throws -> SequenceAutoencoder {
    var autoencoder = try SequenceAutoencoder(settings.autoencoder, seed: 0)
    autoencoder.parameters =
      machines.flatMap { [$0.weight, $0.hiddenBias] }
      + machines.reversed().flatMap { machine in
        [
          Tensor(
            shape: [machine.hiddenCount, machine.visibleCount], transposing: machine.weight.scalars),
          machine.visibleBias,
        ]
      }
    return autoencoder
  }

  /// Sigmoid layers of the machines' sizes, which read sequences of the model's length; fine-tuned, if the network is.
  public var encoder: SequenceEncoder? {
    let upward = machines.flatMap { [$0.weight, $0.hiddenBias] }
    return SequenceEncoder(
      sigmoidUnits: (tuned?.parameters.prefix(upward.count)).map(Array.init) ?? upward)
  }

  /// The free energy of each sequence under the lowest machine: the lower, the more like the data.
  package func freeEnergies(_ sequences: SequenceBatch) -> [Double] {
    machines[0].freeEnergies(sequences.visibleUnits)
  }

  public var generator: (any SequenceGenerator)? { DreamGenerator(network: self) }
}

/// One machine over the bases of sequences.
public struct SequenceBoltzmannMachine: GenerativeModel {
  public static let method = "rbm"
  /// Of one machine.
  public internal(set) var network: DeepBeliefNetwork

  public init(_ settings: DeepBeliefSettings, seed: UInt64) throws {
    try Self.check(settings)
    network = try DeepBeliefNetwork(settings, seed: seed)
  }

  /// - Precondition: The network has one machine.
  package init(_ network: DeepBeliefNetwork) {
    precondition(network.machines.count == 1, "\(network.machines.count) machines")
    self.network = network
  }

  /// - Throws: `ConfigurationError` if the settings aren't of one machine.
  package static func check(_ settings: DeepBeliefSettings) throws {
    guard settings.hidden.count == 1 else {
      throw ConfigurationError(
        description: "hidden has \(settings.hidden.count) numbers; give one, or take the method dbn"
      )
    }
  }

  public var settings: DeepBeliefSettings { network.settings }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try network.visitParameters(visit)
  }

  public var generator: (any SequenceGenerator)? { network.generator }
  public var encoder: SequenceEncoder? { network.encoder }
}

/// Writes sequences that machines dream: the topmost machine takes steps of Gibbs sampling, the first half of them while chains
/// cool, and the machines below turn its visible units into bases.
private struct DreamGenerator: SequenceGenerator {
  let network: DeepBeliefNetwork
  let scoreName = "freeEnergy"
  var length: Int? { network.settings.length }

  private static let steps = 200

  func samples(_ numbers: Range<Int>, _ request: SampleRequest) -> [SequenceSample] {
    var streams = numbers.map(request.stream)
    let (machines, temperature) = (network.machines, request.temperature)
    var visible = machines[machines.count - 1].dreams(
      steps: Self.steps, temperature: temperature, using: &streams)
    for machine in machines.dropLast().reversed() {
      visible = machine.drawnVisible(visible, temperature: temperature, using: &streams)
    }
    return zip(visible.sequences, machines[0].freeEnergies(visible)).map(SequenceSample.init)
  }
}
