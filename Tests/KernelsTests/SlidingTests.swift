import Kernels
import Testing

@Suite struct SlidingTests {
  @Test(arguments: [1, 2, 3, 10, 57, 100], [16, 48])
  func slidesAsTheDefinition(window: Int, lanes: Int) {
    let count = 100
    let input = randomNumbers(count * lanes)
    let outputCount = (count - window + 1) * lanes
    var scratch = [Float](repeating: .nan, count: window * lanes)
    var (maxima, sums) = (
      [Float](repeating: .nan, count: outputCount), [Float](repeating: .nan, count: outputCount)
    )
    var (plainMaxima, plainSums) = (maxima, sums)
    sliding_maximum(input, Int64(count), Int32(lanes), Int64(window), &scratch, &maxima)
    sliding_sum(input, Int64(count), Int32(lanes), Int64(window), &scratch, &sums)
    sliding_maximum_plain(input, Int64(count), Int32(lanes), Int64(window), &plainMaxima)
    sliding_sum_plain(input, Int64(count), Int32(lanes), Int64(window), &plainSums)
    #expect(maxima == plainMaxima)
    #expect(worstDifference(sums, plainSums) < 1e-5)
  }

  /// `max(0, [1, -2] + [1, 1])`, by hand.
  @Test func rectifies() {
    var values: [Float] = [1, -2]
    add_bias_and_rectify(&values, 1, 2, [1, 1])
    #expect(values == [2, 0])
  }
}
