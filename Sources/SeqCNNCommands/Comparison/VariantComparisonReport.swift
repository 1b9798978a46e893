internal import Genomics
internal import Inference
internal import Reports

/// What the report of variants compared between two outputs is made of.
struct VariantComparisonReport {
  private typealias Point = (variant: Variant, allele: Int, compared: ComparedAllele)

  private let names: [String]
  private let scale: OutputPair.Scale
  /// Of many, every second, fourth … one.
  private var points: [ComparedAllele] = []
  private var interval = 1
  private var count = 0
  private var top: [Point] = []

  private static let (mostPoints, mostShown) = (20_000, 20)

  init(of pair: OutputPair) {
    (names, scale) = (pair.outputs.map(\.name), pair.scale)
  }

  mutating func add(_ variant: Variant, _ alleles: [Result<ComparedAllele, UnscoredAllele>]) {
    for (allele, result) in alleles.enumerated() {
      guard case .success(let compared) = result else { continue }
      if count.isMultiple(of: interval) { points.append(compared) }
      count += 1
      if points.count > Self.mostPoints {
        interval *= 2
        points = stride(from: 0, to: points.count, by: 2).map { points[$0] }
      }
      let size = abs(compared.difference)
      let place = top.firstIndex { abs($0.compared.difference) < size } ?? top.count
      guard place < Self.mostShown else { continue }
      top.insert((variant, allele, compared), at: place)
      if top.count > Self.mostShown { top.removeLast() }
    }
  }

  /// - Parameter ledger: What became of the alleles.
  func page(_ ledger: Ledger, _ origin: OutputOrigin) -> ReportPage {
    let name = ledger.sourceName.split(separator: "/").last.map(String.init) ?? ""
    var page = ReportPage(title: "seqcnn compare: variants in \(names[0]) and \(names[1])")
    page.summary = "\(ledger.description.replacing(ledger.sourceName, with: name))."
    page.sections = [
      .init("All alleles", points.isEmpty ? [] : [.figures(figures)]),
      .init("Alleles that differ most", top.isEmpty ? [] : [.table(table)]),
      .init(
        "Limits",
        [
          .list([
            "What is compared: what the alternate allele adds to \(scale.words) of the window around it.",
            "There are no p-values, as nothing tells how far variants that act alike differ.",
          ])
        ]),
      reportFacts(origin, [("Outputs", names.joined(separator: ", "))]),
    ]
    return page
  }

  private var figures: [ReportFigure] {
    [
      ReportFigure(
        PointPlot(
          title: "Both outputs", xLabel: "added to \(names[0])", yLabel: "added to \(names[1])",
          groups: [Curve("alleles", points: points.map { ($0.changes[0], $0.changes[1]) })])),
      .histogram(
        [ScoreClass("alleles", scores: points.map(\.difference))],
        xLabel: "\(names[0]) less \(names[1])", yLabel: "Share of alleles",
        title: "Differences"),
    ]
  }

  private var table: ReportTable {
    ReportTable(
      header: ["Allele"] + names + ["Difference"],
      rows: top.map { variant, allele, compared in
        [variant.name(ofAllele: allele)]
          + (compared.changes + [compared.difference]).map { figure($0, 3) }
      })
  }
}
