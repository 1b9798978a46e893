import Genomics
import Models
import Testing

@Suite struct MarkovModelTests {
  /// Of ACGACGAC: A 3, C 3, G 2; behind A always C. `(3 + s p) / (3 + s)` for s = 2.
  @Test func chancesAreInterpolated() {
    var model = MarkovModel(order: 1, counting: [[0, 1, 2, 0, 1, 2, 0, 1] + filler])
    model.strengths = [0, 2]
    let counts = model.counts
    #expect(counts.map(\.count) == [4, 16])
    let below = counts[0].map { $0 / counts[0].reduce(0, +) }
    let chances = model.chances(after: [0])
    let row = Array(counts[1][0..<4])
    for base in 0..<4 {
      let expected = (row[base] + 2 * below[base]) / (row.reduce(0, +) + 2)
      #expect(abs(chances[base] - expected) < 1e-6)
    }
    #expect(abs(chances.sum() - 1) < 1e-6)
    // Nothing is known behind an unknown base.
    #expect(abs(model.chances(after: [0, 4])[0] - below[0]) < 1e-6)
  }

  /// Words of six bases are counted at least, so that shorter ones are sums.
  private let filler: [UInt8] = [4, 0, 1, 2, 3, 0, 1, 2, 3]

  @Test func anOmittedOccurrenceIsAsIfItWereNotCounted() {
    let codes: [UInt8] = (0..<60).map { UInt8(($0 * $0 + $0 / 3) % 4) }
    var model = MarkovModel(order: 0, counting: [codes], strength: 3)
    model.strengths = [3]
    let omitted = model.chances(after: [], omitting: 2)
    let counts = model.counts[0]
    let total = counts.reduce(0, +) - 1
    for base in 0..<4 {
      let own = counts[base] - (base == 2 ? 1 : 0)
      #expect(abs(omitted[base] - (own + 0.75) / (total + 3)) < 1e-6)
    }
  }

  /// Of a sequence whose bases all have the chance 1/4 the bits are 2.
  @Test func bitsOfUniformBasesAreTwo() {
    var random = RandomStream(seed: 1, .experiments)
    let training = [(0..<20000).map { _ in UInt8(random.next(below: 4)) }]
    let test = [(0..<5000).map { _ in UInt8(random.next(below: 4)) }]
    let bits = MarkovModel(order: 2, counting: training).bitsPerBase(of: test)
    for order in 0...2 { #expect(abs(bits[order] - 2) < 0.01) }
  }
}
