internal import Genomics
internal import Glibc
internal import Inference
internal import Models
internal import Networks
internal import Reports

/// What the report of a scan is made of: collects the sites that are written.
struct ScanReport {
  private let caller: SiteCaller
  private let names: ScannedNames
  private var map: ChromosomeMap
  /// By task.
  private var outputs: [[Float]]
  private var overlaps: [PeakOverlap]
  private var best: [[BindingSite]]

  private static let mostShown = 20

  /// - Parameter peaks: What sites are held against; `nil` for nothing.
  init(_ caller: SiteCaller, of names: ScannedNames, peaks: [Peak]?) {
    (self.caller, self.names) = (caller, names)
    map = ChromosomeMap(names.sequences.map { ($0.name, $0.length) })
    outputs = caller.tasks.map { _ in [] }
    best = caller.tasks.map { _ in [] }
    overlaps =
      peaks.map { peaks in
        caller.tasks.map { _ in PeakOverlap(peaks, in: names.intervals) }
      } ?? []
  }

  mutating func add(_ site: BindingSite) {
    map.add(
      sequence: site.interval.sequence, position: (site.interval.start + site.interval.end) / 2)
    outputs[site.task].append(site.output)
    if !overlaps.isEmpty { overlaps[site.task].add(site) }
    let place = best[site.task].partitioningIndex { $0.output < site.output }
    guard place < Self.mostShown else { return }
    best[site.task].insert(site, at: place)
    if best[site.task].count > Self.mostShown { best[site.task].removeLast() }
  }

  /// - Parameters:
  ///   - words: What the screen says of the scan, a line each.
  ///   - calls: What sites were called by.
  func page(words: [String], calls: SiteCalls) -> ReportPage {
    var page = ReportPage(title: "seqcnn scan: \(caller.tasks.prefix(4).joined(separator: ", "))")
    page.summary = words.first ?? ""
    page.warnings = [caller.warning.map { "\($0.capitalizedFirst)." }].compactMap(\.self)
    page.sections = [
      .init("Sites", [.list(Array(words.dropFirst())), .figures(siteFigures)]),
      .init("False sites", [.text(falseWords), .figures(falseFigures(calls))]),
      .init("Known peaks", overlapBlocks),
      .init("Best sites", bestTables(calls)),
      .init(
        "Limits",
        [
          .list([
            "A site is a place where the model scores high. Whether a protein is bound there depends on chromatin too, which no "
              + "sequence tells.",
            "Sites of one task that share a base are one.",
          ])
        ]),
      reportFacts(
        names.origin,
        [("Rule", caller.rule.description), ("Window", "\(caller.windowLength) bases")]),
    ]
    return page
  }

  private var siteFigures: [ReportFigure] {
    let scores = zip(caller.tasks, outputs).filter { !$0.1.isEmpty }.map {
      ScoreClass($0.0, scores: $0.1.map(Double.init))
    }
    return [map.figure(title: "Sites along the sequences")]
      + (scores.isEmpty
        ? []
        : [
          .histogram(
            scores, xLabel: caller.objective.outputName, yLabel: "Share of sites",
            title: "Outputs of sites")
        ])
  }

  private var falseWords: String {
    guard outputs.contains(where: { !$0.isEmpty }) else { return "" }
    return caller.peakOdds.isEmpty
      ? "How many of the sites lie in peaks was never measured. The q-value is the false discovery rate if a genome were shuffled "
        + "sequence: it holds repeats and sites of other proteins besides, so more sites than that are false."
      : "The expected share of sites in no peak, among the best sites, judged by the part of the genome that training held out."
  }

  /// The false discovery rate, or the sites by chance, by the number of sites.
  private func falseFigures(_ calls: SiteCalls) -> [ReportFigure] {
    let curves = caller.tasks.indices.compactMap { task -> Curve? in
      let sorted = outputs[task].sorted(by: >)
      guard !sorted.isEmpty else { return nil }
      let points = (1...100).map { max(1, sorted.count * $0 / 100) }.compactMap {
        count -> (x: Double, y: Double)? in
        let output = sorted[count - 1]
        let rate =
          calls.falseShares.isEmpty
          ? calls.qValues.isEmpty ? nil : calls.qValues[task][output]
          : calls.falseShares[task][output]
        return rate.map { (Double(count), $0) }
      }
      return points.isEmpty ? nil : Curve(caller.tasks[task], points: points)
    }
    guard !curves.isEmpty else { return [] }
    let name = caller.peakOdds.isEmpty ? "q-value against shuffles" : "False discovery rate"
    return [
      .lines(
        title: "\(name) by the number of sites", xLabel: "Best sites", yLabel: name,
        curves: curves, yRange: 0...0)
    ]
  }

  /// What part of the sites lies in the given peaks, and of these at the sites, a line for each task; then what wasn't
  /// counted.
  var wordsOnPeaks: [String] {
    guard let any = overlaps.first else { return [] }
    let all = any.peakCount + any.outsideCount
    guard any.peakCount > 0 else {
      return [
        "none of the \(grouped(all)) given peaks lies in what was scanned, so they tell nothing"
      ]
    }
    let shares = zip(caller.tasks, overlaps).compactMap { task, overlap in
      overlap.curve().last.map {
        "\(task): \(percent($0.sitesInPeaks)) of \(grouped($0.sites)) sites overlap one of the \(grouped(overlap.peakCount)) given "
          + "peaks, and \(percent($0.peaksWithSite)) of the peaks overlap a site"
      }
    }
    guard any.outsideCount > 0 else { return shares }
    return shares + [
      "\(grouped(any.outsideCount)) of \(grouped(all)) given peaks lie outside what was scanned; they aren't counted"
    ]
  }

  private var overlapBlocks: [ReportBlock] {
    guard !overlaps.isEmpty else { return [] }
    return [.list(wordsOnPeaks)]
      + zip(caller.tasks, overlaps).flatMap { task, overlap -> [ReportBlock] in
        let points = overlap.curve()
        guard overlap.peakCount > 0, !points.isEmpty else { return [] }
        return [
          .figures([
            .lines(
              title: "\(task): sites and given peaks", xLabel: "Best sites", yLabel: "Share",
              curves: [
                Curve(
                  "sites in a peak", points: points.map { (Double($0.sites), $0.sitesInPeaks) }),
                Curve(
                  "peaks with a site", points: points.map { (Double($0.sites), $0.peaksWithSite) }),
              ], yRange: 0...1)
          ])
        ]
      }
  }

  private func bestTables(_ calls: SiteCalls) -> [ReportBlock] {
    let measures = measures(calls)
    let tables = zip(caller.tasks, best).filter { !$0.1.isEmpty }.map { task, sites in
      ReportBlock.table(
        ReportTable(
          header: [task, "Strand"] + measures.map(\.name),
          rows: sites.map { site in
            [
              "\(site.interval.sequence):\(grouped(site.interval.start + 1))-\(grouped(site.interval.end))",
              site.strand.rawValue,
            ] + measures.map { $0.text(site) ?? "–" }
          }))
    }
    return (caller.peakOdds.isEmpty || tables.isEmpty ? [] : [.text(Self.peakWords)]) + tables
  }

  private static let peakWords =
    "inPeak is the probability that the site lies in a peak. fdr is the expected share of sites in no peak, among all that "
    + "score as high."

  /// What tells sites apart, as far as the model knows it.
  private func measures(_ calls: SiteCalls) -> [(name: String, text: (BindingSite) -> String?)] {
    let caller = caller
    var measures: [(name: String, text: (BindingSite) -> String?)] = [
      (caller.objective.outputName, { figure(Double($0.output), 2) }),
      ("p-value", { caller.pValue(of: $0).map { figure($0, 2) } }),
    ]
    if caller.peakOdds.isEmpty {
      measures.append(("q-value", { calls.qValue(of: $0).map { figure($0, 2) } }))
    } else {
      measures.append(("inPeak", { caller.inPeak($0).map { figure($0, 4) } }))
      measures.append(("fdr", { caller.falseShare(of: $0, calls).map { figure($0, 4) } }))
    }
    return measures
  }
}
