import Reports
import Testing

@Suite struct MutationMapTests {
  /// Counted by hand: four cells a base and eleven of the legend; a letter a base whose replacement lowers
  /// the output; a dot in each cell of a base that stands there.
  @Test func drawsALetterAndFourCellsABase() {
    let deltas: [Float] = [
      0, -2, -1, -3,
      1, 0, 2, 1,
      -0.5, 0.5, 0, -1,
      1, 1, 1, 1,
    ]
    let svg = mutationMapSVG(codes: [0, 1, 2, 4], deltas: deltas, title: "a<b")
    #expect(svg.matches(of: #/<rect x/#).count == 16 + 11)
    #expect(svg.matches(of: #/<circle c/#).count == 3)
    #expect(svg.matches(of: /scale\(0\.01\)/).count == 2)
    #expect(svg.contains("<title>a&lt;b</title>"))
    #expect(svg.contains("-3 to +3"))
  }

  @Test func drawsWhatDoesNothing() {
    let svg = mutationMapSVG(
      codes: [UInt8](repeating: 0, count: 250), deltas: [Float](repeating: 0, count: 1000),
      title: "flat", firstPosition: 91)
    #expect(svg.matches(of: #/<rect x/#).count == 1000 + 11)
    #expect(svg.contains(">100</text>") && svg.contains(">340</text>"))
    #expect(!svg.contains("nan"))
  }
}
