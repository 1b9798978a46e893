internal import Datasets
internal import Genomics
internal import Layers
internal import Models
internal import Motifs
internal import Networks

/// By way of which filters the motifs of a task change its output: what sites that are planted in the middle of random
/// bases do, divided among the filters as a variant's difference is.
struct MotifResponses {
  /// For each motif how much each filter that answers to it adds in the mean, without signs.
  private let effects: [[Int: Double]]

  /// The sites that are planted of each motif.
  private static let plantings = 64
  /// The least part of what all filters add from which on a filter answers to a motif.
  private static let leastShare = 0.01

  /// - Returns: `nil` if the networks have no filters that read bases.
  init?(of motifs: [Motif], in model: Model, task: Int) {
    guard model.ensemble.networks[0].motifs != nil else { return nil }
    effects = motifs.enumerated().map { index, motif in
      var random = RandomStream(seed: 0, .motifResponses, task, index)
      let features = PairedFeatures(
        of: model.ensemble, windows: Self.plantings(of: motif, in: model, using: &random))
      var sums: [Int: Double] = [:]
      for changes in features.filters ?? [] {
        for change in changes[task] { sums[change.filter, default: 0] += Double(change.effect) }
      }
      let sizes = sums.mapValues { abs($0) / Double(Self.plantings) }
      let least = Self.leastShare * sizes.keys.sorted().reduce(0) { $0 + sizes[$1]! }
      return sizes.filter { $0.value > least }
    }
  }

  /// How strongly a filter answers to a motif; `nil` if it doesn't.
  func effect(of motif: Int, on filter: Int) -> Double? { effects[motif][filter] }

  /// Windows of random bases, each followed by the same with a site in its middle.
  private static func plantings(
    of motif: Motif, in model: Model, using random: inout RandomStream
  ) -> SequenceBatch {
    let length = model.windowLength
    let columns = motif.probabilities.columns.prefix(length)
    // Numbers that aren't known count as their means.
    let side = model.sideNames.map { _ in Float.nan }
    var windows = SequenceBatch()
    for _ in 0..<plantings {
      var codes = (0..<length).map { _ in UInt8(random.next(below: Alphabet.dna.count)) }
      windows.append(codes[...], beside: side)
      let start = (length - columns.count) / 2
      for (offset, column) in columns.enumerated() {
        codes[start + offset] = column.drawnBase(using: &random)
      }
      windows.append(codes[...], beside: side)
    }
    return windows
  }
}

extension SIMD4<Double> {
  /// The code of a base, drawn by these probabilities.
  fileprivate func drawnBase(using random: inout RandomStream) -> UInt8 {
    var left: Double = random.uniform()
    for base in indices.dropLast() {
      left -= self[base]
      if left < 0 { return UInt8(base) }
    }
    return UInt8(scalarCount - 1)
  }
}
