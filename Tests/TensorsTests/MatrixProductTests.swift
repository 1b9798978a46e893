import Genomics
import Tensors
import Testing

/// Against the definition, `sum[i][j] + Σ_k a[i][k] b[k][j]`, in plain loops of doubles.
@Suite struct MatrixProductTests {
  static let extents: [(m: Int, k: Int, n: Int)] = [
    (1, 1, 1), (1, 7, 3), (5, 1, 4), (4, 6, 1), (17, 33, 9), (64, 40, 65),
  ]

  @Test(arguments: extents, [(false, false), (true, false), (false, true), (true, true)])
  func addsTheProduct(extents: (m: Int, k: Int, n: Int), transposed: (Bool, Bool)) {
    let (m, k, n) = extents
    let a = random([m, k], seed: 1)
    let b = random([k, n], seed: 2)
    var sum = random([m, n], seed: 3)
    let expected = added(to: sum, a, b)
    sum.addProduct(
      transposed.0 ? flipped(a).transposed : a.asIs, transposed.1 ? flipped(b).transposed : b.asIs)
    expectClose(sum, expected)
  }

  /// Rows 2..<5 of a factor, rows 3..<7 of the other, added from row 1 on; the other rows stay.
  @Test func readsAndWritesRanges() {
    let a = random([6, 4], seed: 4)
    let b = random([9, 5], seed: 5)
    let before = random([5, 5], seed: 6)
    var sum = before
    sum.addProduct(a.rows(2..<5), b.rows(3..<7), toRowsFrom: 1)
    let part = added(
      to: Tensor(shape: [3, 5], scalars: Array(before.scalars[5..<20])),
      Tensor(shape: [3, 4], scalars: Array(a.scalars[8..<20])),
      Tensor(shape: [4, 5], scalars: Array(b.scalars[15..<35])))
    expectClose(
      sum, before.scalars[..<5].map(Double.init) + part + before.scalars[20...].map(Double.init))

    var transposed = Tensor(zeros: [4, 5])
    transposed.addProduct(a.rows(2..<5).transposed, b.rows(0..<3))
    expectClose(
      transposed,
      added(
        to: Tensor(zeros: [4, 5]),
        flipped(Tensor(shape: [3, 4], scalars: Array(a.scalars[8..<20]))),
        Tensor(shape: [3, 5], scalars: Array(b.scalars[..<15]))))
  }

  @Test func foldsLeadingAxes() {
    let a = random([2, 3, 4], seed: 7)
    let b = random([4, 2], seed: 8)
    var sum = Tensor(zeros: [2, 3, 2])
    sum.addProduct(a.asIs, b.asIs)
    expectClose(sum, added(to: Tensor(zeros: [6, 2]), a.reshaped([6, 4]), b))
  }

  @Test func emptyProductsAddNothing() {
    var sum = random([3, 2], seed: 9)
    let before = sum
    sum.addProduct(Tensor(zeros: [3, 0]).asIs, Tensor(zeros: [0, 2]).asIs)
    sum.addProduct(Tensor(zeros: [0, 4]).asIs, Tensor(zeros: [4, 2]).asIs, toRowsFrom: 3)
    #expect(sum == before)
  }

  private func random(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, .initialization)
    return Tensor(shape: shape, scalars: (0..<shape.count).map { _ in random.uniform() - 0.5 })
  }

  private func flipped(_ a: Tensor) -> Tensor {
    let (rows, columns) = (a.shape[0], a.shape[1])
    return Tensor(
      shape: [columns, rows],
      scalars: (0..<columns * rows).map { a.scalars[$0 % rows * columns + $0 / rows] })
  }

  private func added(to sum: Tensor, _ a: Tensor, _ b: Tensor) -> [Double] {
    let (inner, columns) = (a.shape[1], b.shape[1])
    return sum.scalars.indices.map { index in
      (0..<inner).reduce(Double(sum.scalars[index])) { total, k in
        total + Double(a.scalars[index / columns * inner + k])
          * Double(b.scalars[k * columns + index % columns])
      }
    }
  }

  /// 40 products of at most 0.25 each: 40 roundings of numbers below 10.
  private func expectClose(_ found: Tensor, _ expected: [Double]) {
    #expect(found.scalars.count == expected.count)
    for (found, expected) in zip(found.scalars, expected) {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
  }
}
