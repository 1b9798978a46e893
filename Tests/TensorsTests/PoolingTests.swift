import Tensors
import Testing

/// Against the definition: windows of rows, column by column.
@Suite struct PoolingTests {
  static let extents: [[Int]] = [[1, 1, 1], [2, 7, 3], [3, 10, 17], [1, 33, 40], [2, 5, 64]]

  /// Numbers of which many are equal, so that ties occur.
  private func coarse(_ shape: Shape, seed: UInt64) -> Tensor {
    random(shape, seed: seed).map { ($0 * 6).rounded() }
  }

  @Test(arguments: extents, [1, 2, 5]) func poolsWindows(extents: [Int], window: Int) {
    let shape = Shape(extents)
    let input = coarse(shape, seed: 1)
    let (positions, channels) = (shape[1], shape[2])
    let windows = positions / window
    for (maxima, means) in [(true, false), (false, true), (true, true)] {
      let (output, saved) = input.pooled(window: window, maxima: maxima, means: means)
      let features = channels * (maxima && means ? 2 : 1)
      #expect(output.shape == [shape[0], windows, features])
      let flow = random(output.shape, seed: 2)
      let gradient = flow.poolGradient(saved)
      var expected = Tensor(zeros: shape)
      for row in 0..<shape[0] * windows {
        for channel in 0..<channels {
          let places = (0..<window).map {
            ((row / windows * positions) + row % windows * window + $0) * channels + channel
          }
          let values = places.map { input.scalars[$0] }
          if maxima {
            #expect(output.scalars[row * features + channel] == values.max()!)
            expected.scalars[places[values.firstIndex(of: values.max()!)!]] +=
              flow.scalars[row * features + channel]
          }
          if means {
            let at = (row + 1) * features - channels + channel
            // Small whole numbers: the sum is exact.
            #expect(output.scalars[at] == values.reduce(0, +) / Float(window))
            for place in places { expected.scalars[place] += flow.scalars[at] / Float(window) }
          }
        }
      }
      #expect(gradient == expected)
    }
  }

  /// NaN is never larger: it wins where it stands first.
  @Test func treatsNaNAsBefore() {
    let input = Tensor(shape: [1, 4, 1], scalars: [1, .nan, .nan, 2])
    let (output, saved) = input.pooled(window: 2, maxima: true, means: false)
    #expect(output.scalars[0] == 1)
    #expect(output.scalars[1].isNaN)
    let gradient = Tensor(shape: [1, 2, 1], scalars: [3, 4]).poolGradient(saved)
    #expect(gradient.scalars == [3, 0, 4, 0])
  }
}
