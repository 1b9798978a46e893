internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Motifs
internal import Parallel
internal import Reports

/// Sequences with their components and groups, and the files of `embed`.
struct Embedding {
  private let features: SequenceFeatures
  private let records: [ScoringInput.Record]
  private let components: PrincipalComponents
  /// `[sequence][component]`
  private let points: [[Double]]
  private let groups: PointGroups
  /// By group.
  private let enriched: [[Found]]
  private let database: String

  private struct Found {
    let motif: Motif
    let ranked: RankedEnrichment
  }

  private static let (mostComponents, mostMotifs) = (10, 5)
  /// A site's p-value, and the E-value of a motif that tells a group.
  private static let (sitePValue, eValue) = (1e-4, 0.05)

  init(
    _ features: SequenceFeatures, of records: [ScoringInput.Record], groups: Int,
    database: MotifDatabase, seed: UInt64, threads: Int
  ) {
    (self.features, self.records, self.database) = (features, records, database.name)
    components = PrincipalComponents(of: features.rows, count: Self.mostComponents)
    points = features.rows.map(components.coordinates)
    let found = PointGroups(of: points, count: groups, seed: seed)
    self.groups = found
    let bases = records.map(\.bases)
    let background = Background(counting: bases).strandSymmetric
    let motifs = database.motifs
    let tables = concurrentMap(motifs.count, threads: threads) {
      PValueTable(motifs[$0], background: background, below: Self.sitePValue)
    }
    enriched = found.centers.indices.map { group in
      let isIn = found.groups.map { $0 == group }
      let own = zip(bases, isIn).filter(\.1).map(\.0)
      let others = zip(bases, isIn).filter { !$0.1 }.map(\.0)
      guard !own.isEmpty, !others.isEmpty else { return [] }
      return siteEnrichments(of: tables, in: own, against: others, threads: threads).ranked
        .prefix(Self.mostMotifs).filter { $0.eValue < Self.eValue }
        .map { Found(motif: motifs[$0.enrichment.motif], ranked: $0) }
    }
  }

  /// Writes all files.
  func written(in directory: borrowing OutputDirectory, origin: OutputOrigin, hasRegions: Bool)
    throws
    -> OutputTransaction
  {
    var outputs = OutputTransaction()
    let page = page(origin)
    for (name, text) in [
      ("embedding.tsv", table(hasRegions: hasRegions)), ("groups.tsv", groupTable),
      ("report.html", page.html()), ("report.tsv", page.numbers()),
    ] {
      var file = try directory.file(named: name)
      try file.write(text)
      outputs.add(try file.finish())
    }
    var archive = NPZWriter(try directory.file(named: "features.npz"))
    try archive.write(
      "features", shape: [features.rows.count, features.rows[0].count],
      scalars: features.rows.flatMap { $0 })
    outputs.add(try archive.finish())
    return outputs
  }

  private func table(hasRegions: Bool) -> String {
    let header =
      ["name"] + (hasRegions ? ["chrom", "start", "end"] : []) + ["group"]
      + components.directions.indices.map { "pc\($0 + 1)" }
    let lines = records.indices.map { index in
      let record = records[index]
      let place = record.stretch.map {
        [$0.sequence.tableField, "\($0.start)", "\($0.end)"]
      }
      let fields =
        [record.name.tableField] + (hasRegions ? place ?? [] : [])
        + ["\(groups.groups[index] + 1)"] + points[index].map { "\(Float($0))" }
      return fields.joined(separator: "\t") + "\n"
    }
    return header.joined(separator: "\t") + "\n" + lines.joined()
  }

  private var groupTable: String {
    let header =
      "group\tsequences\tmotif\tname\twith_site\tothers_with_site\tpvalue\tevalue\n"
    return header
      + enriched.enumerated().flatMap { group, motifs in
        motifs.map { found in
          let own = found.ranked.enrichment
          return [
            "\(group + 1)", "\(own.sequences)", found.motif.name.tableField,
            (found.motif.alternateName ?? ".").tableField, "\(own.withSite)",
            "\(own.controlsWithSite)", precise(own.pValue), precise(found.ranked.eValue),
          ].joined(separator: "\t") + "\n"
        }
      }.joined()
  }

  private func size(_ group: Int) -> Int { groups.groups.count { $0 == group } }

  /// The groups, a line each.
  var summary: [String] {
    let share = components.variances.prefix(2).reduce(0, +) / max(components.totalVariance, 1e-300)
    return [
      "\(grouped(records.count)) sequences, \(grouped(features.rows[0].count)) features; the first two components hold "
        + "\(percent(share)) of the variance"
    ]
      + groups.centers.indices.map { group in
        "group \(group + 1): \(grouped(size(group))) sequences, \(words(enriched[group]))"
      }
  }

  private func words(_ motifs: [Found]) -> String {
    guard !motifs.isEmpty else {
      return "no motif of \(database) is more frequent than in the others"
    }
    return motifs.prefix(3).map { found in
      "\(found.motif.alternateName ?? found.motif.name) (E = \(figure(found.ranked.eValue, 2)))"
    }.joined(separator: ", ").escapedForTerminal
  }

  private func page(_ origin: OutputOrigin) -> ReportPage {
    var page = ReportPage(title: "seqcnn embed: \(grouped(records.count)) sequences")
    page.summary = "\(summary[0])."
    let curves = groups.centers.indices.map { group in
      Curve(
        "group \(group + 1)",
        points: points.indices.filter { groups.groups[$0] == group }.map {
          (points[$0][0], points[$0].count > 1 ? points[$0][1] : 0)
        })
    }
    page.sections = [
      .init(
        "Sequences",
        [
          .figures([
            ReportFigure(
              PointPlot(
                title: "Sequences by their features", xLabel: "First component",
                yLabel: "Second component", groups: curves))
          ]),
          .text(
            "A point is a sequence. Components are the directions in which the features differ most; they have no unit."
          ),
        ]),
      .init(
        "Groups",
        [
          .table(
            ReportTable(
              header: ["Group", "Sequences", "Motifs more frequent than in the other groups"],
              rows: groups.centers.indices.map {
                ["\($0 + 1)", grouped(size($0)), words(enriched[$0])]
              }))
        ]),
      reportFacts(origin, [("Motifs", database)]),
    ]
    return page
  }
}
