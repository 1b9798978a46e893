import Genomics
import Inference
import Models
import Testing

@Suite struct SiteFinderTests {
  /// A window is a site where it reaches the threshold, no overlapping window scores more, and none
  /// that begins before it scores as much: the definition, pair by pair.
  func sites(_ outputs: [Float], _ isReverse: [Bool], length: Int, threshold: Float) -> [Site] {
    outputs.indices.filter { window in
      outputs[window] >= threshold
        && outputs.indices.allSatisfy { other in
          abs(other - window) >= length || other == window
            || !(outputs[other] > outputs[window])
              && !(outputs[other] == outputs[window] && other < window)
        }
    }.map { window in
      Site(
        interval: GenomicInterval("s", start: window, end: window + length),
        strand: isReverse[window] ? .reverse : .forward, output: outputs[window])
    }
  }

  @Test(arguments: [1, 2, 5, 12, 40], UInt64(0)..<6)
  func findsWhatTheDefinitionSays(length: Int, seed: UInt64) {
    var random = RandomStream(seed: seed, .background)
    // Few different scores, so that many are equal; some windows without a score.
    let outputs = (0..<400).map { _ -> Float in
      let score = random.next(below: 12)
      return score == 0 ? .nan : Float(score)
    }
    let isReverse = outputs.map { _ in random.next(below: 2) == 1 }
    for threshold: Float in [-.infinity, 6, 11, 12] {
      let expected = sites(outputs, isReverse, length: length, threshold: threshold)
      for pieces in [[400], [1, 7, 92, 300], Array(repeating: 10, count: 40)] {
        #expect(found(outputs, isReverse, pieces, length: length, threshold: threshold) == expected)
      }
    }
  }

  /// The outputs handed over in pieces.
  private func found(
    _ outputs: [Float], _ isReverse: [Bool], _ pieces: [Int], length: Int, threshold: Float
  ) -> [Site] {
    var finder = SiteFinder(windowLength: length, threshold: threshold)
    var sites: [Site] = []
    var start = 0
    for piece in pieces {
      let range = start..<start + piece
      sites += finder.add(
        ScannedStretch(
          sequence: "s", start: start,
          scores: WindowScores(
            outputs: Array(outputs[range]), isReverse: Array(isReverse[range])),
          isLast: range.upperBound == outputs.count), task: 0, of: 1)
      start = range.upperBound
    }
    return sites
  }

  /// A site is handed out as soon as no window to come overlaps it.
  @Test func waitsForOverlappingWindowsOnly() {
    var random = RandomStream(seed: 1, .background)
    var finder = SiteFinder(windowLength: 20, threshold: -.infinity)
    var count = 0
    for start in 0..<1000 {
      let sites = finder.add(
        ScannedStretch(
          sequence: "s", start: start,
          scores: WindowScores(outputs: [random.uniform()], isReverse: [false]), isLast: false),
        task: 0, of: 1)
      #expect(sites.allSatisfy { $0.interval.end == start + 1 })
      count += sites.count
    }
    #expect(count > 10)
  }

  /// Windows of another sequence, or of another task, are not compared.
  @Test func keepsSequencesAndTasksApart() {
    var finder = SiteFinder(windowLength: 10, threshold: 0)
    func stretch(_ name: String, _ outputs: [Float]) -> ScannedStretch {
      ScannedStretch(
        sequence: name, start: 0,
        scores: WindowScores(outputs: outputs, isReverse: outputs.map { _ in false }), isLast: true)
    }
    // Task 1 of 2 scores 1 and 5 on `a`, 3 on `b`.
    let sites =
      finder.add(stretch("a", [9, 1, -9, 5]), task: 1, of: 2)
      + finder.add(stretch("b", [9, 3]), task: 1, of: 2)
      + finder.add(stretch("empty", []), task: 1, of: 2)
    #expect(
      sites.map(\.interval) == [
        GenomicInterval("a", start: 1, end: 11), GenomicInterval("b", start: 0, end: 10),
      ])
    #expect(sites.map(\.output) == [5, 3])
  }
}
