import Foundation
import FoundationXML
import Motifs
import Testing

@Suite struct LogoTests {
  /// A position that is certain draws one letter 2 bits (100 pixels) high; without information, none.
  @Test func letterHeightsAreInformation() throws {
    let matrix = ProbabilityMatrix(columns: [
      [1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0, 0.5, 0, 0.5],
    ])!
    let svg = logoSVG(matrix)
    #expect(heights(in: svg, color: "#109648") == [100])
    #expect(heights(in: svg, color: "#255c99") == [25])
    #expect(heights(in: svg, color: "#f7a51b") == [])
    #expect(heights(in: svg, color: "#d62839") == [25])
  }

  @Test func isWellFormedXMLWhateverTheTitle() {
    let matrix = ProbabilityMatrix(columns: [[1, 0, 0, 0]])!
    for title in ["CTCF", "<script>&\"'</script>", "\u{0}\u{1b}\u{202e}é"] {
      let svg = logoSVG(matrix, title: title)
      #expect(XMLParser(data: Data(svg.utf8)).parse())
      #expect(!svg.contains("<script>"))
    }
  }

  /// Against a background with little A, a certain A holds `log2 (1 / 0.1)` = 3.32 bits: the axis
  /// reaches to 4.
  @Test func axisHoldsTheTallestStack() {
    let matrix = ProbabilityMatrix(columns: [[1, 0, 0, 0]])!
    let svg = logoSVG(matrix, background: Background([0.1, 0.3, 0.3, 0.3])!)
    #expect(svg.contains(">4</text>"))
    #expect(heights(in: svg, color: "#109648") == [83.05])
  }

  /// A probability of 1 is 100 pixels.
  @Test func letterHeightsAreProbabilities() {
    let matrix = ProbabilityMatrix(columns: [[0.25, 0.25, 0.25, 0.25], [0, 0.75, 0, 0.25]])!
    let svg = logoSVG(matrix, height: .probability)
    #expect(heights(in: svg, color: "#255c99") == [25, 75])
    #expect(heights(in: svg, color: "#109648") == [25])
    #expect(svg.contains(">probability</text>"))
  }

  /// `0.5 log2 2` = 0.5 bits for A, `0.125 log2 0.5` = -0.125 for G and T, by hand: the axis goes from -0.5 to 2 bits,
  /// 40 pixels a bit, and rare letters are upside down.
  @Test func letterHeightsAreContributions() {
    let matrix = ProbabilityMatrix(columns: [[0.5, 0.25, 0.125, 0.125]])!
    let svg = logoSVG(matrix, height: .contribution)
    #expect(heights(in: svg, color: "#109648") == [20])
    #expect(heights(in: svg, color: "#255c99") == [])
    #expect(heights(in: svg, color: "#f7a51b") == [-5])
    #expect(heights(in: svg, color: "#d62839") == [-5])
  }

  private func heights(in svg: String, color: String) -> [Double] {
    svg.split(separator: "\n").filter { $0.contains(color) }.compactMap { line in
      line.firstMatch(of: /scale\(\S+ (-?[0-9.]+)\) scale/).flatMap { Double($0.1) }
    }
  }
}
