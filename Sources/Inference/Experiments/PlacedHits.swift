public import Genomics

/// Sites on sequences, found by their places.
public struct PlacedHits: Sendable {
  /// By start, then end.
  private let hits: [String: [Peak]]
  private let naming: SequenceNaming
  public let count: Int

  public init(_ hits: [Peak]) {
    self.hits = Dictionary(grouping: hits) { $0.interval.sequence }.mapValues { hits in
      hits.sorted {
        ($0.interval.start, $0.interval.end) < ($1.interval.start, $1.interval.end)
      }
    }
    naming = SequenceNaming(known: self.hits.keys.sorted())
    count = hits.count
  }

  /// The hits that lie in a stretch as a whole, in order; `chr20` and `20` are one sequence.
  public func inside(_ stretch: GenomicInterval) -> [Peak] {
    guard let hits = naming.resolve(stretch.sequence).flatMap({ hits[$0] }) else { return [] }
    let first = hits.partitioningIndex { $0.interval.start >= stretch.start }
    return hits[first...].prefix { $0.interval.start < stretch.end }.filter {
      $0.interval.end <= stretch.end && $0.interval.length > 0
    }
  }
}
