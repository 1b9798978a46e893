internal import Genomics
internal import Motifs

/// What finds hits in stretches of a genome.
protocol WindowMatcher: Sendable {
  /// The width of the widest window; at least 1.
  var width: Int { get }

  /// The hits that start at the first `count` bases of a stretch, by start, motif, and strand, the forward one first.
  ///
  /// - Parameters:
  ///   - codes: The stretch, with the bases of the windows that begin in it.
  ///   - start: The position of its first base.
  func hits(in codes: [UInt8], count: Int, start: Int) -> [MotifHit]
}

extension MotifScanner: WindowMatcher {}

/// Finds coupled motifs in sequence, window by window.
struct CoupledMotifScanner: WindowMatcher {
  private let tables: [CoupledScoreTable]
  private let strands: [Strand]
  let width: Int

  /// - Precondition: There is a table.
  init(_ tables: [CoupledScoreTable], bothStrands: Bool) {
    self.tables = tables
    strands = bothStrands ? [.forward, .reverse] : [.forward]
    width = tables.map(\.width).max()!
  }

  func hits(in codes: [UInt8], count: Int, start: Int) -> [MotifHit] {
    var hits: [MotifHit] = []
    for position in 0..<count {
      for (motif, table) in tables.enumerated() where position + table.width <= codes.count {
        for strand in strands {
          guard let score = table.hit(codes, at: position, strand: strand) else { continue }
          hits.append(
            MotifHit(start: start + position, motif: motif, strand: strand, score: score))
        }
      }
    }
    return hits
  }
}
