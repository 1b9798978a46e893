import Tensors
import Testing

@Suite struct TensorTests {
  let matrix = Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])

  @Test func shapes() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.rank == 3 && shape.count == 24 && shape[1] == 3)
    #expect(Shape([]).count == 1)
    #expect(Shape([3, 0]).count == 0)
    #expect("\(shape)" == "[2, 3, 4]")
  }

  @Test func stacksCopiesOfARow() {
    let row = Tensor(shape: [2], scalars: [7, 8])
    #expect(
      Tensor(repeating: row, count: 3) == Tensor(shape: [3, 2], scalars: [7, 8, 7, 8, 7, 8]))
    #expect(Tensor(repeating: row, count: 0) == Tensor(zeros: [0, 2]))
  }

  /// By hand: `[1 + 4, 2 + 5, 3 + 6]`.
  @Test func sumsOverRows() {
    #expect(matrix.summedOverRows() == Tensor(shape: [3], scalars: [5, 7, 9]))
    #expect(
      matrix.reshaped([3, 1, 2]).summedOverRows() == Tensor(shape: [1, 2], scalars: [9, 12]))
    #expect(Tensor(zeros: [0, 2]).summedOverRows() == Tensor(zeros: [2]))
  }

  @Test func worksElementByElement() {
    #expect(matrix.map { -$0 }.scalars == [-1, -2, -3, -4, -5, -6])
    #expect((matrix * matrix).scalars == [1, 4, 9, 16, 25, 36])
    var sum = matrix
    sum += matrix
    #expect(sum.scalars == [2, 4, 6, 8, 10, 12])
    #expect(matrix.reshaped([6]).scalars == matrix.scalars)
    #expect(matrix.reshaped([3, 2]) != matrix)
  }
}
