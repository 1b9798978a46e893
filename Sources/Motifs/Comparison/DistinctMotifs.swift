internal import Parallel

/// The motifs that repeat none of a larger weight, nor a part of it, on either strand.
///
/// Columns of the built-in database count as chance, since those of few motifs tell little.
///
/// - Parameters:
///   - weights: One per motif; of equal ones the first motif counts more.
///   - pValue: Two motifs repeat each other if either one matches the other by that p-value or a lower one.
/// - Returns: Their numbers, in order.
package func distinctMotifs(_ motifs: [Motif], weights: [Float], pValue: Double, threads: Int)
  -> [Int]
{
  guard motifs.count > 1 else { return Array(motifs.indices) }
  let matches = MotifComparer(targets: motifs, others: MotifDatabase.builtIn.motifs)
    .matches(of: motifs, threads: threads)
  let order = motifs.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
  return order.reduce(into: [Int]()) { kept, motif in
    let isRepeat = kept.contains {
      min(matches[motif][$0].pValue, matches[$0][motif].pValue) <= pValue
    }
    if !isRepeat { kept.append(motif) }
  }.sorted()
}
