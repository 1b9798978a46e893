import Genomics
import Glibc
import Testing

@Suite struct RandomStreamTests {
  /// From the authors' C program `xoshiro256starstar.c`, compiled by gcc, state 1, 2, 3, 4.
  @Test func matchesTheReferenceXoshiro() {
    var random = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
      10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  /// From the author's C program `splitmix64.c`, compiled by gcc, state 1234567.
  @Test func matchesTheReferenceSplitMix() {
    var random = SplitMix64(state: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  /// Published streams keep their numbers: the seeding worked in Python integers (hash: SplitMix64
  /// of the state, then exclusive or with the word) and the two C programs.
  @Test func keepsItsNumbersForever() {
    var random = RandomStream(seed: 42, .dropout, 3, -1)
    let expected: [UInt64] = [
      5_250_494_217_924_489_233, 17_974_770_152_916_483_404, 8_337_224_658_874_382_660,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  @Test func keysGiveUnrelatedStreams() {
    var first: Set<UInt64> = []
    var count = 0
    for seed in UInt64(0)..<4 {
      for purpose in RandomPurpose.allCases {
        for streams in [
          [RandomStream(seed: seed, purpose)],
          (0..<20).map { RandomStream(seed: seed, purpose, $0) },
          (0..<400).map { RandomStream(seed: seed, purpose, $0 / 20, $0 % 20) },
        ] {
          for var stream in streams {
            first.insert(stream.next())
            count += 1
          }
        }
      }
    }
    #expect(first.count == count)
  }

  @Test(arguments: [1, 2, 3, 7, 10]) func everyNumberBelowABoundIsAsLikely(bound: Int) {
    var random = RandomStream(seed: 1, .bootstrap, bound)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<20_000 * bound { counts[random.next(below: bound)] += 1 }
    // Five standard deviations of a binomial count of mean 20 000.
    #expect(counts.allSatisfy { abs($0 - 20_000) < 5 * 142 })
  }

  /// A bound of ¾ · 2⁶³: taking the remainder or the high half without rejection would favour some
  /// numbers by a third, so that thirds of the range would hold unequal shares.
  @Test func largeBoundsAreUnbiased() {
    let bound = 3 << 61
    var random = RandomStream(seed: 2, .bootstrap)
    var counts = [0, 0, 0]
    for _ in 0..<60_000 { counts[random.next(below: bound) % 3] += 1 }
    #expect(counts.allSatisfy { abs($0 - 20_000) < 5 * 116 })
  }

  @Test func uniformNumbersFillTheUnitInterval() {
    var random = RandomStream(seed: 3, .bootstrap)
    let doubles: [Double] = (0..<100_000).map { _ in random.uniform() }
    let floats: [Float] = (0..<100_000).map { _ in random.uniform() }
    #expect(doubles.allSatisfy { (0..<1).contains($0) })
    #expect(floats.allSatisfy { (0..<1).contains($0) })
    // The mean of 100 000 has a standard deviation of 0.0009.
    #expect(abs(doubles.reduce(0, +) / 100_000 - 0.5) < 0.005)
    #expect(abs(floats.reduce(0) { $0 + Double($1) } / 100_000 - 0.5) < 0.005)
  }

  @Test func uniformNumbersNeverRoundUpToOne() {
    // The state that makes the next word all ones: b · 5, rotated, · 9 = 2⁶⁴ − 1.
    let inverseOf9: UInt64 = 0x8E38_E38E_38E3_8E39
    let inverseOf5: UInt64 = 0xCCCC_CCCC_CCCC_CCCD
    let product = UInt64.max &* inverseOf9
    let b = (product >> 7 | product << 57) &* inverseOf5
    var random = RandomStream(state: (0, b, 0, 0))
    var copy = random
    #expect(random.next() == UInt64.max)
    #expect((copy.uniform() as Float) == 1 - 0x1p-24)
  }

  /// Moments of the standard normal distribution: 0, 1, 0, 3; and 68.27 % within one deviation.
  @Test func normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    var random = RandomStream(seed: 4, .initialization)
    let count = 200_000
    let numbers = (0..<count).map { _ in random.normal() }
    func mean(_ power: (Double) -> Double) -> Double {
      numbers.reduce(0) { $0 + power($1) } / Double(count)
    }
    // Five standard errors: √(1, 2, 15, 96) / √count.
    #expect(abs(mean { $0 }) < 0.012)
    #expect(abs(mean { $0 * $0 } - 1) < 0.016)
    #expect(abs(mean { $0 * $0 * $0 }) < 0.044)
    #expect(abs(mean { $0 * $0 * $0 * $0 } - 3) < 0.11)
    #expect(abs(mean { abs($0) < 1 ? 1 : 0 } - 0.6827) < 0.006)
  }

  @Test func logarithmMatchesTheCLibrary() {
    var random = RandomStream(seed: 5, .bootstrap)
    for _ in 0..<10_000 {
      let value = (random.uniform() as Double) * 3 + 0x1p-60
      // Near 1 the result is small and its error is relative to the result too.
      #expect(abs(portableLogarithm(value) - log(value)) <= 1e-15 * abs(log(value)))
    }
    #expect(portableLogarithm(1) == 0)
  }

  @Test func exponentialMatchesTheCLibrary() {
    var random = RandomStream(seed: 5, .bootstrap)
    for scale in [1e-6, 1, 30, 700] {
      for _ in 0..<2_000 {
        let value = scale * (2 * (random.uniform() as Double) - 1)
        #expect(abs(portableExponential(value) / exp(value) - 1) <= 1e-15)
      }
    }
    #expect(portableExponential(0) == 1)
    #expect(portableExponential(-.infinity) == 0 && portableExponential(710) == .infinity)
    #expect(portableExponential(.nan).isNaN)
  }

  @Test func everyOrderIsAsLikely() {
    var random = RandomStream(seed: 6, .epochOrder)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var order = [0, 1, 2, 3]
      random.shuffle(&order)
      counts[order, default: 0] += 1
    }
    #expect(counts.count == 24)
    let chiSquare = counts.values.reduce(0.0) {
      $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000
    }
    // 23 degrees of freedom: above 49.7 once in a thousand.
    #expect(chiSquare < 49.7)
  }

  @Test func shufflesNothingAndOne() {
    var random = RandomStream(seed: 7, .epochOrder)
    var empty: [Int] = []
    var one = [5]
    random.shuffle(&empty)
    random.shuffle(&one)
    #expect(empty.isEmpty && one == [5])
  }
}
