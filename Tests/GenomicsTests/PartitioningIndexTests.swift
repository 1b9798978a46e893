import Genomics
import Testing

@Suite struct PartitioningIndexTests {
  /// The definition: the first index of those that fulfil the condition.
  @Test(arguments: 0...9) func isTheFirstIndexThatFulfils(count: Int) {
    let numbers = (0..<count).map { 2 * $0 }
    for bound in -1...2 * count {
      let expected = numbers.firstIndex { $0 >= bound } ?? count
      #expect(numbers.partitioningIndex { $0 >= bound } == expected)
    }
  }

  @Test func findsTheFirstOfEqualElements() {
    #expect([1, 4, 4, 4, 9].partitioningIndex { $0 >= 4 } == 1)
    #expect([1, 4, 4, 4, 9].partitioningIndex { $0 > 4 } == 4)
  }

  /// A slice keeps its indices, and a range is searched without being stored.
  @Test func givesIndicesOfTheCollection() {
    #expect([9, 9, 1, 2, 3][2...].partitioningIndex { $0 >= 2 } == 3)
    #expect((-1000..<1_000_000).partitioningIndex { $0 * $0 * $0 >= 1_000_000 } == 100)
    #expect((5..<5).partitioningIndex { _ in true } == 5)
  }

  /// Parts counted one by one.
  @Test(arguments: 1...5) func countsParts(size: Int) {
    for count in 0...20 {
      let parts = stride(from: 0, to: count, by: size).reduce(0) { parts, _ in parts + 1 }
      #expect(count.dividedRoundingUp(by: size) == parts)
    }
  }
}
