internal import Glibc

/// How near predictions come to measured numbers.
public struct RegressionEvaluation: Codable, Equatable, Sendable {
  public let count: Int
  public let meanSquaredError: Double
  public let meanSquaredErrorInterval: [Double]?
  /// Pearson's correlation; missing if either side doesn't vary.
  public let pearson: Double?
  public let pearsonInterval: [Double]?
  /// Spearman's rank correlation; missing if either side doesn't vary.
  public let spearman: Double?
  public let spearmanInterval: [Double]?
  /// The share of the labels' variance that the predictions explain, `1 - Σ(y - p)² / Σ(y - ȳ)²`: 1 at
  /// best, below 0 if the mean label predicts better; missing if labels don't vary.
  public let rSquared: Double?
  public let rSquaredInterval: [Double]?
  /// The mean deviance of counts, `2 Σ (y log(y / μ) - y + μ) / n` (Poisson's); missing unless labels are counts.
  public let deviance: Double?
  /// The share of the deviance from the mean count that the predictions explain; missing unless labels are counts.
  public let devianceExplained: Double?
}

extension RegressionEvaluation {
  /// Evaluates predictions; each interval holds the middle 95% of 1,000 bootstrap resamples of the examples.
  ///
  /// - Parameter areCounts: Whether labels are counts, and predictions their means.
  public init(
    predictions: [Float], labels: [Float], areCounts: Bool = false, seed: UInt64, threads: Int
  ) {
    let pairs = RankedPairs(predictions: predictions, labels: labels)
    let figures = RegressionFigures(pairs)
    // Of a handful of examples a resample may hold one alone, which has no correlation.
    let draws = Bootstrap(count: labels.count, seed: seed, threads: threads).map { weights in
      let figures = RegressionFigures(pairs, weights: weights)
      guard let pearson = figures.pearson, let spearman = figures.spearman,
        let rSquared = figures.rSquared
      else { return nil }
      return [pearson, spearman, rSquared, figures.meanSquaredError]
    }
    func interval(_ column: Int, of value: Double?) -> [Double]? {
      value == nil ? nil : middle95(draws.map { $0[column] })
    }
    count = labels.count
    (pearson, pearsonInterval) = (figures.pearson, interval(0, of: figures.pearson))
    (spearman, spearmanInterval) = (figures.spearman, interval(1, of: figures.spearman))
    (rSquared, rSquaredInterval) = (figures.rSquared, interval(2, of: figures.rSquared))
    meanSquaredError = figures.meanSquaredError
    meanSquaredErrorInterval = interval(3, of: figures.pearson)
    let mean = labels.reduce(0) { $0 + Double($1) } / Double(max(1, labels.count))
    let own = areCounts ? poissonDeviance(of: labels, means: predictions.map(Double.init)) : nil
    let least = poissonDeviance(of: labels, means: labels.map { _ in mean })
    deviance = own
    devianceExplained = own.flatMap { least > 0 ? 1 - $0 / least : nil }
  }
}

/// The mean deviance of counts from their means (McCullagh & Nelder 1989, section 2.3).
private func poissonDeviance(of labels: [Float], means: [Double]) -> Double {
  let sum = zip(labels, means).reduce(0.0) { sum, pair in
    let (label, mean) = (Double(pair.0), max(pair.1, .leastNormalMagnitude))
    return sum + (label > 0 ? label * log(label / mean) : 0) - label + mean
  }
  return 2 * sum / Double(max(1, labels.count))
}

/// The figures of a baseline of a regression beside the model's.
public struct RegressionComparison: Codable, Equatable, Sendable {
  public let name: String
  /// What was chosen on known examples, such as the penalty.
  public let detail: String?
  /// Missing if its predictions don't vary.
  public let pearson, spearman: Double?
  public let rSquared: Double?
  public let meanSquaredError: Double
  /// The model's correlation less the baseline's; the interval holds the middle 95% of 1,000 bootstrap
  /// resamples, the same for both.
  public let pearsonGain: Double?
  public let pearsonGainInterval: [Double]?
  public let spearmanGain: Double?
  public let spearmanGainInterval: [Double]?

  /// Compares baselines with a model on the same examples, one a baseline.
  static func comparing(
    _ baselines: [Baseline], with predictions: [Float], labels: [Float], seed: UInt64, threads: Int
  ) -> [RegressionComparison] {
    let model = RankedPairs(predictions: predictions, labels: labels)
    let figures = RegressionFigures(model)
    return baselines.map { baseline in
      let rule = RankedPairs(predictions: baseline.scores, labels: labels)
      let own = RegressionFigures(rule)
      let gains = Bootstrap(count: labels.count, seed: seed, threads: threads).map { weights in
        RegressionFigures(model, weights: weights).gains(
          over: RegressionFigures(rule, weights: weights))
      }
      let gain = figures.gains(over: own)
      return RegressionComparison(
        name: baseline.name, detail: baseline.detail, pearson: own.pearson, spearman: own.spearman,
        rSquared: own.rSquared, meanSquaredError: own.meanSquaredError,
        pearsonGain: gain?[0],
        pearsonGainInterval: gain.flatMap { _ in middle95(gains.map { $0[0] }) },
        spearmanGain: gain?[1],
        spearmanGainInterval: gain.flatMap { _ in middle95(gains.map { $0[1] }) })
    }
  }
}

/// The figures of predictions on examples, each of which counts as often as its weight says.
struct RegressionFigures {
  let meanSquaredError: Double
  let pearson, spearman, rSquared: Double?

  init(predictions: [Float], labels: [Float]) {
    self.init(RankedPairs(predictions: predictions, labels: labels))
  }

  init(_ pairs: RankedPairs, weights: [Double]? = nil) {
    let (x, y) = (pairs.predictions.numbers, pairs.labels.numbers)
    let moments = Moments(x, y, weights)
    var (errors, count) = (0.0, 0.0)
    for index in y.indices {
      let weight = weights?[index] ?? 1
      errors += weight * (x[index] - y[index]) * (x[index] - y[index])
      count += weight
    }
    meanSquaredError = errors / max(1, count)
    pearson = moments.correlation
    spearman =
      Moments(pairs.predictions.ranks(weights), pairs.labels.ranks(weights), weights).correlation
    rSquared = moments.yy > 0 ? 1 - errors / moments.yy : nil
  }

  /// The correlations less those of another; `nil` if either has none.
  func gains(over other: RegressionFigures) -> [Double]? {
    guard let pearson, let spearman, let otherPearson = other.pearson,
      let otherSpearman = other.spearman
    else { return nil }
    return [pearson - otherPearson, spearman - otherSpearman]
  }
}

/// Sums of squared differences from the means, and of their products.
private struct Moments {
  private(set) var (xx, yy, xy) = (0.0, 0.0, 0.0)

  init(_ x: [Double], _ y: [Double], _ weights: [Double]?) {
    var (count, sumX, sumY) = (0.0, 0.0, 0.0)
    for index in x.indices {
      let weight = weights?[index] ?? 1
      (count, sumX, sumY) = (count + weight, sumX + weight * x[index], sumY + weight * y[index])
    }
    let (meanX, meanY) = (sumX / max(1, count), sumY / max(1, count))
    for index in x.indices {
      let (weight, dx, dy) = (weights?[index] ?? 1, x[index] - meanX, y[index] - meanY)
      (xx, yy, xy) = (xx + weight * dx * dx, yy + weight * dy * dy, xy + weight * dx * dy)
    }
  }

  /// `nil` if either side doesn't vary.
  var correlation: Double? {
    xx > 0 && yy > 0 ? xy / (xx.squareRoot() * yy.squareRoot()) : nil
  }
}

/// Predictions and labels, each sorted once, so that the figures of a resample cost one pass.
struct RankedPairs: Sendable {
  let predictions, labels: Ranking

  init(predictions: [Float], labels: [Float]) {
    self.predictions = Ranking(predictions.map(Double.init))
    self.labels = Ranking(labels.map(Double.init))
  }
}

/// Numbers in ascending order.
struct Ranking: Sendable {
  let numbers: [Double]
  private let order: [Int]

  init(_ numbers: [Double]) {
    self.numbers = numbers
    order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
  }

  /// The rank of each number, from 0; equal ones share the mean of theirs.
  ///
  /// - Parameter weights: How often each number counts; once without them.
  func ranks(_ weights: [Double]? = nil) -> [Double] {
    var ranks = [Double](repeating: 0, count: numbers.count)
    var (first, below) = (0, 0.0)
    while first < order.count {
      var (end, weight) = (first, 0.0)
      while end < order.count, numbers[order[end]] == numbers[order[first]] {
        weight += weights?[order[end]] ?? 1
        end += 1
      }
      for index in order[first..<end] { ranks[index] = below + (weight - 1) / 2 }
      (first, below) = (end, below + weight)
    }
    return ranks
  }
}

/// Spearman's rank correlation: Pearson's, of ranks, equal numbers sharing the mean of theirs.
package func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
  let (x, y) = (Ranking(a).ranks(), Ranking(b).ranks())
  let mean = Double(a.count - 1) / 2
  let (covariance, squareX, squareY) = zip(x, y).reduce(into: (0.0, 0.0, 0.0)) { sums, pair in
    let (dx, dy) = (pair.0 - mean, pair.1 - mean)
    sums = (sums.0 + dx * dy, sums.1 + dx * dx, sums.2 + dy * dy)
  }
  return squareX > 0 && squareY > 0 ? covariance / (squareX * squareY).squareRoot() : 0
}
