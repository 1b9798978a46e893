package import Datasets
package import Genomics
public import Layers
public import Tensors

/// A Helmholtz machine without its weights.
public struct HelmholtzSettings: Codable, Equatable, Sendable {
  /// The length of the sequences, in bases.
  public var length: Int
  /// The numbers of hidden units, from the lowest layer up.
  public var hidden: [Int]

  public init(length: Int, hidden: [Int]) {
    (self.length, self.hidden) = (length, hidden)
  }
}

/// Affine maps between layers of units, in one direction.
package struct DirectedMaps: ParameterHolder, Sendable {
  /// The logits of the topmost units, where nothing is above them; `nil` upward.
  package var prior: Tensor?
  /// From the lowest layer up: of the logits of one layer by the other.
  package var maps: [Dense]

  package mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    if var kept = prior {
      prior = nil
      try visit("prior", .bias, &kept)
      prior = kept
    }
    for layer in maps.indices {
      try maps[layer].visitParameters { try visit("\(layer).\($0)", $1, &$2) }
    }
  }
}

/// A directed machine of binary units above bases: generative weights downward, which make sequences, and recognition weights of
/// their own upward, which guess the hidden units of a sequence (Hinton, Dayan, Frey & Neal 1995).
///
/// The states of its units are a list of `[batch, units]`: bases (four numbers each), then the hidden layers from the lowest up.
public struct HelmholtzMachine: GenerativeModel {
  public static let method = "helmholtz"
  public let settings: HelmholtzSettings
  package var generation: DirectedMaps
  package var recognition: DirectedMaps

  public init(_ settings: HelmholtzSettings, seed: UInt64) throws {
    try checkSizes(length: settings.length, hidden: settings.hidden)
    self.settings = settings
    let below = [4 * settings.length] + settings.hidden.dropLast()
    func maps(_ number: Int, _ sizes: [(Int, Int)]) -> [Dense] {
      var random = RandomStream(seed: seed, .generativeWeights, number)
      return sizes.map { Dense(inputs: $0.0, outputs: $0.1, using: &random) }
    }
    generation = DirectedMaps(
      prior: Tensor(zeros: [settings.hidden[settings.hidden.count - 1]]),
      maps: maps(0, Array(zip(settings.hidden, below))))
    recognition = DirectedMaps(prior: nil, maps: maps(1, Array(zip(below, settings.hidden))))
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try generation.visitParameters { try visit("generation.\($0)", $1, &$2) }
    try recognition.visitParameters { try visit("recognition.\($0)", $1, &$2) }
  }

  /// The kind of a layer's units.
  package func units(ofLayer layer: Int) -> VisibleUnits { layer == 0 ? .bases : .binary }

  /// The recognition weights, as sigmoid layers.
  public var encoder: SequenceEncoder? {
    SequenceEncoder(sigmoidUnits: recognition.maps.flatMap { [$0.weight, $0.bias] })
  }

  public var generator: (any SequenceGenerator)? { DirectedGenerator(machine: self) }
}

extension HelmholtzMachine {
  /// The states of all units, the hidden ones drawn upward.
  package func recognized(_ visible: Tensor, using streams: inout [RandomStream]) -> [Tensor] {
    var states = [visible]
    for map in recognition.maps {
      states.append(
        logits(map, states[states.count - 1]).means(of: .binary).drawn(.binary, using: &streams))
    }
    return states
  }

  /// The states of all hidden units, drawn downward, and the logits of the bases behind them.
  package func dreamt(temperature: Float = 1, using streams: inout [RandomStream]) -> (
    hidden: [Tensor], bases: Tensor
  ) {
    let top = Tensor(repeating: generation.prior ?? Tensor(zeros: [0]), count: streams.count)
    var (hidden, upper) = ([Tensor](), top.tempered(temperature))
    for map in generation.maps.reversed() {
      hidden.insert(upper.means(of: .binary).drawn(.binary, using: &streams), at: 0)
      upper = logits(map, hidden[0]).tempered(temperature)
    }
    return (hidden, upper)
  }

  private func logits(_ map: Dense, _ units: Tensor) -> Tensor {
    units.mapped(weight: map.weight, bias: map.bias)
  }

  /// For each layer but the topmost the logits of its units by the states of those above, and for that the prior.
  package func generativeLogits(_ states: [Tensor]) -> [Tensor] {
    let top = states[states.count - 1]
    return zip(generation.maps, states.dropFirst()).map { logits($0, $1) }
      + [Tensor(repeating: generation.prior ?? Tensor(zeros: [0]), count: top.shape[0])]
  }

  /// For each hidden layer the logits of its units by the states of those below.
  package func recognitionLogits(_ states: [Tensor]) -> [Tensor] {
    zip(recognition.maps, states).map { logits($0, $1) }
  }

  /// For each row the logarithm of the probability of all units, and of the hidden ones given the bases as recognition has it.
  ///
  /// The difference's mean over hidden units that were recognized is a lower bound of the logarithm of the bases' probability.
  package func logProbabilities(_ states: [Tensor]) -> (joint: [Double], recognized: [Double]) {
    func sums(_ layers: [(Int, Tensor)]) -> [Double] {
      layers.reduce(into: [Double](repeating: 0, count: states[0].shape[0])) { sums, layer in
        let own = states[layer.0].logProbabilities(units(ofLayer: layer.0), logits: layer.1)
        for row in sums.indices { sums[row] += own[row] }
      }
    }
    return (
      sums(Array(generativeLogits(states).enumerated())),
      sums(recognitionLogits(states).enumerated().map { ($0.offset + 1, $0.element) })
    )
  }

  /// The logits of the bases, `[batch, position, base]`, by probabilities upward and downward instead of draws.
  package func reconstruction(of sequences: SequenceBatch) -> Tensor {
    let code = recognition.maps.reduce(sequences.visibleUnits) {
      logits($1, $0).means(of: .binary)
    }
    var units = code
    for (number, map) in generation.maps.enumerated().reversed() {
      units = logits(map, units)
      if number > 0 { units = units.means(of: .binary) }
    }
    return units.reshaped([sequences.count, settings.length, 4])
  }
}

/// Writes sequences by drawing layer after layer downward.
private struct DirectedGenerator: SequenceGenerator {
  let machine: HelmholtzMachine
  /// Of the bases given the hidden units.
  let scoreName = "logLikelihood"
  var length: Int? { machine.settings.length }

  func samples(_ numbers: Range<Int>, _ request: SampleRequest) -> [SequenceSample] {
    var streams = numbers.map(request.stream)
    let length = machine.settings.length
    let logits = machine.dreamt(temperature: request.temperature, using: &streams).bases
    return logits.reshaped([streams.count, length, 4]).drawnSequences(
      length: length, using: &streams)
  }
}
