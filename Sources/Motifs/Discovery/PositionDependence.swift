internal import Genomics
import Glibc

/// The two positions of aligned sites whose bases go together most.
package struct PositionDependence {
  /// Their mutual information, `Σ p(a, b) log2 (p(a, b) / (p(a) p(b)))`.
  package let bits: Double
  /// The first of them, and its most frequent base.
  package let position: Int
  package let base: UInt8

  /// - Parameter sites: Codes, as many of each site; sites with an unknown base don't count.
  /// - Returns: `nil` if fewer than two positions can be compared.
  package init?(of sites: [[UInt8]]) {
    let known = sites.filter { !$0.contains(EncodedSequence.unknown) }
    guard let width = known.first?.count, width > 1 else { return nil }
    var best = (bits: -1.0, position: 0)
    for first in 0..<width {
      for second in first + 1..<width {
        var counts = [Double](repeating: 0, count: 16)
        for site in known { counts[4 * Int(site[first]) + Int(site[second])] += 1 }
        let bits = Self.mutualInformation(counts)
        if bits > best.bits { best = (bits, first) }
      }
    }
    var counts = [Int](repeating: 0, count: 4)
    for site in known { counts[Int(site[best.position])] += 1 }
    (bits, position) = best
    base = UInt8(counts.indices.max { counts[$0] < counts[$1] } ?? 0)
  }

  /// - Parameter counts: `[first][second]`, with a sum above 0.
  private static func mutualInformation(_ counts: [Double]) -> Double {
    let total = counts.reduce(0, +)
    let rows = (0..<4).map { row in counts[4 * row..<4 * row + 4].reduce(0, +) }
    let columns = (0..<4).map { column in (0..<4).reduce(0) { $0 + counts[4 * $1 + column] } }
    return counts.enumerated().reduce(0) { sum, element in
      let (index, count) = element
      guard count > 0 else { return sum }
      return sum + count / total * log2(count * total / (rows[index / 4] * columns[index % 4]))
    }
  }
}

extension SeqletPool {
  /// The bases under a pattern, on the strand that it lies on.
  func bases(at place: PatternAlignment, of seqlet: Seqlet, width: Int) -> [UInt8] {
    let codes = codes[seqlet.sequence][place.start..<place.start + width]
    return place.isReverse ? Alphabet.dna.reverseComplement(of: codes) : Array(codes)
  }
}
