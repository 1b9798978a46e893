import Genomics
import Motifs
import Reports
import Testing

@Suite struct TrainingReportTests {
  /// A report whose every text is `text`.
  private func report(text: String) -> TrainingReport {
    let motif = Motif(
      name: text, alternateName: text,
      probabilities: ProbabilityMatrix(columns: [[1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]])!,
      siteCount: 412, url: text)
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
    report.reliability = [ReliabilityPoint(predicted: 0.5, observed: 0.5, count: 3)]
    report.rocCurves = [Curve(text, points: [(0, 0), (1, 1)])]
    report.precisionRecallCurves = report.rocCurves
    report.positiveFraction = 0.5
    report.lossCurves = report.rocCurves
    report.scores = [ScoreClass(text, scores: [0, 1])]
    report.motifs = [TrainingReport.MotifEntry(motif, note: text)]
    report.ledgers = [ledger]
    return report
  }

  /// The page is also XML but for its doctype and the void elements `meta`.
  private func isWellFormedPage(_ html: String) -> Bool {
    isWellFormed(
      html.replacing("<!DOCTYPE html>\n", with: "").replacing(/<meta [^>]*>/, with: ""))
  }

  @Test func showsEverything() {
    let html = report(text: "CTCF").html()
    #expect(isWellFormedPage(html))
    #expect(html.count(of: "<svg ") == 6)
    #expect(html.count(of: "<table>") == 6)
    for text in [
      "<h1>CTCF</h1>", "<h2>Motifs</h2>", "412 sites", "<td>498</td><td>500</td><td>2 CTCF</td>",
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
    for markup in ["<script", "<link", "<img", "url(", "@import", " src=", " href="] {
      #expect(!html.contains(markup))
    }
    let addresses = html.matches(of: /https?:[^"\s]*/).map { String($0.0) }
    #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
  }

  @Test func leavesOutWhatIsNotThere() {
    let html = TrainingReport(title: "empty").html()
    #expect(isWellFormedPage(html))
    #expect(!html.contains("<section>") && !html.contains("<p>"))
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
