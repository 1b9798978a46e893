package import Genomics

/// Ridge regression on the 5-mers of a sequence: what a bag of words knows of a measured number.
///
/// A sequence is its counts of 5-mers, a 5-mer and its reverse complement counted as one, so there are 512
/// of them. The weights `w` minimise `Σ (y - w · x - b)² + penalty · |w|²` (Hoerl & Kennard 1970), without a
/// penalty on `b`.
package struct KmerRidge: Sendable {
  /// One per 5-mer of those that are no greater than their reverse complements, in their order.
  package let weights: [Double]
  package let intercept: Double
  package let penalty: Double

  static let width = 5
  /// What is chosen from.
  package static let penalties: [Double] = [
    0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 100_000,
  ]

  /// Fits to `training` with the penalty whose mean squared error on `validation` is least, then with that
  /// penalty to both.
  ///
  /// - Precondition: There is an example to train on.
  package init(fitting training: MeasuredExamples, choosingBy validation: MeasuredExamples) {
    let (known, checked) = (KmerCounts(training.bases), KmerCounts(validation.bases))
    var moments = RidgeMoments()
    moments.add(known, labels: training.labels)
    let errors = Self.penalties.map { penalty in
      let fit = moments.fit(penalty: penalty)
      return zip(checked.products(fit.weights), validation.labels).reduce(0.0) { sum, pair in
        let error = pair.0 + fit.intercept - Double(pair.1)
        return sum + error * error
      }
    }
    let best = errors.indices.min { (errors[$0], $0) < (errors[$1], $1) } ?? 0
    moments.add(checked, labels: validation.labels)
    penalty = Self.penalties[best]
    (weights, intercept) = moments.fit(penalty: penalty)
  }

  package func predictions(for sequences: [EncodedSequence]) -> [Float] {
    KmerCounts(sequences).products(weights).map { Float($0 + intercept) }
  }
}

/// How often each 5-mer stands in each sequence, on either strand: sparse rows.
private struct KmerCounts {
  private(set) var rows: [[(column: Int, count: Double)]] = []

  static let columnCount = columns.max()! + 1

  /// The column of each 5-mer's code (two bits a base, A first).
  private static let columns: [Int] = {
    var columns = [Int](repeating: 0, count: 1 << (2 * KmerRidge.width))
    var next = 0
    for code in columns.indices {
      var (reverse, rest) = (0, code)
      for _ in 0..<KmerRidge.width { (reverse, rest) = (reverse << 2 | (3 - rest & 3), rest >> 2) }
      if code <= reverse {
        columns[code] = next
        next += 1
      } else {
        columns[code] = columns[reverse]
      }
    }
    return columns
  }()

  /// 5-mers with an unknown base don't count.
  init(_ sequences: [EncodedSequence]) {
    let mask = Self.columns.count - 1
    rows = sequences.map { sequence in
      var counts: [Int: Double] = [:]
      var (code, known) = (0, 0)
      for base in sequence.codes {
        known = base < 4 ? known + 1 : 0
        code = (code << 2 | Int(base & 3)) & mask
        if known >= KmerRidge.width { counts[Self.columns[code], default: 0] += 1 }
      }
      return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }

  func products(_ weights: [Double]) -> [Double] {
    rows.map { row in row.reduce(0) { $0 + $1.count * weights[$1.column] } }
  }
}

/// The sums over examples that ridge regression needs.
private struct RidgeMoments {
  private let size = KmerCounts.columnCount
  private var count = 0.0
  private var sumY = 0.0
  private var sums: [Double]
  private var products: [Double]
  /// The lower half of `Σ x xᵀ`, by rows.
  private var squares: [Double]

  init() {
    sums = [Double](repeating: 0, count: size)
    products = sums
    squares = [Double](repeating: 0, count: size * size)
  }

  mutating func add(_ counts: KmerCounts, labels: [Float]) {
    for (row, label) in zip(counts.rows, labels) {
      count += 1
      sumY += Double(label)
      for (place, (column, number)) in row.enumerated() {
        sums[column] += number
        products[column] += number * Double(label)
        for (other, otherNumber) in row[...place] {
          squares[column * size + other] += number * otherNumber
        }
      }
    }
  }

  /// Solves `(Σ (x - x̄)(x - x̄)ᵀ + penalty · I) w = Σ (x - x̄)(y - ȳ)` by Cholesky's decomposition.
  func fit(penalty: Double) -> (weights: [Double], intercept: Double) {
    let n = max(1, count)
    var lower = squares
    var solution = products
    for row in 0..<size {
      solution[row] -= sums[row] * sumY / n
      for column in 0...row {
        lower[row * size + column] -= sums[row] * sums[column] / n
      }
      lower[row * size + row] += penalty
    }
    decompose(&lower)
    for row in 0..<size {
      for column in 0..<row { solution[row] -= lower[row * size + column] * solution[column] }
      solution[row] /= lower[row * size + row]
    }
    for row in (0..<size).reversed() {
      solution[row] /= lower[row * size + row]
      for column in 0..<row { solution[column] -= lower[row * size + column] * solution[row] }
    }
    let intercept = (0..<size).reduce(sumY) { $0 - sums[$1] * solution[$1] } / n
    return (solution, intercept)
  }

  /// Turns the lower half of a matrix into its factor.
  private func decompose(_ lower: inout [Double]) {
    var matrix = lower.mutableSpan
    for row in 0..<size {
      for column in 0...row {
        var sum = matrix[row * size + column]
        for place in 0..<column {
          sum -= matrix[row * size + place] * matrix[column * size + place]
        }
        matrix[row * size + column] =
          row == column ? sum.squareRoot() : sum / matrix[column * size + column]
      }
    }
  }
}

extension Baseline {
  /// Ridge regression on 5-mers, fitted to `training` with a penalty chosen on `validation`.
  ///
  /// - Precondition: There is an example to train on.
  public static func kmerRidge(
    of examples: MeasuredExamples, training: MeasuredExamples, validation: MeasuredExamples
  ) -> Baseline {
    let ridge = KmerRidge(fitting: training, choosingBy: validation)
    return Baseline(
      name: "5-mer ridge", detail: "penalty \(ridge.penalty)",
      scores: ridge.predictions(for: examples.bases))
  }

  /// A straight line through GC content and the labels of `known`, by least squares.
  public static func gcLine(of examples: MeasuredExamples, knowing known: MeasuredExamples)
    -> Baseline
  {
    let (x, y) = (known.gcFractions.map(Double.init), known.labels.map(Double.init))
    let count = Double(max(1, x.count))
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let square = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let product = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let slope = square > 0 ? product / square : 0
    return Baseline(
      name: "GC content",
      detail: slope == 0 ? nil : slope < 0 ? "less is higher" : "more is higher",
      scores: examples.gcFractions.map { Float(meanY + slope * (Double($0) - meanX)) })
  }
}
