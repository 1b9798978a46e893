/// How well scores tell positives from negatives, for one task or over all.
public struct ClassificationEvaluation: Codable, Equatable, Sendable {
  public let positives: Int
  public let negatives: Int
  /// Missing if a class has no examples.
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
  /// The calibration error to expect of probabilities that are right: what so few examples give by chance.
  public var calibrationErrorByChance: Double?
  /// The bins of the calibration error that hold something, from 0 up.
  public var reliability: [ReliabilityBin]?
}

extension ClassificationEvaluation {
  /// Evaluates scores.
  ///
  /// - Parameter areProbabilities: Whether the scores are, so that there is a calibration to look at.
  /// Each interval holds the middle 95% of 1,000 bootstrap resamples of the examples.
  public init(
    scores: [Float], areProbabilities: Bool = true, isPositive: [Bool], seed: UInt64, threads: Int
  ) {
    positives = isPositive.count { $0 }
    negatives = isPositive.count - positives
    let ranked = RankedScores(scores: scores, isPositive: isPositive)
    guard let areas = ranked.areas() else { return }
    let draws = Bootstrap(count: isPositive.count, seed: seed, threads: threads).map { weights in
      guard let areas = ranked.areas(weights: weights) else { return nil }
      guard areProbabilities else { return [areas.auroc, areas.auprc] }
      let calibration = Calibration(
        probabilities: scores, isPositive: isPositive, weights: weights)
      return [areas.auroc, areas.auprc, calibration.brier, calibration.error]
    }
    let interval = { (column: Int) in middle95(draws.map { $0[column] }) }
    (auroc, aurocInterval) = (areas.auroc, interval(0))
    (auprc, auprcInterval) = (areas.auprc, interval(1))
    guard areProbabilities else { return }
    let calibration = Calibration(probabilities: scores, isPositive: isPositive)
    (brier, brierInterval) = (calibration.brier, interval(2))
    (calibrationError, calibrationErrorInterval) = (calibration.error, interval(3))
    calibrationErrorByChance = calibration.errorByChance
    reliability = calibration.bins
  }
}
