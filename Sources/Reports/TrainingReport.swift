public import Genomics
public import Motifs

/// What training did and how well it went, as plain values, and the page that shows them.
public struct TrainingReport: Sendable {
  public var title: String
  /// One sentence under the title, such as the main result.
  public var summary = ""
  /// How the run was made: command, version, seed, and the like.
  public var facts: [(name: String, value: String)] = []
  public var metrics = Table()
  /// The examples of each class by the class that was predicted.
  public var confusion = Table()
  /// Simple rules beside the model, on the same data.
  public var baselines = Table()
  /// The trials of a search for hyper-parameters, the best ones first.
  public var trials = Table()
  /// How alike the classes of each side are.
  public var classes = Table()
  /// What sides have in common.
  public var leaks = Table()
  /// Receiver operating characteristics, `(false positive rate, true positive rate)`.
  public var rocCurves: [Curve] = []
  /// `(recall, precision)`.
  public var precisionRecallCurves: [Curve] = []
  /// The share of positives in the held-out data; `nil` if tasks differ.
  public var positiveFraction: Double?
  /// What was predicted and what came of it, in bins of probability.
  public var reliability: [ReliabilityPoint] = []
  /// Predicted against measured numbers, a plot a task.
  public var scatters: [ScatterPlot] = []
  /// `(epoch, loss)`.
  public var lossCurves: [Curve] = []
  /// The held-out scores, by class.
  public var scores: [ScoreClass] = []
  public var motifs: [MotifEntry] = []
  /// What became of the records of each input.
  public var ledgers: [Ledger] = []

  /// Rows of text under a header; the first column names the row.
  public struct Table: Sendable {
    public var header: [String]
    public var rows: [[String]]

    public init(header: [String] = [], rows: [[String]] = []) {
      self.header = header
      self.rows = rows
    }
  }

  /// A motif and a word about it.
  public struct MotifEntry: Sendable {
    public var motif: Motif
    public var note: String

    public init(_ motif: Motif, note: String = "") {
      self.motif = motif
      self.note = note
    }
  }

  public init(title: String) {
    self.title = title
  }

  /// The report as one HTML file that loads nothing and runs nothing; parts without content are
  /// left out.
  public func html() -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(title.escapedForHTML)</title>
    <style>
    \(reportStyle)
    </style>
    </head>
    <body>
    <header>
    <h1>\(title.escapedForHTML)</h1>
    \(summary.isEmpty ? "" : "<p>\(summary.escapedForHTML)</p>")
    </header>
    <main>
    \(section("Performance on held-out data", metrics.html + confusion.html + figures))
    \(section("Beside simple rules", baselines.html))
    \(section("Search", trials.html))
    \(section("Motifs", motifCards))
    \(section("Data", classes.html + leaks.html))
    \(section("Records", ledgerTable))
    \(section("Run", factList))
    </main>
    </body>
    </html>

    """
  }
}

extension TrainingReport {
  private static let mostScatters = 12

  private func section(_ heading: String, _ content: String) -> String {
    content.isEmpty ? "" : "<section>\n<h2>\(heading)</h2>\n\(content)</section>"
  }

  private var figures: String {
    var figures: [String] = []
    if !rocCurves.isEmpty { figures.append(rocCurveSVG(rocCurves)) }
    if !precisionRecallCurves.isEmpty {
      figures.append(
        precisionRecallSVG(precisionRecallCurves, positiveFraction: positiveFraction))
    }
    figures += scatters.prefix(Self.mostScatters).map { $0.svg() }
    if !reliability.isEmpty { figures.append(reliabilitySVG(reliability)) }
    if !scores.isEmpty { figures.append(histogramSVG(scores)) }
    if !lossCurves.isEmpty { figures.append(lossCurveSVG(lossCurves)) }
    guard !figures.isEmpty else { return "" }
    return "<div class=\"figures\">\n"
      + figures.map { "<figure>\n\($0)</figure>\n" }.joined() + "</div>\n"
  }

  private var motifCards: String {
    guard !motifs.isEmpty else { return "" }
    return "<div class=\"motifs\">\n" + motifs.map(\.html).joined() + "</div>\n"
  }

  private var ledgerTable: String {
    guard !ledgers.isEmpty else { return "" }
    let rows = ledgers.map { ledger in
      let dropped = ledger.dropped.map { "\($0.count) \($0.reason)" }.joined(separator: "; ")
      return [ledger.source, "\(ledger.used)", "\(ledger.total)", dropped.isEmpty ? "–" : dropped]
    }
    return Table(header: ["Input", "Used", "Of", "Dropped, and why"], rows: rows).html
  }

  private var factList: String {
    guard !facts.isEmpty else { return "" }
    let items = facts.map { fact in
      "<dt>\(fact.name.escapedForHTML)</dt><dd>\(fact.value.escapedForHTML)</dd>\n"
    }
    return "<dl>\n\(items.joined())</dl>\n"
  }
}

extension TrainingReport.Table {
  /// Nothing if there are no rows.
  fileprivate var html: String {
    guard !rows.isEmpty else { return "" }
    let head = header.map { "<th scope=\"col\">\($0.escapedForHTML)</th>" }.joined()
    let body = rows.map { row in
      let name = row.prefix(1).map { "<th scope=\"row\">\($0.escapedForHTML)</th>" }.joined()
      let values = row.dropFirst().map { "<td>\($0.escapedForHTML)</td>" }.joined()
      return "<tr>\(name)\(values)</tr>\n"
    }
    return """
      <div class="table">
      <table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body.joined())</tbody>
      </table>
      </div>

      """
  }
}

extension TrainingReport.MotifEntry {
  fileprivate var html: String {
    let name = motif.name.escapedForHTML
    let alternateName = motif.alternateName.map { " <small>\($0.escapedForHTML)</small>" } ?? ""
    let sites = motif.siteCount.map { "\($0) sites" }
    let notes = [sites, note.isEmpty ? nil : note].compactMap { $0?.escapedForHTML }
    return """
      <article>
      <h3>\(name)\(alternateName)</h3>
      \(logoSVG(motif.probabilities, title: "Sequence logo of \(motif.name)"))\
      <p>\(notes.joined(separator: " · "))</p>
      </article>

      """
  }
}
