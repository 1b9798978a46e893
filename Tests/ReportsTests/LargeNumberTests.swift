import Motifs
import Reports
import Testing

/// Numbers that no `Int` holds.
@Suite struct LargeNumberTests {
  @Test func coordinatesAreWritten() {
    #expect(1e20.coordinate == "1e+20" && (-1e30).coordinate == "-1e+30")
    #expect(12.0.coordinate == "12" && 0.125.coordinate == "0.13")
  }

  /// Four bases, whose substitutions change an output by up to 10²⁰.
  @Test func aMapOfHugeDifferencesIsDrawn() {
    let deltas = (0..<16).map { Float($0 % 4 == 0 ? 0 : 1e20) * ($0 % 3 == 0 ? -1 : 1) }
    let svg = mutationMapSVG(
      codes: [0, 1, 2, 3], deltas: deltas, title: "t", firstPosition: 1)
    #expect(svg.contains("e+20: what a substitution adds"))
  }
}
