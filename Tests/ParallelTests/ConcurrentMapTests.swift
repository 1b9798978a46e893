import Parallel
import Testing

@Suite struct ConcurrentMapTests {
  @Test(arguments: 1...8) func keepsTheOrder(threads: Int) {
    for count in [0, 1, 2, 7, 1000] {
      let results = concurrentMap(count, threads: threads) { index in
        // The first take longest, so that the last would come first.
        let rounds = max(1, 2000 - 100 * index)
        return "\((0..<rounds).reduce(index) { sum, _ in sum &* 31 &+ 7 }) of \(index)"
      }
      let expected = (0..<count).map { index in
        let rounds = max(1, 2000 - 100 * index)
        return "\((0..<rounds).reduce(index) { sum, _ in sum &* 31 &+ 7 }) of \(index)"
      }
      #expect(results == expected)
    }
  }

  @Test func countsProcessors() {
    #expect(availableProcessorCount >= 1)
  }
}
