internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Motifs
internal import Tensors

/// Writes patterns as an archive of arrays named as TF-MoDISco's HDF5 files name them: `pos_patterns/pattern_0/sequence`
/// and so on, sub-patterns within.
struct PatternArchive {
  let rows: [ExplainedRecords.Row]

  /// Adds all patterns, those that raise the output and those that lower it counted apart.
  func write(_ patterns: [DiscoveredPattern], to archive: inout NPZWriter) throws {
    for (isPositive, group) in [(true, "pos_patterns"), (false, "neg_patterns")] {
      let own = patterns.filter { $0.isPositive == isPositive }
      for (index, pattern) in own.enumerated() {
        let path = "\(group)/pattern_\(index)"
        try write(pattern, to: &archive, path: path)
        for (number, part) in pattern.subpatterns.enumerated() {
          try write(part, to: &archive, path: "\(path)/subpattern_\(number)")
        }
      }
    }
  }

  private func write(
    _ pattern: DiscoveredPattern, to archive: inout NPZWriter, path: String
  ) throws {
    let shape = [pattern.width, 4]
    let sites = pattern.sites.map { AlignedSite($0, width: pattern.width, in: rows[$0.sequence]) }
    func mean(_ values: (AlignedSite) -> [Float]) -> [Float] {
      var sums = [Double](repeating: 0, count: 4 * pattern.width)
      for site in sites {
        for (index, value) in values(site).enumerated() { sums[index] += Double(value) }
      }
      return sums.map { Float($0 / Double(max(1, sites.count))) }
    }
    try archive.write(path + "/sequence", shape: shape, scalars: mean(\.oneHot))
    try archive.write(path + "/contrib_scores", shape: shape, scalars: mean(\.contributions))
    try archive.write(
      path + "/hypothetical_contribs", shape: shape, scalars: mean(\.hypothetical))
    func write(_ name: String, _ integers: [Int]) throws {
      try archive.write(
        "\(path)/seqlets/\(name)", shape: [integers.count], integers: integers.map { Int32($0) })
    }
    try write("n_seqlets", [sites.count])
    try write("example_idx", pattern.sites.map(\.sequence))
    try write("start", pattern.sites.map(\.start))
    try write("end", pattern.sites.map { $0.start + pattern.width })
    try write("is_revcomp", pattern.sites.map { $0.strand == .reverse ? 1 : 0 })
  }
}

/// A site on the strand of its pattern, `[position, 4]`; what stands off the sequence is 0.
private struct AlignedSite {
  let oneHot: [Float]
  let hypothetical: [Float]

  init(_ site: DiscoveredPattern.Site, width: Int, in row: ExplainedRecords.Row) {
    let explanation = row.explanations[0]
    let isReverse = site.strand == .reverse
    var (oneHot, hypothetical) = ([Float](), [Float]())
    for offset in 0..<width {
      let position = site.start + (isReverse ? width - 1 - offset : offset)
      for base in 0..<4 {
        let own = isReverse ? 3 - base : base
        let isKnown = explanation.bases.codes.indices.contains(position)
        oneHot.append(isKnown && explanation.bases.codes[position] == own ? 1 : 0)
        hypothetical.append(isKnown ? explanation.hypothetical.scalars[4 * position + own] : 0)
      }
    }
    (self.oneHot, self.hypothetical) = (oneHot, hypothetical)
  }

  var contributions: [Float] { zip(oneHot, hypothetical).map { $0 * $1 } }
}
