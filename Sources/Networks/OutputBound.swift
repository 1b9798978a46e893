internal import Datasets
internal import Genomics
internal import Tensors

extension Model {
  /// The largest output that commands can reckon with: differences and sums of some are finite too.
  private static let largestOutput = 1e37
  /// Where nothing in a network is larger, neither are sums over a long sequence.
  private static let surelyFinite = 1e28

  /// Whether the weights, finite as they are, make outputs that aren't.
  ///
  /// Few models could: where no sum of weights can become that large none does. The others are tried on
  /// random sequences, on repeats of a base, and on each filter's favourite one.
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
      (0..<length).map { _ in UInt8(random.next(below: 4)) }
    }
    let repeats = (0..<4).map { [UInt8](repeating: $0, count: length) }
    let favourites = ensemble.networks.flatMap { network in
      network.favourites(most: Self.mostFilters).map { bases in
        (0..<length).map { bases[$0 % bases.count] }
      }
    }
    return (drawn + repeats + favourites).map(EncodedSequence.init(codes:))
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
    guard bounds[0] < limit else { return true }
    var features = front.forwardErased(batch).output
    for layer in layers {
      guard features.scalars.allLie(within: limit) else { return true }
      features = layer.forwardErased(features, in: .inference).output
    }
    return !features.scalars.allLie(within: limit)
  }

  /// No output, and no number on the way to one, has a larger magnitude: each layer multiplies what it
  /// reads by the sum of an output's weights at most, and means may be scaled up.
  fileprivate var largestNumber: Double {
    var scale = 1.0
    if case .motifConvolution(_, _, _, _, let meanScale?, _, _, _) = configuration.front {
      scale = max(1, Double(meanScale))
    }
    return scale * (bounds.max() ?? 1)
  }

  /// The bounds of what the front and each layer with weights make; 1 for the front that is the bases.
  private var bounds: [Double] {
    var bounds = front.parameters.isEmpty ? [1.0] : []
    for parameters in [front.parameters] + layers.map(\.parameters) where parameters.count == 2 {
      let (weight, bias) = (parameters[0], parameters[1])
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

  /// The bases that the first filters of a motif convolution like best.
  fileprivate func favourites(most: Int) -> [[UInt8]] {
    guard case .motifConvolution = configuration.front else { return [] }
    let weight = front.parameters[0]
    let (width, filters) = (weight.shape[0], weight.shape.lastExtent)
    return (0..<min(most, filters)).map { filter in
      (0..<width).map { position in
        let row = (0..<4).map { weight.scalars[(4 * position + $0) * filters + filter] }
        return UInt8(row.indices.max { row[$0] < row[$1] } ?? 0)
      }
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
