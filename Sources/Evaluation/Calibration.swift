/// A bin of a reliability diagram: what was predicted, and what came of it.
public struct ReliabilityBin: Codable, Equatable, Sendable {
  /// The probabilities that the bin holds, from `lower` to below `upper`; the last bin holds 1 too.
  public let lower, upper: Double
  public let count: Int
  public let meanPrediction: Double
  /// The share of positives.
  public let observedShare: Double

  /// The number of bins, all equally wide.
  public static let binCount = 15
}

/// How well probabilities fit outcomes.
///
/// The error of a model that fits isn't 0: outcomes of a bin vary about its mean prediction. With few
/// examples that alone is a few hundredths, so the error says little without `errorByChance`.
struct Calibration {
  /// The mean squared difference between probability and outcome.
  let brier: Double
  /// The mean over the examples of `|mean prediction - observed share|` of their bin.
  let error: Double
  /// The error to expect where each outcome has the probability that was predicted, `p`: a bin's sum of
  /// `outcome - p` is then nearly normal with the variance `Σ p (1 - p)`, and its mean absolute value
  /// `sqrt(2 / π)` standard deviations.
  let errorByChance: Double
  /// The bins that hold something.
  let bins: [ReliabilityBin]

  /// - Parameter weights: How often each example counts; once without them.
  init(probabilities: [Float], isPositive: [Bool], weights: [Double]? = nil) {
    let binCount = ReliabilityBin.binCount
    var (squares, total) = (0.0, 0.0)
    var predicted = [Double](repeating: 0, count: binCount)
    var (observed, counts, variances) = (predicted, predicted, predicted)
    for (index, probability) in probabilities.enumerated() {
      let weight = weights?[index] ?? 1
      let outcome = isPositive[index] ? 1.0 : 0.0
      let bin = min(Int(probability * Float(binCount)), binCount - 1)
      squares += weight * (Double(probability) - outcome) * (Double(probability) - outcome)
      predicted[bin] += weight * Double(probability)
      observed[bin] += weight * outcome
      counts[bin] += weight
      variances[bin] += weight * weight * Double(probability) * (1 - Double(probability))
      total += weight
    }
    brier = squares / total
    error = zip(predicted, observed).reduce(0.0) { $0 + abs($1.0 - $1.1) } / total
    errorByChance =
      variances.reduce(0) { $0 + (2 / Double.pi * $1).squareRoot() } / total
    bins = (0..<binCount).filter { counts[$0] > 0 }.map { bin in
      ReliabilityBin(
        lower: Double(bin) / Double(binCount), upper: Double(bin + 1) / Double(binCount),
        count: Int(counts[bin]), meanPrediction: predicted[bin] / counts[bin],
        observedShare: observed[bin] / counts[bin])
    }
  }
}
