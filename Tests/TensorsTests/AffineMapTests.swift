import Tensors
import Testing

@Suite struct AffineMapTests {
  /// `[[1, 2], [0, -1]] · [[1, 2, 3], [4, 5, 6]] + [10, 20, 30]`, by hand.
  @Test func multipliesAndAddsBias() {
    let input = Tensor(shape: [2, 2], scalars: [1, 2, 0, -1])
    let output = input.mapped(
      weight: Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]),
      bias: Tensor(shape: [3], scalars: [10, 20, 30]))
    #expect(output == Tensor(shape: [2, 3], scalars: [19, 32, 45, 6, 15, 24]))
  }
}
