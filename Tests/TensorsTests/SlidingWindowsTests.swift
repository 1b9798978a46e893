import Tensors
import Testing

@Suite struct SlidingWindowsTests {
  /// Against every window taken by itself; small whole numbers, so that sums are exact.
  @Test(arguments: [1, 2, 3, 5, 8, 29, 30], [1, 3, 16])
  func equalsItsDefinition(window: Int, lanes: Int) {
    let count = 30
    var random = RandomStream(seed: 7, .background)
    let rows = (0..<count * lanes).map { _ in Float(random.next(below: 200)) - 100 }
    func expected(_ combine: ([Float]) -> Float) -> [Float] {
      (0...count - window).flatMap { start in
        (0..<lanes).map { lane in combine((0..<window).map { rows[(start + $0) * lanes + lane] }) }
      }
    }
    var output: [Float] = [1, 2, 3]
    slide(.maximum, over: rows, lanes: lanes, window: window, into: &output)
    #expect(output == expected { $0.max()! })
    slide(.sum, over: rows, lanes: lanes, window: window, into: &output)
    #expect(output == expected { $0.reduce(0, +) })
  }

  /// By hand.
  @Test func addsBiasAndRectifies() {
    var values: [Float] = [1, -1, 0.5, -3, 2, 0]
    addBiasAndRectify(&values, bias: [-0.5, 1, 0])
    #expect(values == [0.5, 0, 0.5, 0, 3, 0])
  }
}
