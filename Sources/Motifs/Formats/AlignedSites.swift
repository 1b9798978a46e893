import Genomics

/// Counts the bases at each position of aligned sites.
///
/// - Parameter sites: A site's bases in upper case, and its line.
/// - Throws: For a site of another width than the first one, or with another letter than A, C, G, T and U.
func counts(of sites: [(line: Int, bases: String)]) throws(MatrixFault) -> [SIMD4<Double>] {
  var columns = [SIMD4<Double>](repeating: .zero, count: sites.first?.bases.utf8.count ?? 0)
  for site in sites {
    let bases = site.bases.utf8
    guard bases.count == columns.count else {
      throw MatrixFault(
        line: site.line, problem: .unequalSites(count: bases.count, expected: columns.count))
    }
    for (position, base) in bases.enumerated() {
      let code = Int(Alphabet.dna.codeOfLetter[Int(base)])
      guard code < Alphabet.dna.count else {
        throw MatrixFault(line: site.line, problem: .badSite(site.bases))
      }
      columns[position][code] += 1
    }
  }
  return columns
}
