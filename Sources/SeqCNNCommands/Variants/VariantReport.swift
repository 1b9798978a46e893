internal import Genomics
internal import Glibc
internal import Inference
internal import Models
internal import Reports

/// An allele and what it does to a task's output.
struct VariantPoint: Sendable {
  let variant: Variant
  /// The alternate allele's number.
  let allele: Int
  let task: Int
  let difference: Float
  /// `nil` if there are no p-values.
  let pValue: Double?
  /// The site of the model's motifs that makes most of the difference, if one does.
  let site: AlleleSite?

  /// The scored alleles of a record, for each task.
  static func all(of variant: Variant, _ scored: ScoredVariant) -> [VariantPoint] {
    scored.outcomes.enumerated().flatMap { index, outcome -> [VariantPoint] in
      guard case .scored(let score) = outcome else { return [] }
      return score.centred.reference.indices.map { task in
        let difference = score.centred.difference(task: task)
        return VariantPoint(
          variant: variant, allele: index, task: task, difference: difference,
          pValue: score.standing?[task].pValue, site: score.sites?[task].leading(in: difference))
      }
    }
  }

  var name: String { variant.name(ofAllele: allele) }

  /// What becomes of the site, such as `motif1 CTCF weaker: 7.0 instead of 12.5 bits, 96 % of the difference`.
  func siteWords(_ motifs: [LearnedMotif]) -> String? {
    guard let site else { return nil }
    let share = site.effect.map {
      ", \(fixed(100 * Double($0 / difference), 0)) % of the difference"
    }
    return "\(motifs[site.motif].title) \(site.isGained ? "stronger" : "weaker"): "
      + "\(fixed(site.alternateBits, 1)) instead of \(fixed(site.referenceBits, 1)) bits\(share ?? "")"
  }

  /// The strongest alleles come first: by p-value, then by the difference.
  func comes(before other: VariantPoint) -> Bool {
    (pValue ?? 1, -abs(difference)) < (other.pValue ?? 1, -abs(other.difference))
  }
}

extension Variant {
  /// Such as `chr20:43,042,354 C>T`.
  func name(ofAllele allele: Int) -> String {
    "\(sequence):\(grouped(position + 1)) \(reference.shortAllele)>\(alternates[allele].shortAllele)"
  }
}

extension String {
  fileprivate var shortAllele: String { count > 12 ? prefix(10) + "… (\(count) bases)" : self }
}

/// What the report of scored variants is made of.
struct VariantReport {
  private let tasks: [String]
  /// Those of the model.
  private let motifs: [LearnedMotif]
  /// By task; of many, every second, fourth … one.
  private var points: [[VariantPoint]]
  private var top: [[VariantPoint]]
  private var counts: [Int]
  private var interval = 1

  private static let (mostPoints, mostTasks, mostShown, mostDrawn) = (20_000, 4, 20, 6)

  init(of model: Model) {
    tasks = Array(model.tasks.prefix(Self.mostTasks))
    motifs = model.motifs
    points = tasks.map { _ in [] }
    top = tasks.map { _ in [] }
    counts = tasks.map { _ in 0 }
  }

  mutating func add(_ added: [VariantPoint]) {
    for point in added where point.task < tasks.count {
      let task = point.task
      if counts[task].isMultiple(of: interval) { points[task].append(point) }
      counts[task] += 1
      let place = top[task].firstIndex { point.comes(before: $0) } ?? top[task].count
      guard place < Self.mostShown else { continue }
      top[task].insert(point, at: place)
      if top[task].count > Self.mostShown { top[task].removeLast() }
    }
    while points.contains(where: { $0.count > Self.mostPoints }) {
      interval *= 2
      points = points.map { own in stride(from: 0, to: own.count, by: 2).map { own[$0] } }
    }
  }

  func page(_ origin: OutputOrigin, tally: VariantTally, drawnBy drawer: AlleleDrawer) throws
    -> ReportPage
  {
    let name = tally.sourceName.split(separator: "/").last.map(String.init) ?? ""
    var page = ReportPage(title: "seqcnn variants: \(name)")
    page.summary = "\(tally.description.replacing(tally.sourceName, with: name))."
    page.warnings = [tally.warning].compactMap(\.self)
    page.sections = try [
      .init("All alleles", overview),
      .init("Strongest alleles", tasks.indices.map(table)),
      .init(
        "What the strongest alleles change",
        tasks.indices.flatMap { task in
          try top[task].prefix(Self.mostDrawn).flatMap { try drawer.blocks(of: $0, tasks) }
        }),
      .init(
        "Limits",
        [
          .list([
            "A difference is that of the model's output, alternate less reference allele. It tells what the sequence does to "
              + "binding as the model sees it, not what the variant does in a cell.",
            "A p-value compares with random changes of background sequence. Variants of a region that is bound at all are more "
              + "likely to change something than p-values say.",
          ])
        ]),
      reportFacts(origin),
    ]
    return page
  }

  private var overview: [ReportBlock] {
    let words = "A negative difference is binding lost with the alternate allele."
    let figures = tasks.indices.filter { !points[$0].isEmpty }.map { task -> ReportFigure in
      let own = points[task]
      let hasPValues = own.contains { $0.pValue != nil }
      guard hasPValues else {
        return .histogram(
          [ScoreClass("alleles", scores: own.map { Double($0.difference) })],
          xLabel: "Difference of outputs", yLabel: "Share of alleles",
          title: "Differences, \(tasks[task])")
      }
      func group(_ name: String, _ isIn: (VariantPoint) -> Bool) -> Curve {
        Curve(
          name,
          points: own.filter(isIn).map { (Double($0.difference), -log10($0.pValue ?? 1)) })
      }
      return ReportFigure(
        PointPlot(
          title: "Differences and p-values, \(tasks[task])", xLabel: "Difference of outputs",
          yLabel: "-log10 of the p-value",
          groups: [
            group("p above 0.01") { ($0.pValue ?? 1) > 0.01 },
            group("p up to 0.01") { ($0.pValue ?? 1) <= 0.01 },
          ]))
    }
    return figures.isEmpty ? [] : [.text(words), .figures(figures)]
  }

  private func table(_ task: Int) -> ReportBlock {
    let hasSites = top[task].contains { $0.site != nil }
    return .table(
      ReportTable(
        header: [tasks[task], "Difference", "p-value"] + (hasSites ? ["Site"] : []),
        rows: top[task].map { point in
          [
            point.name, figure(Double(point.difference), 3),
            point.pValue.map { figure($0, 4) } ?? "–",
          ] + (hasSites ? [point.siteWords(motifs) ?? "–"] : [])
        }))
  }
}
