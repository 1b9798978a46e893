public import Genomics

/// How a query motif lies on a target motif.
public struct MotifAlignment: Hashable, Sendable {
  /// The number of target columns before the query's first column; negative if the query begins before the
  /// target. Counted on the target's strand.
  public let offset: Int
  /// The target's strand.
  public let strand: Strand

  public init(offset: Int, strand: Strand) {
    self.offset = offset
    self.strand = strand
  }

  /// The number of columns in which both have a base.
  public func overlap(queryWidth: Int, targetWidth: Int) -> Int {
    min(offset + queryWidth, targetWidth) - max(offset, 0)
  }

  /// The number of the target's columns, counted on its forward strand, before the first column of the query
  /// that is turned to that strand.
  func start(queryWidth: Int, targetWidth: Int) -> Int {
    strand == .forward ? offset : targetWidth - offset - queryWidth
  }

  /// The consensus of both, letter under letter, on the query's forward strand; `-` stands for the columns that
  /// only the other has.
  public func consensus(query: ProbabilityMatrix, target: ProbabilityMatrix) -> (
    query: String, target: String
  ) {
    let turned = strand == .forward ? target : target.reverseComplement
    func padded(_ matrix: ProbabilityMatrix, before: Int, after: Int) -> String {
      String(repeating: "-", count: max(0, before)) + matrix.consensus
        + String(repeating: "-", count: max(0, after))
    }
    let after = target.width - offset - query.width
    return (
      padded(query, before: offset, after: after), padded(turned, before: -offset, after: -after)
    )
  }
}
