internal import COpenBLAS
internal import Synchronization

/// Consecutive rows of a tensor as a factor of a matrix product.
public struct MatrixFactor {
  let scalars: [Float]
  let firstRow: Int
  let storedRows: Int
  let storedColumns: Int
  let isTransposed: Bool

  var rows: Int { isTransposed ? storedColumns : storedRows }
  var columns: Int { isTransposed ? storedRows : storedColumns }

  /// The transpose.
  public var transposed: MatrixFactor {
    MatrixFactor(
      scalars: scalars, firstRow: firstRow, storedRows: storedRows, storedColumns: storedColumns,
      isTransposed: !isTransposed)
  }
}

extension Tensor {
  /// The tensor as a matrix whose columns are the last axis: `[…, n]` is `[rows, n]`.
  public var asIs: MatrixFactor { rows(0..<matrixRowCount) }

  /// The transpose of `asIs`: `[…, n]` is `[n, rows]`.
  public var transposed: MatrixFactor { asIs.transposed }

  /// Some rows of `asIs`.
  public func rows(_ range: Range<Int>) -> MatrixFactor {
    precondition(range.upperBound <= matrixRowCount, "rows \(range) of \(shape)")
    return MatrixFactor(
      scalars: scalars, firstRow: range.lowerBound, storedRows: range.count,
      storedColumns: matrixColumnCount, isTransposed: false)
  }

  private var matrixColumnCount: Int { shape.lastExtent }
  private var matrixRowCount: Int {
    matrixColumnCount == 0 ? shape.extents.dropLast().reduce(1, *) : shape.count / matrixColumnCount
  }

  /// Adds the matrix product `a · b`, `[m, k] · [k, n]`, to the `m` rows of this tensor (read as
  /// `[rows, n]`) that begin at `firstRow`.
  ///
  /// - Precondition: The extents agree.
  public mutating func addProduct(
    _ a: MatrixFactor, _ b: MatrixFactor, toRowsFrom firstRow: Int = 0
  ) {
    let columns = matrixColumnCount
    precondition(
      a.columns == b.rows && b.columns == columns && firstRow + a.rows <= matrixRowCount,
      "[\(a.rows), \(a.columns)] · [\(b.rows), \(b.columns)] added to \(shape) from \(firstRow)")
    guard a.rows > 0, columns > 0, a.columns > 0 else { return }
    scalars.withUnsafeMutableBufferPointer { sum in
      a.scalars.withUnsafeBufferPointer { left in
        b.scalars.withUnsafeBufferPointer { right in
          let left = left.baseAddress! + a.firstRow * a.storedColumns
          let right = right.baseAddress! + b.firstRow * b.storedColumns
          let sum = sum.baseAddress! + firstRow * columns
          if a.rows * a.columns * columns <= narrowProductLimit {
            addNarrowProduct(left, a, right, b, to: sum)
          } else {
            singleThreadedBLAS.addProduct(left, a, right, b, sum)
          }
        }
      }
    }
  }
}

/// How many multiplications are too few for OpenBLAS, which then spends more on packing.
private let narrowProductLimit = 1 << 17

/// OpenBLAS, told once to stay on the calling thread: batches are what is split among threads.
private let singleThreadedBLAS = SingleThreadedBLAS()

private struct SingleThreadedBLAS: ~Copyable {
  /// A build without any threads doesn't lock what its calls share, so they must take turns.
  private let mustTakeTurns: Bool
  private let turn = Mutex(())

  init() {
    openblas_set_num_threads(1)
    mustTakeTurns = openblas_get_parallel() == OPENBLAS_SEQUENTIAL
  }

  func addProduct(
    _ left: UnsafePointer<Float>, _ a: MatrixFactor, _ right: UnsafePointer<Float>,
    _ b: MatrixFactor, _ sum: UnsafeMutablePointer<Float>
  ) {
    if mustTakeTurns {
      turn.withLock { _ in multiply(left, a, right, b, sum) }
    } else {
      multiply(left, a, right, b, sum)
    }
  }

  private func multiply(
    _ left: UnsafePointer<Float>, _ a: MatrixFactor, _ right: UnsafePointer<Float>,
    _ b: MatrixFactor, _ sum: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
      b.isTransposed ? CblasTrans : CblasNoTrans, blasint(a.rows), blasint(b.columns),
      blasint(b.rows), 1, left, blasint(a.storedColumns), right, blasint(b.storedColumns), 1, sum,
      blasint(b.columns))
  }
}

/// The name of the kernel that OpenBLAS chose for this CPU, such as `SkylakeX`.
public var blasKernelName: String { String(cString: openblas_get_corename()) }
