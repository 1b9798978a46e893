import Foundation
import FoundationXML
import Reports
import Testing

/// Whether a text is well-formed XML, by Foundation's parser.
func isWellFormed(_ xml: String) -> Bool {
  XMLParser(data: Data(xml.utf8)).parse()
}

let hostile = "<script>alert('1')</script> & \"x\" \u{0}\u{1b}[31m\u{202e}\u{7}"

@Suite struct PlotTests {
  let diagonal = Curve("a", points: [(0, 0), (0.5, 0.5), (1, 1)])

  /// The plot's corners are (58, 290) and (464, 38): by hand, the middle is (261, 164).
  @Test func placesPointsOnTheAxes() {
    let svg = rocCurveSVG([diagonal])
    #expect(svg.contains("d=\"M58 290L261 164L464 38\" fill=\"none\" stroke=\"#0072b2\""))
    for label in ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"] {
      #expect(svg.contains(">\(label)</text>"))
    }
    #expect(svg.contains("role=\"img\"") && svg.contains("<title>ROC curve</title>"))
    #expect(svg.contains(">chance</text>"))
  }

  /// The larger bin has radius 14, one of a quarter of its examples half of that.
  @Test func reliabilityShowsCounts() {
    let svg = reliabilitySVG([
      ReliabilityPoint(predicted: 0, observed: 0.5, count: 100),
      ReliabilityPoint(predicted: 1, observed: 1, count: 25),
    ])
    #expect(svg.contains("<circle cx=\"58\" cy=\"164\" r=\"14\""))
    #expect(svg.contains("<circle cx=\"464\" cy=\"38\" r=\"7\""))
    #expect(svg.contains("d=\"M58 164L464 38\"") && isWellFormed(svg))
  }

  /// Ranges widened by hand to whole steps of 1, 2 or 5 times a power of 10.
  @Test(arguments: [
    ([0.13, 0.87], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ([-3, 12], ["-5", "0", "5", "10", "15"]),
    ([5, 5], ["4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6"]),
    ([0.00011, 0.00019], ["0.00010", "0.00012", "0.00014", "0.00016", "0.00018", "0.00020"]),
    ([.nan, .infinity], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
  ])
  func ticksAreRoundNumbers(values: [Double], expected: [String]) {
    let curve = Curve("a", points: values.map { (x: 0, y: $0) })
    let svg = LinePlot(title: "t", xLabel: "x", yLabel: "y", curves: [curve]).svg()
    let labels = svg.matches(of: /text-anchor="end">([^<]*)</).map { String($0.1) }
    #expect(labels == expected)
  }

  @Test func aPointThatIsNotFiniteLeavesAGap() {
    let points: [(x: Double, y: Double)] = [(0, 0), (1, 1), (2, .nan), (3, 1), (4, 0)]
    let svg = lossCurveSVG([Curve("a", points: points)])
    let path = svg.firstMatch(of: /d="([^"]*)" fill="none" stroke="#0072b2"/)?.1
    #expect(path?.count { $0 == "M" } == 2)
  }

  /// A curve of 100,000 points is no larger than the screen can show, and still ends at its end.
  @Test func thinsLongCurves() {
    let points = (0...100_000).map { (x: Double($0) / 1e5, y: Double($0) / 1e5) }
    let svg = rocCurveSVG([Curve("a", points: points)])
    #expect(svg.utf8.count < 40_000)
    #expect(svg.contains("L464 38\" fill=\"none\" stroke=\"#0072b2\""))
  }

  /// Two of four scores below the middle, by hand: shares of 0.5, so bars reach the same height.
  @Test func histogramShowsSharesOfAClass() {
    let svg = histogramSVG(
      [ScoreClass("few", scores: [0, 1]), ScoreClass("many", scores: [0, 0, 1, 1, .nan])],
      binCount: 2)
    let paths = svg.matches(of: /d="([^"]*)" fill="#/).map { String($0.1) }
    #expect(paths.count == 2 && paths[0] == paths[1])
    #expect(paths[0].hasPrefix("M58 290V38H261V38H464"))
  }

  @Test func emptyPlotsAreStillPlots() {
    #expect(isWellFormed(rocCurveSVG([])))
    #expect(isWellFormed(lossCurveSVG([Curve("a", points: [])])))
    #expect(isWellFormed(histogramSVG([])))
    #expect(isWellFormed(histogramSVG([ScoreClass("a", scores: [])])))
  }

  @Test func namesAreEscaped() {
    let curves = (0..<30).map { Curve("\(hostile)\($0)", points: [(0, 0), (1, 1)]) }
    for svg in [
      rocCurveSVG(curves, title: hostile),
      precisionRecallSVG(curves, positiveFraction: 0.5, title: hostile),
      lossCurveSVG(curves, title: hostile),
      histogramSVG([ScoreClass(hostile, scores: [1])], xLabel: hostile, title: hostile),
    ] {
      #expect(isWellFormed(svg))
      #expect(!svg.contains("<script"))
    }
  }
}
