internal import Genomics
internal import GenomicsIO
internal import Glibc
internal import Inference
internal import Models
internal import Networks
internal import Tensors

/// Writes the sites among placed candidates as BED with documented columns, and an index where the file is
/// compressed.
struct SiteWriter: ~Copyable {
  private let caller: SiteCaller
  private var file: IndexedOutput
  private var selector: SiteSelector
  /// What is called, once `begin` knows it.
  private(set) var calls: SiteCalls
  private var best: BestSites?
  /// The sites of each task.
  private var counts: [Int]

  /// Eleven: bedtools takes twelve columns for BED12, and refuses a probability as its `thickStart`.
  static let columns =
    "#chrom\tstart\tend\tname\tscore\tstrand\tprobability\tlogit\tpvalue\tqvalue\twindowStart\n"

  private static let header = """
    # chrom start end: the bases that the score comes from; name: the task; strand: of those bases
    # pvalue: the chance that a window of background sequence (dinucleotide shuffles) scores as high
    # qvalue: the least false discovery rate, over all windows scanned, at which the window is called

    """

  init(path: String, caller: SiteCaller, replacing: Bool) throws {
    self.caller = caller
    counts = caller.tasks.map { _ in 0 }
    file = try IndexedOutput(path: path, layout: .bed, replacing: replacing)
    calls = SiteCalls(rule: caller.rule, qValues: [])
    selector = SiteSelector(slack: caller.windowLength)
    best = caller.top.map { BestSites($0, taskCount: caller.tasks.count) }
  }

  /// Writes the header, once the windows of the whole scan are counted.
  ///
  /// - Parameter counts: One per task, or none.
  mutating func begin(counts: [OutputCounts]) throws {
    calls = SiteCalls(rule: caller.rule, qValues: counts.map(QValues.init))
    let windows = counts.first.map { " in \(grouped($0.total)) windows" } ?? ""
    try file.write("# seqcnn \(programVersion) scan: \(caller.rule.description)\(windows)\n")
    let score =
      caller.objective.givesProbabilities
      ? "1000 times the probability; probability, logit:"
      : "-10 log10 of the p-value, at most 1000; probability, logit: both the number"
    try file.write(Self.header)
    try file.write(
      "# score: \(score) of the window, \(caller.windowLength) bases from windowStart\n\(Self.columns)"
    )
  }

  /// Takes a placed site that is called, in order of windows or of places.
  mutating func add(_ site: BindingSite) throws {
    for kept in selector.add(site) { try keep(kept) }
  }

  /// Ends the writing, and makes the index.
  ///
  /// - Returns: The number of sites of each task.
  consuming func finish(
    longestSequence: Int, in transaction: inout OutputTransaction
  ) throws -> [Int] {
    for kept in selector.finish() { try keep(kept) }
    for site in best?.inOrder ?? [] { try write(site) }
    let counts = counts
    try file.finish(longest: longestSequence, in: &transaction)
    return counts
  }

  private mutating func keep(_ site: BindingSite) throws {
    if best == nil { try write(site) } else { best?.add(site) }
  }

  private mutating func write(_ site: BindingSite) throws {
    try file.write(
      caller.line(of: site, qValue: calls.qValue(of: site).map { "\(Float($0))" } ?? "."))
    counts[site.task] += 1
  }
}

/// Which windows are called, and at what q-value, when all of them are counted.
struct SiteCalls: Sendable {
  let rule: SiteRule
  /// One per task, or none.
  let qValues: [QValues]

  /// Whether a candidate's output makes it a site.
  func isSite(task: Int, output: Float) -> Bool {
    guard case .fdr(let rate) = rule else { return true }
    return qValues[task][output] <= rate
  }

  func qValue(of site: BindingSite) -> Double? {
    qValues.isEmpty ? nil : qValues[site.task][site.output]
  }
}

extension SiteCaller {
  /// The line of a site.
  func line(of site: BindingSite, qValue: String) -> String {
    let prediction = objective.prediction(site.output)
    let pValue = background.isEmpty ? nil : background[site.task].pValue(of: site.output)
    let score =
      objective.givesProbabilities
      ? 1000 * Double(prediction) : min(1000, -10 * log10(pValue ?? 1))
    let fields = [
      site.interval.sequence.tableField, "\(site.interval.start)", "\(site.interval.end)",
      tasks[site.task].tableField, "\(Int(score.rounded()))", site.strand.rawValue, "\(prediction)",
      "\(site.output)", pValue.map { "\(Float($0))" } ?? ".", qValue, "\(site.window.lowerBound)",
    ]
    return fields.joined(separator: "\t") + "\n"
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
