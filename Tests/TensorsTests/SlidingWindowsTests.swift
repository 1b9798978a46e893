import Genomics
import Tensors
import Testing

@Suite struct SlidingWindowsTests {
  /// Against every window taken by itself; small whole numbers, so that sums are exact. What stands
  /// around the results stays.
  @Test(arguments: [1, 2, 3, 5, 8, 29, 30], [1, 3, 16, 20])
  func equalsItsDefinition(window: Int, columns: Int) {
    let (count, lanes) = (30, (columns + 15) / 16 * 16)
    var random = RandomStream(seed: 7, .background)
    let rows = (0..<count * lanes).map { _ in Float(random.next(below: 200)) - 100 }
    let results = count - window + 1
    func expected(_ combine: ([Float]) -> Float) -> [Float] {
      let around = [Float](repeating: 0.5, count: columns + 2)
      var expected = around
      for start in 0..<results {
        expected.append(0.5)
        for lane in 0..<columns {
          expected.append(combine((start..<start + window).map { rows[$0 * lanes + lane] }))
        }
        expected.append(0.5)
      }
      return expected + around
    }
    let shape: Shape = [results + 2, columns + 2]
    for reduction in [SlidingReduction.maximum, .sum] {
      var output = Tensor(
        shape: shape, scalars: [Float](repeating: 0.5, count: shape.count))
      output.slide(
        reduction, over: rows, lanes: lanes, window: window, columns: columns, toRow: 1, column: 1)
      #expect(
        output.scalars
          == expected { reduction == .maximum ? $0.max()! : $0.reduce(0, +) })
    }
  }

  /// By hand.
  @Test func rectifies() {
    var values: [Float] = [1, -1, 0.5, -3, 2, 0]
    rectify(&values)
    #expect(values == [1, 0, 0.5, 0, 2, 0])
  }

  @Test func scalesColumns() {
    var matrix = Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])
    matrix.scaleColumns(1..<3, by: 0.5)
    #expect(matrix.scalars == [1, 1, 1.5, 4, 2.5, 3])
  }
}
