import Genomics
import Tensors
import Testing

@Suite struct MotifSieveTests {
  private let codes: [UInt8]
  private let motifs: [MotifSieve.Motif]

  /// Motifs of widths 1 to 30 whose bases score up to 1000, and thresholds that few windows reach.
  init() {
    var random = RandomStream(seed: 5, .background)
    codes = (0..<3000).map { _ in
      UInt8.random(in: 0..<40, using: &random) == 0 ? 4 : UInt8.random(in: 0..<4, using: &random)
    }
    motifs = (0..<64).map { index in
      let scores = (0...index % 30).map { _ in
        SIMD4<Int32>((0..<4).map { _ in Int32.random(in: 0...1000, using: &random) })
      }
      let (highest, mean) = scores.reduce((0, 0)) {
        ($0.0 + Int($1.max()), $0.1 + Int($1.wrappedSum()) / 4)
      }
      return MotifSieve.Motif(scores: scores, threshold: mean + (highest - mean) * 3 / 5)
    }
  }

  /// The places of windows without unknown bases that score their threshold, by plain loops.
  private func hits() -> [UInt32] {
    codes.indices.flatMap { position in
      motifs.indices.filter { lane in
        let motif = motifs[lane]
        let window = codes[position..<min(position + motif.scores.count, codes.count)]
        guard window.count == motif.scores.count, !window.contains(4) else { return false }
        return zip(motif.scores, window).reduce(0) { $0 + Int($1.0[Int($1.1)]) } >= motif.threshold
      }.map { UInt32(position * 64 + $0) }
    }
  }

  @Test func findsAllHitsAndFewOthers() {
    let stretch = KmerStretch(codes, width: 30)
    let places = MotifSieve(motifs).places(in: stretch, count: codes.count)
    let expected = hits()
    #expect(expected.count > 5000)
    let (isSorted, holdsAll) = (places == places.sorted(), Set(expected).isSubset(of: places))
    #expect(isSorted && holdsAll)
    // Windows with unknown bases, and what rounding lets through.
    let others = Set(places).subtracting(expected).filter { place in
      let position = Int(place) / 64
      let end = position + motifs[Int(place) % 64].scores.count
      return end <= codes.count && !codes[position..<end].contains(4)
    }
    #expect(others.count < expected.count / 10)
    #expect(MotifSieve(motifs).places(in: stretch, count: 0).isEmpty)
  }

  /// Where 254 units suffice nothing is rounded: A scores 100, so AA alone scores 200, and AA and AC 150.
  @Test func smallNumbersAreExact() {
    let column = SIMD4<Int32>(100, 50, 0, 0)
    let exact = [200, 150, 201].map { MotifSieve.Motif(scores: [column, column], threshold: $0) }
    let stretch = KmerStretch([0, 0, 1, 0, 2], width: 2)
    #expect(MotifSieve(exact).places(in: stretch, count: 4) == [0, 1, 65, 129])
  }
}
