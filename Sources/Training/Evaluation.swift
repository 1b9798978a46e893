internal import Tensors

/// How well scores tell positives from negatives, for one task or over all.
public struct Evaluation: Codable, Equatable, Sendable {
  public let positives: Int
  public let negatives: Int
  /// Absent where a class is.
  public var auroc: Double?
  public var aurocInterval: [Double]?
  public var auprc: Double?
  public var auprcInterval: [Double]?
  /// The mean squared difference between probability and outcome (Brier 1950).
  public var brier: Double?
  public var brierInterval: [Double]?
  /// The expected calibration error over 15 equal bins of probability (Guo et al. 2017, eq. 3).
  public var calibrationError: Double?
  public var calibrationErrorInterval: [Double]?
}

extension Evaluation {
  private static let resamples = 1000

  /// Evaluates probabilities.
  ///
  /// Each interval holds the middle 95% of 1,000 bootstrap resamples of the examples (Efron 1979).
  public init(probabilities: [Float], isPositive: [Bool], seed: UInt64, threads: Int) {
    positives = isPositive.count { $0 }
    negatives = isPositive.count - positives
    let ranked = RankedScores(scores: probabilities, isPositive: isPositive)
    guard let areas = ranked.areas() else { return }
    let draws = concurrentMap(Self.resamples, threads: threads) { draw -> [Double]? in
      var random = RandomStream(seed: seed, .bootstrap, draw)
      var weights = [Double](repeating: 0, count: isPositive.count)
      for _ in weights { weights[random.next(below: isPositive.count)] += 1 }
      guard let areas = ranked.areas(weights: weights) else { return nil }
      let (brier, error) = calibration(
        probabilities: probabilities, isPositive: isPositive, weights: weights)
      return [areas.auroc, areas.auprc, brier, error]
    }.compactMap { $0 }
    let interval = { (column: Int) in middle95(draws.map { $0[column] }) }
    (auroc, aurocInterval) = (areas.auroc, interval(0))
    (auprc, auprcInterval) = (areas.auprc, interval(1))
    let (brierScore, error) = calibration(
      probabilities: probabilities, isPositive: isPositive, weights: nil)
    (brier, brierInterval) = (brierScore, interval(2))
    (calibrationError, calibrationErrorInterval) = (error, interval(3))
  }
}

/// The Brier score and the expected calibration error over 15 bins, of weighted examples.
private func calibration(probabilities: [Float], isPositive: [Bool], weights: [Double]?)
  -> (brier: Double, error: Double)
{
  let binCount = 15
  var (squares, total) = (0.0, 0.0)
  var predicted = [Double](repeating: 0, count: binCount)
  var observed = predicted
  for (index, probability) in probabilities.enumerated() {
    let weight = weights?[index] ?? 1
    let outcome = isPositive[index] ? 1.0 : 0.0
    let bin = min(Int(probability * Float(binCount)), binCount - 1)
    squares += weight * (Double(probability) - outcome) * (Double(probability) - outcome)
    predicted[bin] += weight * Double(probability)
    observed[bin] += weight * outcome
    total += weight
  }
  let gaps = zip(predicted, observed).reduce(0.0) { $0 + abs($1.0 - $1.1) }
  return (squares / total, gaps / total)
}

/// The 2.5th and 97.5th percentile, interpolated between ranks.
private func middle95(_ values: [Double]) -> [Double]? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  return [0.025, 0.975].map { share in
    let rank = share * Double(sorted.count - 1)
    let below = Int(rank)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (rank - Double(below)) * (sorted[above] - sorted[below])
  }
}
