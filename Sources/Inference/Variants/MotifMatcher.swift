internal import Genomics
internal import Motifs

/// Matches a motif where a change is.
struct MotifMatcher {
  private let table: PValueTable
  private let windowLength: Int
  /// For each strand what A, C, G, T and an unknown base score at each position.
  private let strands: [[Int]]

  private static let codes = Int(EncodedSequence.unknown) + 1

  /// - Parameters:
  ///   - limit: A match with a p-value below it is a site.
  ///   - windowLength: The bases that the model reads around a change.
  init(_ motif: Motif, below limit: Double, windowLength: Int) {
    table = PValueTable(motif, below: limit)
    self.windowLength = windowLength
    let scores = table.scores
    strands = [scores, scores.reverseComplement()].map { columns in
      columns.flatMap { column in
        let known = column.indices.map { Int(column[$0]) }
        return known + [known.reduce(0, +) / known.count]
      }
    }
  }

  /// The score of the best match in the allele's window that reads a base of the allele, or the place where it has none.
  func best(in haplotype: Haplotype) -> Int {
    let (codes, allele, width) = (haplotype.codes, haplotype.allele, table.width)
    let window = haplotype.window(of: windowLength)
    let first = max(window.startIndex, allele.lowerBound - width + 1)
    let last = min(
      window.endIndex - width, allele.isEmpty ? allele.lowerBound - 1 : allele.upperBound - 1)
    var best = 0
    for start in first..<max(first, last + 1) {
      for scores in strands {
        var (sum, row) = (0, 0)
        for code in codes[start..<start + width] {
          sum += scores[row + Int(code)]
          row += Self.codes
        }
        best = max(best, sum)
      }
    }
    return best
  }

  func isSite(_ score: Int) -> Bool { score >= table.threshold }

  /// A score as log-odds.
  func bits(of score: Int) -> Double { table.bits(of: score) }
}
