internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Motifs

/// The files of `motifs discover`.
struct DiscoveryFiles {
  private let patterns: [DiscoveredPattern]
  /// One per pattern; `nil` without a database.
  private let matches: [NamedMatch]?
  private let motifs: [Motif]
  private let rows: [ExplainedRecords.Row]
  private let hasRegions: Bool
  private let origin: OutputOrigin

  init(
    _ patterns: [DiscoveredPattern], matches: [NamedMatch]?, explained: ExplainedRecords,
    hasRegions: Bool, origin: OutputOrigin
  ) {
    (self.patterns, self.matches) = (patterns, matches)
    (self.hasRegions, self.origin) = (hasRegions, origin)
    rows = explained.rows
    motifs = patterns.enumerated().map { index, pattern in
      var motif = pattern.motif(named: "motif\(index + 1)")
      motif.alternateName =
        matches.map { $0[index].motif.map { $0.alternateName ?? $0.name } ?? "no_match" }
        ?? motif.probabilities.consensus
      return motif
    }
  }

  /// Writes all files.
  func written(in directory: borrowing OutputDirectory) throws -> OutputTransaction {
    var outputs = OutputTransaction()
    try directory.replaceNumbered("motif", ending: ".svg", in: &outputs)
    func write(_ name: String, _ text: String) throws {
      var file = try directory.file(named: name)
      try file.write(text)
      outputs.add(try file.finish())
    }
    try write("motifs.meme", memeText(motifs, background: .uniform, comment: origin.comment))
    try write("motifs.tsv", table)
    try write("sites.tsv", sites)
    var archive = NPZWriter(try directory.file(named: "motifs.npz"))
    for (motif, pattern) in zip(motifs, patterns) {
      try archive.write(
        motif.name, shape: [4, pattern.width],
        scalars: (0..<4).flatMap { base in pattern.contributions.map { $0[base] } })
      try write(
        "\(motif.name).svg", contributionLogoSVG(pattern.contributions, title: title(of: motif)))
    }
    outputs.add(try archive.finish())
    var parts = NPZWriter(try directory.file(named: "patterns.npz"))
    try PatternArchive(rows: rows).write(patterns, to: &parts)
    outputs.add(try parts.finish())
    outputs.remove(directory.path(of: Self.subpatterns))
    let submotifs = submotifs
    if !submotifs.isEmpty {
      try write(
        Self.subpatterns, memeText(submotifs, background: .uniform, comment: origin.comment))
    }
    return outputs
  }

  private static let subpatterns = "subpatterns.meme"

  /// The motifs of sub-patterns: `motif1.1`, with the second name of the whole.
  private var submotifs: [Motif] {
    zip(motifs, patterns).flatMap { motif, pattern in
      pattern.subpatterns.enumerated().map { number, part in
        var own = part.motif(named: "\(motif.name).\(number + 1)")
        own.alternateName = motif.alternateName
        return own
      }
    }
  }

  private func title(of motif: Motif) -> String {
    "\(motif.name), \(motif.alternateName ?? "")"
  }

  private var table: String {
    let matched = ["match", "match_name", "pvalue", "evalue", "qvalue"]
    let columns =
      ["motif", "sign", "sites", "share", "width", "consensus"]
      + (matches == nil ? [] : matched) + ["subpatterns"]
    let lines = patterns.indices.map { index in
      let (pattern, motif) = (patterns[index], motifs[index])
      let own: [String] = [
        motif.name, pattern.isPositive ? "+" : "-", "\(pattern.sites.count)",
        precise(pattern.share), "\(pattern.width)", motif.probabilities.consensus,
      ]
      let ends = (matches.map { fields(of: $0[index]) } ?? []) + ["\(pattern.subpatterns.count)"]
      return (own + ends).joined(separator: "\t") + "\n"
    }
    return columns.joined(separator: "\t") + "\n" + lines.joined()
  }

  private func fields(of match: NamedMatch) -> [String] {
    guard let motif = match.motif else {
      return ["no match", "."] + figures(of: match.best)
    }
    return [motif.name.tableField, (motif.alternateName ?? ".").tableField]
      + figures(of: match.best)
  }

  private func figures(of best: RankedMatch) -> [String] {
    [best.match.pValue, best.eValue, best.qValue].map { precise($0) }
  }

  private var sites: String {
    let columns =
      ["name"] + (hasRegions ? ["chrom"] : [])
      + ["start", "end", "motif", "strand", "similarity", "contribution"]
    var text = columns.joined(separator: "\t") + "\n"
    for (motif, pattern) in zip(motifs, patterns) {
      for site in pattern.sites {
        let row = rows[site.sequence]
        let start = row.start(of: 0) + site.start
        let fields: [String] =
          [row.name.tableField] + (row.stretch.map { [$0.sequence.tableField] } ?? []) + [
            "\(start)", "\(start + pattern.width)", motif.name, site.strand.rawValue,
            "\(site.similarity)", "\(site.contribution)",
          ]
        text += fields.joined(separator: "\t") + "\n"
      }
    }
    return text
  }

  private static let mostShown = 12

  /// What was found, in words.
  var summary: [String] {
    guard !patterns.isEmpty else {
      return [
        "no motif: no stretch contributes more than those of shuffled sequences, or too few are "
          + "alike"
      ]
    }
    let shown = patterns.indices.prefix(Self.mostShown).map { index in
      let (pattern, motif) = (patterns[index], motifs[index])
      let name = matches.map { ", \($0[index])".escapedForTerminal } ?? ""
      let effect = pattern.isPositive ? "raises" : "lowers"
      let parts = pattern.subpatterns.isEmpty ? "" : ", \(pattern.subpatterns.count) sub-patterns"
      return "\(motif.name): \(motif.probabilities.consensus)\(name), "
        + "\(grouped(pattern.sites.count)) sites, \(effect) the output, "
        + "\(figure(100 * pattern.share, 2)) % of the contributions\(parts)"
    }
    let rest = patterns.count - shown.count
    return shown + (rest > 0 ? ["\(rest) more motifs that contribute less"] : [])
  }
}
