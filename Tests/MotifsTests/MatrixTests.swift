import Genomics
import Motifs
import Testing

@Suite struct CountMatrixTests {
  /// Counted by hand; N counts a quarter for each base.
  @Test func countsSites() {
    let matrix = CountMatrix(sites: ["ACN", "AGT", "TCT"].map { EncodedSequence($0)! })
    let expected: [SIMD4<Float>] = [[2, 0, 0, 1], [0, 2, 1, 0], [0.25, 0.25, 0.25, 2.25]]
    #expect(matrix.columns == expected)
    #expect(matrix.siteCount == 3)
  }

  /// `(3 + 0.25) / (3 + 4 · 0.25)` and `0.25 / 4`, by hand.
  @Test func pseudocountKeepsProbabilitiesAboveZero() {
    let matrix = CountMatrix(columns: [[3, 0, 0, 0]], siteCount: 3).probabilities()
    #expect(matrix.columns == [[0.8125, 0.0625, 0.0625, 0.0625]])
  }
}

@Suite struct ProbabilityMatrixTests {
  /// Certain, two equal bases, no information, and 1/2 + 1/4 + 1/8 + 1/8, by hand: the last one's
  /// entropy is 1/2 + 1/2 + 3/8 + 3/8 bits.
  let matrix = ProbabilityMatrix(columns: [
    [1, 0, 0, 0], [0, 0.5, 0.5, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.25, 0.125, 0.125],
  ])!

  @Test func informationOnTheUniformBackground() {
    #expect(matrix.informationInBits() == [2, 1, 0, 0.25])
  }

  /// `log2 (1 / 0.5)`, `log2 (0.5 / 0.125)`, and `1/4 · (log2 1/2 + 2 log2 2 + log2 1)`, by hand.
  @Test func informationIsRelativeToTheBackground() {
    let background = Background([0.5, 0.125, 0.125, 0.25])!
    #expect(matrix.informationInBits(background: background).prefix(3) == [1, 2, 0.25])
  }

  @Test func trimsTheEndsButNotTheMiddle() {
    let columns = [3, 2, 1, 2, 0, 3, 2].map { matrix.columns[$0] }
    let trimmed = ProbabilityMatrix(columns: columns)!.trimmed(toInformation: 0.5)
    #expect(trimmed?.columns == [1, 2, 0].map { matrix.columns[$0] })
    #expect(matrix.trimmed(toInformation: 0)?.width == 4)
    #expect(matrix.trimmed(toInformation: 2)?.columns == [[1, 0, 0, 0]])
    #expect(matrix.trimmed(toInformation: 2.1) == nil)
  }

  @Test(
    arguments: [
      [], [[0.5, 0.5, 0.5, -0.5]], [[0.25, 0.25, 0.25, 0.37]], [[.nan, 0.5, 0.5, 0]],
      [[.infinity, 0, 0, 0]],
    ] as [[SIMD4<Double>]])
  func refusesWhatIsNoProbability(columns: [SIMD4<Double>]) {
    #expect(ProbabilityMatrix(columns: columns) == nil)
  }

  @Test func scalesRowsToSumToOne() {
    let columns = ProbabilityMatrix(columns: [[0.251, 0.25, 0.25, 0.254]])!.columns
    #expect(abs(columns[0].sum() - 1) < 1e-6)
  }

  @Test func reverseComplementReadsTheOtherStrand() {
    let expected: [SIMD4<Double>] = [[0, 0, 0.25, 0.75], [0.5, 0.125, 0.25, 0.125]]
    let matrix = ProbabilityMatrix(columns: [[0.125, 0.25, 0.125, 0.5], [0.75, 0.25, 0, 0]])!
    #expect(matrix.reverseComplement.columns == expected)
    #expect(matrix.reverseComplement.reverseComplement == matrix)
  }
}

@Suite struct LogOddsMatrixTests {
  /// `log2 (p / 0.25)`, by hand.
  let matrix = ProbabilityMatrix(columns: [[0.5, 0.25, 0.125, 0.125], [0.125, 0.125, 0.25, 0.5]])!
    .logOdds()

  @Test func isTheLogarithmOfTheOdds() {
    #expect(matrix.columns == [[1, 0, -1, -1], [-1, -1, 0, 1]])
  }

  /// An unknown base counts as the mean of its column, here -0.25.
  @Test func scoresEachWindow() {
    let sequence = EncodedSequence("ATGANT")!
    #expect(matrix.scores(of: sequence) == [2, -1, -2, 0.75, 0.75])
    #expect(matrix.score(of: sequence, at: 3) == 0.75)
    #expect(matrix.scores(of: EncodedSequence("A")!) == [])
    #expect(matrix.scores(of: EncodedSequence("")!) == [])
  }

  @Test func reverseComplementScoresTheOtherStrand() {
    let columns: [SIMD4<Float>] = [[1, 0, -1, -1], [-1, 2, 0, 1]]
    let matrix = LogOddsMatrix(columns: columns)
    let sequence = EncodedSequence("GATTACANCAT")!
    let other = matrix.scores(of: sequence.reverseComplement)
    #expect(matrix.reverseComplement.scores(of: sequence) == other.reversed())
  }

  @Test func impossibleBasesScoreMinusInfinityUnlessSmoothed() {
    let probabilities = ProbabilityMatrix(columns: [[1, 0, 0, 0]])!
    #expect(probabilities.logOdds().columns == [[2, -.infinity, -.infinity, -.infinity]])
    // (4 · 0 + 1 · 0.25) / (4 + 1), by hand.
    let smoothed = probabilities.smoothed(siteCount: 4, pseudocount: 1)
    #expect(abs(smoothed.columns[0][1] - 0.05) < 1e-7)
    let motif = Motif(name: "A", probabilities: probabilities)
    #expect(motif.logOdds().columns[0].min().isFinite)
  }
}

@Suite struct BackgroundTests {
  /// A 3 + 1, C 1 + 1, G 0 + 1, T 0 + 1 of 8; unknown bases don't count.
  @Test func countsKnownBases() {
    let background = Background(counting: ["AAN", "CA"].map { EncodedSequence($0)! })
    #expect(background.frequencies == [0.5, 0.25, 0.125, 0.125])
    #expect(Background(counting: []) == .uniform)
  }

  @Test func refusesWhatIsNoDistribution() {
    #expect(Background([0.5, 0.5, 0, 0]) == nil)
    #expect(Background([0.3, 0.3, 0.3, 0.3]) == nil)
    #expect(Background([.nan, 0.5, 0.25, 0.25]) == nil)
  }
}
