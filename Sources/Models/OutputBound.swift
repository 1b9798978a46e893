internal import Datasets
internal import Genomics
internal import Layers
internal import Networks
internal import Tensors

extension Model {
  /// The largest output that commands can reckon with: differences and sums of some are finite too.
  private static let largestOutput = 1e37
  /// Where nothing in a network is larger, neither are sums over a long sequence.
  private static let surelyFinite = 1e28

  /// Whether the weights, finite as they are, make outputs that aren't.
  ///
  /// Few models could: where no sum of weights can become that large none does. The others are tried on
  /// random sequences, on repeats of a letter, and on each filter's favourite one.
  public var overflows: Bool {
    guard !(ensemble.outputBound < Self.surelyFinite) else { return false }
    let (probes, limit) = (probes, Self.largestOutput)
    return ensemble.networks.contains { $0.exceeds(limit, reading: SequenceBatch(probes)) }
      || !ensemble.outputs(probes, threads: 1).scalars.allLie(within: limit)
  }

  private static let randomProbes = 32
  private static let mostFilters = 64
  private static let longestProbe = 2000

  /// Sequences that make large outputs if any do.
  private var probes: [EncodedSequence] {
    let length =
      ensemble.configuration.length
      ?? max(ensemble.minimumLength, min(windowLength, Self.longestProbe))
    var random = RandomStream(seed: 1, .initialization, 0)
    let drawn = (0..<Self.randomProbes).map { _ in
      (0..<length).map { _ in UInt8(random.next(below: alphabet.count)) }
    }
    let repeats = (0..<alphabet.unknown).map { [UInt8](repeating: $0, count: length) }
    let favourites = ensemble.networks.flatMap { network in
      network.favourites(most: Self.mostFilters).map { bases in
        (0..<length).map { bases[$0 % bases.count] }
      }
    }
    let side = ensemble.configuration.sideInputs?.means ?? []
    return (drawn + repeats + favourites).map {
      var sequence = EncodedSequence(codes: $0, alphabet: alphabet)
      sequence.side = side
      return sequence
    }
  }
}

extension Ensemble {
  /// No output, and no number on the way to one, has a larger magnitude.
  fileprivate var outputBound: Double {
    let bounds =
      networks.map(\.largestNumber) + (kmers.map { [$0.largestNumber] } ?? [])
    let factor = weights.scalars.largestMagnitude
    return max(1, factor) * bounds.reduce(0, +) + intercept.scalars.largestMagnitude
  }
}

extension Network {
  /// Whether a layer makes a number that isn't below a limit, or none: a rectifier behind it would hide that.
  fileprivate func exceeds(_ limit: Double, reading batch: SequenceBatch) -> Bool {
    if motifs != nil, let first = bounds(of: parameters.prefix(2)).first, !(first < limit) {
      return true
    }
    return layerOutputs(batch).contains { !$0.scalars.allLie(within: limit) }
  }

  /// No output, and no number on the way to one, has a larger magnitude; infinite if that isn't known of one
  /// of the layers. Each layer multiplies what it reads by the sum of an output's weights at most, and means
  /// may be scaled up.
  fileprivate var largestNumber: Double {
    guard configuration.layers.allSatisfy(\.isBoundedByWeights) else { return .infinity }
    let scales = configuration.layers.map {
      ($0.layer as? GlobalPooling.Configuration)?.meanScale.map(Double.init) ?? 1
    }
    return max(1, scales.max() ?? 1) * (bounds(of: parameters[...]).max() ?? 1)
  }

  /// The bounds of what each layer with weights and biases makes of inputs of at most 1.
  ///
  /// - Parameter parameters: Those of layers with weights and biases alone.
  private func bounds(of parameters: ArraySlice<Tensor>) -> [Double] {
    var bounds: [Double] = []
    for first in stride(from: 0, to: parameters.count - 1, by: 2) {
      let (weight, bias) = (parameters[first], parameters[first + 1])
      let outputs = weight.shape.lastExtent
      var sums = bias.scalars.map { Double(abs($0)) }
      let factor = bounds.last ?? 1
      for (index, scalar) in weight.scalars.enumerated() {
        sums[index % outputs] += Double(abs(scalar)) * factor
      }
      bounds.append(sums.max() ?? 0)
    }
    return bounds
  }

  /// The bases that the first filters of a motif network like best.
  fileprivate func favourites(most: Int) -> [[UInt8]] {
    guard let weight = motifs?.weight else { return [] }
    let (width, channels, filters) = (weight.shape[0], weight.shape[1], weight.shape[2])
    return (0..<min(most, filters)).map { filter in
      (0..<width).map { position in
        let row = (0..<channels).map {
          weight.scalars[(channels * position + $0) * filters + filter]
        }
        return UInt8(row.indices.max { row[$0] < row[$1] } ?? 0)
      }
    }
  }
}

extension AnyLayerConfiguration {
  /// Whether no output is larger than the largest input times an output's weights, and its bias.
  fileprivate var isBoundedByWeights: Bool {
    switch layer {
    case is Convolution.Configuration, is Dense.Configuration, is Rectifier, is Dropout,
      is GlobalPooling.Configuration, is WindowPooling.Configuration, is Flatten:
      true
    default: false
    }
  }
}

extension KmerTable {
  /// The sum of up to 2²⁹ numbers over the square root of their count.
  fileprivate var largestNumber: Double {
    scalars.scalars.largestMagnitude * Double(1 << 29).squareRoot() + bias.scalars.largestMagnitude
  }
}

extension [Float] {
  fileprivate func allLie(within limit: Double) -> Bool { allSatisfy { Double(abs($0)) < limit } }

  fileprivate var largestMagnitude: Double { reduce(0) { Swift.max($0, Double(abs($1))) } }
}
