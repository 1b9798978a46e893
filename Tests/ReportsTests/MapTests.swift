import Genomics
import Motifs
import Reports
import Testing

@Suite struct MapTests {
  /// Counted by hand: two sites in the first stretch of 2 bases, one in the last of `b`; one on no known sequence.
  @Test func chromosomeMapCountsSites() {
    var map = ChromosomeMap([(name: "a", length: 300), (name: "b<i>", length: 100)])
    for (sequence, position) in [("a", 0), ("a", 1), ("b<i>", 99), ("c", 5)] {
      map.add(sequence: sequence, position: position)
    }
    var page = ReportPage(title: "t")
    page.sections = [.init("s", [.figures([map.figure(title: "m")])])]
    let rows = page.numbers().split(separator: "\n").filter { !$0.hasSuffix("\t0.0") }
    #expect(rows.dropFirst() == ["m\ta\t0.0\t2.0", "m\tb<i>\t98.0\t1.0"])
    #expect(page.html().contains("b&lt;i&gt;") && !page.html().contains("<i>"))
  }

  /// Names that would overprint stand below each other; letters are as high as the range of several maps asks for.
  @Test func namesOfStretchesKeepApart() throws {
    var track = SequenceTrack(
      codes: [UInt8](repeating: 0, count: 30), contributions: [Float](repeating: 5, count: 30))
    track.marks = [(0..<6, "first"), (2..<8, "second"), (20..<26, "third")]
    func svg(_ track: SequenceTrack) -> String {
      var page = ReportPage(title: "t")
      page.sections = [.init("s", [.figures([.contributions(track, title: "m")])])]
      return page.html()
    }
    let heights = try ["first", "second", "third"].map { name in
      svg(track).firstMatch(of: try Regex("y=\"([0-9.]+)\" [^>]*>\(name)<"))
        .flatMap { $0.output[1].substring.flatMap { Double($0) } }
    }
    #expect(heights[0] == heights[2] && heights[1] == heights[0].map { $0 + 22 })
    track.range = 0...7
    #expect(svg(track).contains(">7</text>") && !svg(track).contains(">5</text>"))
  }

  /// A bar as high as its share of the highest: 4 sites in the middle are 36 pixels, 2 are 18.
  @Test func positionsAreBars() {
    let motif = Motif(name: "m", probabilities: ProbabilityMatrix(columns: [[1, 0, 0, 0]])!)
    let card = MotifCard(
      heading: "m", motif: motif, match: nil, notes: [], offsets: [0, 0, 0, 0, 12, 12],
      length: 31)
    var page = ReportPage(title: "t")
    page.sections = [.init("s", [.motifs([card])])]
    #expect(page.html().contains("v-36h") && page.html().contains("v-18h"))
    let rows = page.numbers().split(separator: "\n").filter { !$0.hasSuffix("\t0.0") }
    #expect(
      rows.dropFirst() == [
        "Logo of m\tA\t1.0\t1.0", "Positions of m\tsites\t0.0\t4.0",
        "Positions of m\tsites\t12.0\t2.0",
      ])
  }

  /// The match's columns stand under those that they align with: of a query that begins one column after the target, on the
  /// reverse strand, the first letter stands under the second of three.
  @Test func logosAreAligned() {
    let query = ProbabilityMatrix(columns: [[1, 0, 0, 0], [0, 1, 0, 0]])!
    let target = ProbabilityMatrix(columns: [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]])!
    let svg = alignedLogoSVG(
      query, name: "q", match: ("t", target, MotifAlignment(offset: 1, strand: .reverse)),
      title: "x")
    // TAC of the target over -AC of the query: A at 4.5 + 16, C at 4.5 + 32 in both rows.
    let places = svg.matches(
      of: #/<path fill="([^"]*)" d="[^"]*" transform="translate\(([0-9.]*) /#
    )
    .map { "\($0.1) \($0.2)" }
    #expect(
      places == ["#109648 20.5", "#255c99 36.5", "#d62839 4.5", "#109648 20.5", "#255c99 36.5"])
    let other = alignedLogoSVG(
      query, name: "q", match: ("t", target, MotifAlignment(offset: 1, strand: .reverse)),
      isReversed: true, title: "x")
    // GT- over GTA.
    let turned = other.matches(
      of: #/<path fill="([^"]*)" d="[^"]*" transform="translate\(([0-9.]*) /#
    ).map { "\($0.1) \($0.2)" }
    #expect(
      turned == ["#f7a51b 4.5", "#d62839 20.5", "#f7a51b 4.5", "#d62839 20.5", "#109648 36.5"])
  }

  @Test func pointsAreThinnedByGroup() {
    let plot = PointPlot(
      title: "t", xLabel: "x", yLabel: "y",
      groups: [
        Curve("many", points: (0..<9000).map { (Double($0), 1) }),
        Curve("few", points: [(1, 2), (.nan, 3)]),
      ])
    let svg = plot.svg()
    #expect(svg.matches(of: /<circle[^>]* r="2"/).count == 2001)
    #expect(svg.contains(">many, 2000 of 9000</text>") && svg.contains(">few</text>"))
  }
}
