internal import Genomics
internal import GenomicsIO
internal import Glibc
internal import Inference
internal import Models
internal import Networks
internal import Tensors

/// The format of sites, which follows from the ending of the output.
enum SiteFormat {
  /// BED with documented columns behind the sixth.
  case table
  /// What browsers draw, without a header.
  case narrowPeak
  /// BED of nine columns with colours, behind a line that makes browsers draw them.
  case bed9

  init(path: String) {
    let name = path.lowercased()
    func ends(in endings: String...) -> Bool {
      endings.contains { ending in ["", ".gz", ".bgz"].contains { name.hasSuffix(ending + $0) } }
    }
    self = ends(in: ".narrowpeak") ? .narrowPeak : ends(in: ".bed9", ".bed9.bed") ? .bed9 : .table
  }
}

/// Writes the sites among placed candidates as BED with documented columns, and an index where the file is
/// compressed.
struct SiteWriter: ~Copyable {
  private let caller: SiteCaller
  private let origin: OutputOrigin
  private let format: SiteFormat
  private var file: IndexedOutput
  private var selector: SiteSelector
  /// What is called, once `begin` knows it.
  private(set) var calls: SiteCalls
  private var best: BestSites?
  /// The sites of each task.
  private var counts: [SiteTally]
  /// What collects the sites for a report, if there is one.
  var report: ScanReport?
  /// All sites, if they are collected.
  var collected: [BindingSite]?

  /// Eleven: bedtools takes twelve columns for BED12, and refuses a probability as its `thickStart`.
  static let columns =
    "#chrom\tstart\tend\tname\tscore\tstrand\tprobability\tlogit\tpvalue\tqvalue\twindowStart"
  /// What follows if it is known how sites lie in peaks: thirteen in all.
  static let peakColumns = "\tinPeak\tfdr"

  private static let header = """
    # chrom start end: the bases that the score comes from; name: the task; strand: of those bases
    # pvalue: the chance that a window of background sequence (dinucleotide shuffles, which hold no tandem repeats) \
    scores as high
    # qvalue: the least false discovery rate, over all windows scanned, at which the window is called

    """

  init(path: String, caller: SiteCaller, origin: OutputOrigin, replacing: Bool) throws {
    (self.caller, self.origin) = (caller, origin)
    format = SiteFormat(path: path)
    counts = caller.tasks.map { _ in SiteTally() }
    file = try IndexedOutput(path: path, layout: .bed, replacing: replacing)
    calls = SiteCalls(rule: caller.rule)
    selector = SiteSelector(slack: caller.windowLength)
    best = caller.top.map { BestSites($0, taskCount: caller.tasks.count) }
  }

  /// Opens the output of a scan, which gathers what a report, peaks and a hub need.
  ///
  /// - Parameter peaks: What sites are held against; `nil` for nothing.
  init(_ command: ScanCommand, _ caller: SiteCaller, of scanned: ScannedNames, peaks: [Peak]?)
    throws
  {
    try self.init(
      path: command.output ?? "-", caller: caller, origin: scanned.origin,
      replacing: command.force.force)
    if command.reportOption.report != nil || peaks != nil {
      report = ScanReport(caller, of: scanned, peaks: peaks)
    }
    if command.hub != nil { collected = [] }
  }

  /// Writes the header, once the windows of the whole scan are counted.
  ///
  /// - Parameters:
  ///   - counts: Those of windows, one per task, or none.
  ///   - candidates: The same, of windows that none near them outscores.
  mutating func begin(counts: [OutputCounts], candidates: [OutputCounts]) throws {
    calls = SiteCalls(caller, counts: counts, candidates: candidates)
    guard format == .table else {
      return try file.write(format == .bed9 ? caller.trackLine : "")
    }
    let windows = counts.first.map { " in \(grouped($0.total)) windows" } ?? ""
    try file.write("\(origin.comment)# sites: \(caller.rule.description)\(windows)\n")
    let score =
      caller.objective.givesProbabilities
      ? "1000 times the probability; probability, logit:"
      : "-10 log10 of the p-value, at most 1000; probability, logit: both the number"
    try file.write(Self.header)
    try file.write(caller.priorHeader)
    try file.write(caller.peakHeader)
    if let warning = caller.warning { try file.write("# warning: \(warning)\n") }
    try file.write(
      "# score: \(score) of the window, \(caller.windowLength) bases from windowStart\n"
        + "\(caller.columns)\n")
  }

  /// Takes a placed site that is called, in order of windows or of places.
  mutating func add(_ site: BindingSite) throws {
    for kept in selector.add(site) { try keep(kept) }
  }

  /// Ends the writing, and makes the index.
  ///
  /// - Returns: The sites of each task, counted, and collected for the report and otherwise.
  consuming func finish(
    longestSequence: Int, in transaction: inout OutputTransaction
  ) throws -> (counts: [SiteTally], report: ScanReport?, sites: [BindingSite]) {
    for kept in selector.finish() { try keep(kept) }
    for site in best?.inOrder ?? [] { try write(site) }
    let found = (counts: counts, report: report, sites: collected ?? [])
    try file.finish(longest: longestSequence, in: &transaction)
    return found
  }

  private mutating func keep(_ site: BindingSite) throws {
    if best == nil { try write(site) } else { best?.add(site) }
  }

  private mutating func write(_ site: BindingSite) throws {
    switch format {
    case .table: try file.write(caller.line(of: site, calls))
    case .narrowPeak: try file.write(caller.narrowPeakLine(of: site, calls))
    case .bed9: try file.write(caller.browserLine(of: site, calls))
    }
    counts[site.task].add(site, odds: caller.peakOdds)
    report?.add(site)
    collected?.append(site)
  }
}

/// Which windows are called, and at what q-value, when all of them are counted.
struct SiteCalls: Sendable {
  let rule: SiteRule
  /// One per task, or none.
  var qValues: [QValues] = []
  /// One per task, or none.
  var falseShares: [FalseShares] = []

  init(rule: SiteRule) { self.rule = rule }

  /// - Parameters:
  ///   - counts: Those of windows, one per task, or none.
  ///   - candidates: The same, of windows that none near them outscores.
  init(_ caller: SiteCaller, counts: [OutputCounts], candidates: [OutputCounts]) {
    rule = caller.rule
    falseShares = zip(candidates, caller.peakOdds).map(FalseShares.init)
    // Thresholds laxer than the rule don't count.
    var least = caller.leastOutputs
    if case .fdr(let rate) = rule {
      least = zip(least, falseShares).map { max($0, $1.leastOutput(atRate: rate) ?? .infinity) }
    }
    qValues = zip(counts, least).map { QValues($0, from: $1) }
  }

  /// Whether a candidate's output makes it a site.
  func isSite(task: Int, output: Float) -> Bool {
    switch rule {
    case .fdr(let rate): falseShares[task][output] <= rate
    case .qValue(let value): qValues[task][output] <= value
    case .pValue, .threshold: true
    }
  }

  func qValue(of site: BindingSite) -> Double? {
    qValues.isEmpty ? nil : qValues[site.task][site.output]
  }

}

extension SiteCaller {
  /// The names of the columns.
  var columns: String { SiteWriter.columns + (peakOdds.isEmpty ? "" : SiteWriter.peakColumns) }

  /// Which balance of windows probabilities hold for; nothing if there are none.
  fileprivate var priorHeader: String {
    guard objective.givesProbabilities else { return "" }
    return
      "# probability: if this share of the windows is bound: \(priorWords(priors, tasks: tasks)); "
      + (peakOdds.isEmpty ? "--prior sets another" : "inPeak is the one that holds for the genome")
      + "\n"
  }

  /// What the columns on peaks mean; nothing if there are none.
  fileprivate var peakHeader: String {
    guard let odds = peakOdds.first else { return "" }
    let peaks = zip(tasks, peakOdds).map {
      grouped($1.peaks) + (tasks.count == 1 ? "" : " of \($0.tableField)")
    }
    return """
      # inPeak: the probability that the site lies in a peak, where peaks are as frequent as on the \
      \(grouped(odds.bases)) bases that training held out (peaks: \(peaks.joined(separator: ", ")))
      # fdr: the expected share of sites in no peak, among all of this scan that score as high

      """
  }

  /// The line of a site.
  ///
  /// - Parameter calls: Of a shard, whose rates aren't known yet, those of no window.
  func line(of site: BindingSite, _ calls: SiteCalls) -> String {
    let prediction = objective.prediction(site.output)
    let fields =
      [
        site.interval.sequence.tableField, "\(site.interval.start)", "\(site.interval.end)",
        tasks[site.task].tableField, "\(score(of: site))", site.strand.rawValue,
        "\(prediction)",
        "\(site.output)", pValue(of: site).map { "\(Float($0))" } ?? ".",
        calls.qValue(of: site).map { "\(Float($0))" } ?? ".", "\(site.window.lowerBound)",
      ] + peakFields(of: site, calls)
    return fields.joined(separator: "\t") + "\n"
  }

  /// `nil` if there is no background.
  func pValue(of site: BindingSite) -> Double? {
    background.isEmpty ? nil : background[site.task].pValue(of: site.output)
  }

  /// The probability that a site lies in a peak; `nil` if too few peaks were held out to say.
  func inPeak(_ site: BindingSite) -> Double? {
    guard !peakOdds.isEmpty, peakOdds[site.task].isKnown else { return nil }
    return peakOdds[site.task].probability(ofOutput: site.output)
  }

  /// The expected share of sites in no peak among all that score as high; `nil` if that isn't known.
  func falseShare(of site: BindingSite, _ calls: SiteCalls) -> Double? {
    guard !calls.falseShares.isEmpty, peakOdds[site.task].isKnown else { return nil }
    return calls.falseShares[site.task][site.output]
  }

  /// 1000 times the probability; -10 log10 of the p-value, at most 1000, of models without probabilities.
  func score(of site: BindingSite) -> Int {
    let score =
      objective.givesProbabilities
      ? 1000 * Double(objective.prediction(site.output))
      : min(1000, -10 * log10(pValue(of: site) ?? 1))
    return Int(score.rounded())
  }

  /// The line of a site as narrowPeak: signalValue is the output, pValue and qValue are -log10, and the peak is the middle.
  func narrowPeakLine(of site: BindingSite, _ calls: SiteCalls) -> String {
    func log(_ value: Double?) -> String {
      value.map { "\(Float(min(1000, -log10(max($0, 1e-300)))))" } ?? "-1"
    }
    let fields: [String] = [
      site.interval.sequence.tableField, "\(site.interval.start)", "\(site.interval.end)",
      tasks[site.task].tableField, "\(score(of: site))", site.strand.rawValue, "\(site.output)",
      log(pValue(of: site)), log(calls.qValue(of: site)), "\(site.interval.length / 2)",
    ]
    return fields.joined(separator: "\t") + "\n"
  }

  /// What makes the browser of UCSC draw the colours of BED9.
  fileprivate var trackLine: String {
    let label = tasks.joined(separator: ", ").tableField.filter { $0 != "\"" }
    return
      "track name=\"\(label.prefix(15))\" description=\"\(label.prefix(54)) sites\" itemRgb=\"On\"\n"
  }

  /// The line of a site as BED9.
  fileprivate func browserLine(of site: BindingSite, _ calls: SiteCalls) -> String {
    let place = [
      site.interval.sequence.tableField, "\(site.interval.start)", "\(site.interval.end)",
    ]
    return (place + browserFields(of: site, calls).prefix(6)).joined(separator: "\t") + "\n"
  }

  private func peakFields(of site: BindingSite, _ calls: SiteCalls) -> [String] {
    guard !peakOdds.isEmpty else { return [] }
    return [inPeak(site), falseShare(of: site, calls)].map { value in
      value.map { "\(Float($0))" } ?? "."
    }
  }
}

/// The sites of a task, counted.
struct SiteTally {
  private(set) var count = 0
  /// The number of them that are expected in no peak, if that is known.
  private(set) var expectedFalse = 0.0
  /// The least output of a site.
  private(set) var leastOutput = Float.infinity
  private(set) var greatestOutput = -Float.infinity

  mutating func add(_ site: BindingSite, odds: [PeakOdds]) {
    count += 1
    leastOutput = min(leastOutput, site.output)
    greatestOutput = max(greatestOutput, site.output)
    if !odds.isEmpty { expectedFalse += 1 - odds[site.task].probability(ofOutput: site.output) }
  }
}

/// The sites with the highest outputs of each task, so many; of equal ones the first.
private struct BestSites {
  private let limit: Int
  /// For each task its sites with their numbers.
  private var kept: [[(number: Int, site: BindingSite)]]
  private var number = 0

  init(_ limit: Int, taskCount: Int) {
    self.limit = limit
    kept = Array(repeating: [], count: taskCount)
  }

  mutating func add(_ site: BindingSite) {
    kept[site.task].append((number, site))
    number += 1
    if kept[site.task].count >= 2 * limit { prune(site.task) }
  }

  var inOrder: [BindingSite] {
    mutating get {
      for task in kept.indices { prune(task) }
      return kept.joined().sorted { $0.number < $1.number }.map(\.site)
    }
  }

  private mutating func prune(_ task: Int) {
    kept[task].sort { (-$0.site.output, $0.number) < (-$1.site.output, $1.number) }
    kept[task].removeLast(max(0, kept[task].count - limit))
  }
}
