internal import Genomics
internal import Inference
internal import Motifs
internal import Reports

extension ComparisonRun {
  private static let mostShown = 20

  /// The page of a comparison.
  func page(_ comparison: Comparison, _ summary: ComparisonSummary, filters: [ComparedFilter])
    -> ReportPage
  {
    let names = summary.outputs
    var page = ReportPage(title: "seqcnn compare: \(names[0]) and \(names[1])")
    page.summary = summary.words.map { "\($0.capitalizedFirst)." }.joined(separator: " ")
    page.sections = [
      .init("All regions", [.figures(Self.figures(comparison, names, summary))]),
      .init("Regions that differ most", [.table(Self.table(comparison, names))]),
      .init("Filters", [.table(Self.table(filters, names))]),
      .init(
        "Limits",
        [
          .list([
            "What is compared: \(summary.scale.words) of the best window of each region.",
            "A p-value tells whether a region differs more than regions bound alike do. It doesn't tell which condition is bound.",
          ])
        ]),
      reportFacts(origin, [("Outputs", names.joined(separator: ", "))]),
    ]
    return page
  }

  private static func figures(
    _ comparison: Comparison, _ names: [String], _ summary: ComparisonSummary
  ) -> [ReportFigure] {
    let rows = comparison.rows.filter { $0.compared != nil }
    guard !rows.isEmpty else { return [] }
    func group(_ name: String, _ isIn: (Comparison.Row) -> Bool) -> Curve {
      Curve(
        name,
        points: rows.filter(isIn).compactMap { row in
          row.compared.map { ($0.values[0], $0.values[1]) }
        })
    }
    let differs = { (row: Comparison.Row) in (row.qValue ?? 1) <= summary.falseDiscoveryRate }
    return [
      ReportFigure(
        PointPlot(
          title: "Both outputs", xLabel: names[0], yLabel: names[1],
          groups: [
            group("alike") { !differs($0) },
            group("q up to \(summary.falseDiscoveryRate)", differs),
          ].filter { !$0.points.isEmpty })),
      .histogram(
        [ScoreClass("regions", scores: rows.compactMap { $0.compared?.difference })],
        xLabel: "\(names[0]) less \(names[1])", yLabel: "Share of regions",
        title: "Differences"),
    ]
  }

  private static func table(_ comparison: Comparison, _ names: [String]) -> ReportTable {
    let center = comparison.null?.center ?? 0
    let rows = comparison.rows.enumerated().compactMap { index, row in
      row.compared.map { (index: index, row: row, far: abs($0.difference - center)) }
    }.sorted { ($1.far, $0.index) < ($0.far, $1.index) }.prefix(mostShown)
    return ReportTable(
      header: ["Region"] + names + ["Difference", "p-value", "q-value"],
      rows: rows.map { _, row, _ in
        let place =
          "\(row.region.sequence):\(grouped(row.region.start + 1))-\(grouped(row.region.end))"
        let values = (row.compared?.values ?? []) + [row.compared?.difference ?? 0]
        return [place] + values.map { figure($0, 2) }
          + [row.pValue, row.qValue].map { $0.map { figure($0, 4) } ?? "–" }
      })
  }

  private static func table(_ filters: [ComparedFilter], _ names: [String]) -> ReportTable {
    ReportTable(
      header: ["Filter", "Consensus"] + names + ["Difference"],
      rows: filters.prefix(mostShown).map { filter in
        [filter.motif.motif.name, filter.motif.motif.alternateName ?? "–"]
          + filter.influences.map { $0.map { figure($0, 3) } ?? "–" }
          + [figure(filter.difference, 3)]
      })
  }
}
