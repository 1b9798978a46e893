import Foundation
import Motifs
import Testing

@Suite struct PValueTableTests {
  let background = Background([0.3, 0.2, 0.15, 0.35])!
  let motif = Motif(
    name: "m",
    probabilities: ProbabilityMatrix(columns: [
      [0.7, 0.1, 0.1, 0.1], [0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.05, 0.15, 0.6, 0.2],
      [0, 0.5, 0.5, 0],
    ])!,
    siteCount: 12)

  /// Log-odds by their definition, and each of the 1,024 windows with its probability: a p-value is
  /// the sum of those that score as much or more.
  @Test func isTheSumOverAllWindows() {
    let table = PValueTable(motif, background: background, below: 2, pseudocount: 0.5)
    #expect(table.threshold == 0)
    var logOdds: [[Double]] = []
    for column in motif.probabilities.columns {
      var row: [Double] = []
      for base in 0..<4 {
        let frequency = background.frequencies[base]
        let smoothed = (column[base] * 12 + 0.5 * frequency) / 12.5
        row.append(log2(smoothed / frequency))
      }
      logOdds.append(row)
    }
    let offset = logOdds.joined().min()!.rounded(.down)
    let scale = (1000 / (logOdds.joined().max()! - offset)).rounded(.down)
    var windows: [(score: Int, probability: Double)] = []
    for window in 0..<1024 {
      var (score, probability) = (0, 1.0)
      for position in 0..<5 {
        let base = window >> (2 * position) & 3
        score += Int(((logOdds[position][base] - offset) * scale).rounded())
        probability *= background.frequencies[base]
      }
      windows.append((score, probability))
    }
    #expect(table.highest == windows.map(\.score).max())
    for score in Set(windows.map(\.score)) {
      let expected = windows.filter { $0.score >= score }.map(\.probability).reduce(0, +)
      #expect(abs(table.pValue(of: score) / expected - 1) < 1e-12)
      #expect(table.bits(of: score) == Double(score) / scale + 5 * offset)
    }
  }

  /// The scores whose p-value is below the limit, and no other.
  @Test func keepsScoresBelowTheLimit() {
    let whole = PValueTable(motif, background: background, below: 2)
    let table = PValueTable(motif, background: background, below: 0.01)
    #expect(whole.pValue(of: table.threshold) < 0.01)
    #expect(whole.pValue(of: table.threshold - 1) >= 0.01)
    #expect(table.highest == whole.highest)
    for score in table.threshold...table.highest {
      #expect(table.pValue(of: score) == whole.pValue(of: score))
    }
  }

  /// One base of four can't be rarer than 1 in 4; a p-value equal to the limit isn't below it.
  @Test func unreachableLimitsKeepNothing() {
    let short = Motif(name: "s", probabilities: ProbabilityMatrix(columns: [[1, 0, 0, 0]])!)
    let table = PValueTable(short, below: 0.25)
    #expect(table.threshold > table.highest)
    #expect(PValueTable(short, below: 0.26).highest == table.highest)
  }

  /// A motif that says nothing scores the same everywhere, with p-value 1 and 0 bits.
  @Test func flatMotifsScoreTheSameEverywhere() {
    let flat = Motif(
      name: "f", probabilities: ProbabilityMatrix(columns: [[0.25, 0.25, 0.25, 0.25]])!)
    let table = PValueTable(flat, below: 2)
    #expect(table.scores == [SIMD4(repeating: Int32(table.highest))])
    #expect(table.pValue(of: table.highest) == 1)
    #expect(table.bits(of: table.highest) == 0)
  }
}
