import Reports
import Testing

@Suite struct ScatterPlotTests {
  private func svg(_ points: [(x: Double, y: Double)]) -> String {
    ScatterPlot(title: "t <a>", xLabel: "Measured", yLabel: "Predicted", points: points).svg()
  }

  /// The plot's corners are (58, 290) and (464, 38): by hand, (0.5, 0.5) is (261, 164).
  @Test func placesPointsAndTheLine() {
    let text = svg([(0, 1), (0.5, 0.5), (1, 0), (.nan, 0.2)])
    for place in ["cx=\"58\" cy=\"38\"", "cx=\"261\" cy=\"164\"", "cx=\"464\" cy=\"290\""] {
      #expect(text.contains(place))
    }
    #expect(text.contains("d=\"M58 290L464 38\"") && text.contains(">3 examples</text>"))
    #expect(text.matches(of: /<circle[^>]* r="2"/).count == 3 && isWellFormed(text))
  }

  @Test func manyPointsAreThinned() {
    let text = svg((0..<9000).map { (Double($0), Double($0 % 7)) })
    #expect(
      text.matches(of: /<circle[^>]* r="2"/).count == 3000 && text.contains(">3000 of 9000</text>"))
  }

  @Test func noPointsAreNoCrash() {
    #expect(isWellFormed(svg([])))
    #expect(isWellFormed(svg([(5, 900)])))
  }

  /// Long numbers are written with a power of ten, short ones as they are.
  @Test(arguments: [
    (3e-6, "3.0e-6"), (12_345_678, "1.2e7"), (-4e-7, "-4.0e-7"), (120_000, "120000"),
  ])
  func labelsStayShort(value: Double, label: String) {
    let text = svg([(value, value), (value * 1.25, value * 1.25)])
    let labels = text.matches(of: /text-anchor="end">([^<]*)</).map { String($0.1) }
    #expect(labels.contains(label), "\(labels)")
    #expect(labels.allSatisfy { $0.count <= 7 })
  }
}
