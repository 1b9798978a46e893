import Genomics
import Motifs
import Reports
import Testing

@Suite struct TrainingReportTests {
  /// A report whose every text is `text`.
  private func report(text: String, tasks: Int = 1) -> TrainingReport {
    var ledger = Ledger(source: text)
    ledger.use(498)
    ledger.drop(text, count: 2)
    var report = TrainingReport(title: text)
    report.summary = text
    report.facts = [(text, text)]
    report.metrics = TrainingReport.Table(header: [text, text], rows: [[text, text], [text]])
    report.baselines = report.metrics
    report.trials = report.metrics
    report.classes = report.metrics
    report.leaks = report.metrics
    report.warnings = [text]
    report.split = text
    report.motifNote = text
    report.limits = [text]
    report.references = [text]
    let task = panels(text: text)
    report.lossCurves = task.rocCurves
    report.tasks = [TrainingReport.TaskPanels](repeating: task, count: tasks)
    report.ledgers = [ledger]
    return report
  }

  private func panels(text: String) -> TrainingReport.TaskPanels {
    var task = TrainingReport.TaskPanels(name: text)
    task.summary = text
    task.reliability = [ReliabilityPoint(predicted: 0.5, observed: 0.5, count: 3)]
    task.rocCurves = [Curve(text, points: [(0, 0), (1, 1)])]
    task.precisionRecallCurves = task.rocCurves
    task.positiveFraction = 0.5
    task.scores = [ScoreClass(text, scores: [0, 1])]
    task.scatter = ScatterPlot(title: text, xLabel: text, yLabel: text, points: [(1, 2)])
    task.motifs = [motifCard(text: text)]
    var track = SequenceTrack(codes: [0, 1, 2, 3, 4], contributions: [1, -1, 0.5, 0.2, 0])
    track.marks = [(1..<3, text)]
    task.sequences = [(text, [.contributions(track, title: text)])]
    return task
  }

  private func motifCard(text: String) -> MotifCard {
    let motif = Motif(
      name: text, alternateName: text,
      probabilities: ProbabilityMatrix(columns: [[1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]])!,
      siteCount: 412, url: text)
    return MotifCard(
      heading: text, motif: motif,
      match: .init(
        name: text, matrix: motif.probabilities,
        alignment: MotifAlignment(offset: 1, strand: .reverse)),
      notes: [text], offsets: [-3, 0, 4], length: 101)
  }

  /// The page is also XML but for its doctype and the void elements `meta`.
  private func isWellFormedPage(_ html: String) -> Bool {
    isWellFormed(
      html.replacing("<!DOCTYPE html>\n", with: "").replacing(/<meta [^>]*>/, with: ""))
  }

  @Test func showsEverything() {
    let html = report(text: "CTCF").html()
    #expect(isWellFormedPage(html))
    // Five plots of the task, the loss, a motif on both strands with its positions, a sequence, and the letters.
    #expect(html.count(of: "<svg ") == 11)
    #expect(html.count(of: "<table>") == 6)
    for text in [
      "<h1>CTCF</h1>", "<h2>Motifs</h2>", "<h2>Limits</h2>",
      "<td>498</td><td>500</td><td>2 CTCF</td>",
      "<dt>CTCF</dt><dd>CTCF</dd>",
    ] {
      #expect(html.contains(text))
    }
  }

  @Test func hostileNamesStayText() {
    let html = report(text: hostile).html()
    #expect(isWellFormedPage(html))
    #expect(!html.contains("<script"))
    #expect(
      html.contains("<h1>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;"))
    #expect(html.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 && $0 != "\u{202e}" })
  }

  @Test func loadsNothingAndRunsNothing() {
    let html = report(text: "CTCF").html()
    for markup in ["<script", "<link", "<img", "url(", "@import", " src="] {
      #expect(!html.contains(markup))
    }
    // Letters refer to their outlines on the page.
    #expect(html.matches(of: /href="([^"]*)"/).allSatisfy { $0.1.hasPrefix("#base") })
    let addresses = html.matches(of: /https?:[^"\s]*/).map { String($0.0) }
    #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
  }

  /// Each letter's outline stands once, and every reference has its outline.
  @Test func lettersShareTheirOutlines() {
    let html = report(text: "CTCF").html()
    let drawn = Set(html.matches(of: /href="#(base.)"/).map { $0.1 })
    #expect(drawn == ["base0", "base1", "base2", "base3"])
    for base in drawn { #expect(html.count(of: "id=\"\(base)\"") == 1) }
    #expect(html.count(of: "fill=\"#109648\"") == 1)
  }

  /// Several tasks have all panels each, folded under their names.
  @Test func everyTaskHasItsPanels() {
    let html = report(text: "CTCF", tasks: 5).html()
    #expect(isWellFormedPage(html))
    #expect(html.count(of: "<title>ROC curve, CTCF</title>") == 5)
    #expect(html.count(of: "<title>Reliability, CTCF</title>") == 5)
    // Performance, motifs and sequences; the first three stand open.
    #expect(html.count(of: "<summary>CTCF: CTCF</summary>") == 15)
    #expect(html.count(of: "<details open=\"\">") == 9)
  }

  /// The numbers of figures, a line per point; names can't break lines.
  @Test func numbersStandBeside() {
    let table = report(text: "a\tb\n").numbers().split(separator: "\n")
    #expect(table[0] == "figure\tseries\tx\ty")
    #expect(table.allSatisfy { $0.split(separator: "\t").count == 4 })
    #expect(table.contains { $0.hasPrefix("ROC curve\t") && $0.hasSuffix("\t1.0\t1.0") })
    #expect(table.count { $0.hasPrefix("Positions of ") } == 31)
  }

  @Test func leavesOutWhatIsNotThere() {
    let html = TrainingReport(title: "empty").html()
    #expect(isWellFormedPage(html))
    #expect(!html.contains("<section>") && !html.contains("<p>") && !html.contains("<svg"))
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
