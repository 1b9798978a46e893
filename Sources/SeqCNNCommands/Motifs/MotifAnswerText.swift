internal import Genomics
internal import Inference
internal import Motifs

/// What `motifs query` says of a motif.
struct MotifAnswerText {
  private let motif: Motif
  private let answer: MotifAnswer
  private let neighbours: [MotifNeighbour]
  private let others: [ContributionMotif]

  private static let mostNeighbours = 3
  /// The least effect that changes an output, in standard deviations of the sequences' outputs.
  private static let leastEffect = 0.1

  init(
    _ motif: Motif, _ answer: MotifAnswer, _ neighbours: [MotifNeighbour],
    others: [ContributionMotif]
  ) {
    (self.motif, self.answer) = (motif, answer)
    (self.neighbours, self.others) = (Array(neighbours.prefix(Self.mostNeighbours)), others)
  }

  static let header =
    "motif\tname\tplanted\tstandardError\tsequences\twithSite\tsites\tcontribution\traising\tlowering\t"
    + "centralWidth\tcentralSites\tcentralPvalue\tneighbours\n"

  static func siteHeader(hasRegions: Bool) -> String {
    (["motif", "name"] + (hasRegions ? ["chrom"] : []) + ["start", "end", "strand", "contribution"])
      .joined(separator: "\t") + "\n"
  }

  var row: String {
    let central = answer.centrality
    let near = neighbours.map {
      "\(others[$0.motif].name):\($0.sites):\(fixed(Double($0.sameStrand) / Double($0.sites), 2)):\($0.medianGap)"
        .tableField
    }
    let fields: [String] =
      [motif.name.tableField, (motif.alternateName ?? ".").tableField] + answer.planted.fields + [
        "\(answer.sequences)", "\(answer.withSite)", "\(answer.sites.count)",
        answer.meanContribution.map { precise($0) } ?? "NA", figure(answer.raising, 4),
        figure(answer.lowering, 4), central.map { "\($0.positions)" } ?? "NA",
        central.map { "\($0.central)" } ?? "NA", central.map { precise($0.pValue) } ?? "NA",
        near.isEmpty ? "." : near.joined(separator: ","),
      ]
    return fields.joined(separator: "\t") + "\n"
  }

  func line(of site: MotifAnswer.Site, _ explained: ExplainedRecords) -> String {
    let row = explained.rows[site.sequence]
    let start = row.start(of: 0) + site.start
    let fields: [String] =
      [motif.name.tableField, row.name.tableField]
      + (row.stretch.map { [$0.sequence.tableField] } ?? [])
      + ["\(start)", "\(start + motif.width)", site.strand.rawValue, "\(site.contribution)"]
    return fields.joined(separator: "\t") + "\n"
  }

  /// The answer in words.
  var words: [String] {
    let name = (motif.alternateName.map { "\($0) (\(motif.name))" } ?? motif.name)
      .escapedForTerminal
    let planted = answer.planted
    // An effect that can be told from none may still be too small to matter.
    let isSure =
      (planted.standardError.map { abs(planted.mean) > 3 * $0 } ?? false)
      && abs(planted.mean) > Self.leastEffect * answer.outputSpread
    let effect =
      !isSure
      ? "hardly changes the output" : planted.mean > 0 ? "raises the output" : "lowers the output"
    let error = planted.standardError.map { " ± \(figure($0, 3))" } ?? ""
    let found =
      "\(grouped(answer.withSite)) of \(grouped(answer.sequences)) sequences have a site; "
      + "\(percent(answer.raising)) of the sites contribute more than chance, \(percent(answer.lowering)) less"
    let near = neighbours.map {
      "\(others[$0.motif].name) (\($0.sites) sites, \($0.medianGap) bases off)"
    }
    return [
      "\(name): planted in shuffles it \(effect) (\(figure(planted.mean, 3))\(error)); \(found)"
        + (near.isEmpty ? "" : "; next to \(near.joined(separator: ", "))").escapedForTerminal
    ]
  }
}
