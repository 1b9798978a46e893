internal import Genomics
internal import Tensors

/// The directions in which rows of numbers differ most (Pearson 1901), by orthogonal iteration.
public struct PrincipalComponents: Sendable {
  /// The mean row.
  public let center: [Double]
  /// Unit vectors, the one of the largest variance first. The largest number of each, without its sign, is positive.
  public let directions: [[Double]]
  /// The variance along each direction.
  public let variances: [Double]
  /// The sum of the variances of all columns.
  public let totalVariance: Double

  private static let rounds = 300
  private static let tolerance = 1e-10

  /// - Parameters:
  ///   - rows: At least two, of one length above 0.
  ///   - count: The number of directions, as far as rows and columns go.
  public init(of rows: [[Float]], count: Int) {
    precondition(rows.count > 1 && !rows[0].isEmpty, "\(rows.count) rows")
    let width = rows[0].count
    var center = [Double](repeating: 0, count: width)
    for row in rows { for (column, value) in row.enumerated() { center[column] += Double(value) } }
    for column in center.indices { center[column] /= Double(rows.count) }
    let covariance = Self.covariance(of: rows, center)
    let found = Self.directions(
      of: covariance, width: width, count: min(count, width, rows.count - 1))
    self.center = center
    directions = found.map(\.vector)
    variances = found.map(\.value)
    totalVariance = (0..<width).reduce(0) { $0 + covariance[$1 * width + $1] }
  }

  /// Where a row lies along each direction.
  public func coordinates(of row: [Float]) -> [Double] {
    directions.map { direction in
      zip(zip(row, center), direction).reduce(0) { $0 + (Double($1.0.0) - $1.0.1) * $1.1 }
    }
  }

  private static func covariance(of rows: [[Float]], _ center: [Double]) -> [Double] {
    let width = center.count
    let centred = Tensor(
      shape: [rows.count, width],
      scalars: rows.flatMap { row in zip(row, center).map { Float(Double($0) - $1) } })
    var product = Tensor(zeros: [width, width])
    product.addProduct(centred.transposed, centred.asIs)
    return product.scalars.map { Double($0) / Double(rows.count - 1) }
  }

  private static func directions(of matrix: [Double], width: Int, count: Int)
    -> [(vector: [Double], value: Double)]
  {
    var random = RandomStream(seed: 1, .groups, -1)
    var vectors = (0..<count).map { _ in (0..<width).map { _ in random.normal() as Double } }
    var values = [Double](repeating: 0, count: count)
    for _ in 0..<rounds {
      let products = orthonormal(vectors).map { vector in
        (0..<width).map { row in
          var sum = 0.0
          for column in 0..<width { sum += matrix[row * width + column] * vector[column] }
          return sum
        }
      }
      let lengths = products.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      let change = zip(lengths, values).reduce(0) { max($0, abs($1.0 - $1.1)) }
      (vectors, values) = (products, lengths)
      if change <= tolerance * (values.max() ?? 0) { break }
    }
    return zip(orthonormal(vectors), values).sorted { $1.1 < $0.1 }.map { vector, value in
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return (largest < 0 ? vector.map { -$0 } : vector, value)
    }
  }

  /// The vectors, each less what it has along those before it, of length 1 (Gram–Schmidt, twice).
  private static func orthonormal(_ vectors: [[Double]]) -> [[Double]] {
    vectors.reduce(into: []) { done, vector in
      var vector = vector
      for _ in 0..<2 {
        for other in done {
          let product = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= product * other[index] }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      done.append(vector.map { length > 0 ? $0 / length : 0 })
    }
  }
}
