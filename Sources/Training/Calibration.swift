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
struct Calibration {
  /// The mean squared difference between probability and outcome.
  let brier: Double
  /// The mean over the examples of `|mean prediction - observed share|` of their bin.
  let error: Double
  /// The bins that hold something.
  let bins: [ReliabilityBin]

  /// - Parameter weights: How often each example counts; once without them.
  init(probabilities: [Float], isPositive: [Bool], weights: [Double]? = nil) {
    let binCount = ReliabilityBin.binCount
    var (squares, total) = (0.0, 0.0)
    var predicted = [Double](repeating: 0, count: binCount)
    var (observed, counts) = (predicted, predicted)
    for (index, probability) in probabilities.enumerated() {
      let weight = weights?[index] ?? 1
      let outcome = isPositive[index] ? 1.0 : 0.0
      let bin = min(Int(probability * Float(binCount)), binCount - 1)
      squares += weight * (Double(probability) - outcome) * (Double(probability) - outcome)
      predicted[bin] += weight * Double(probability)
      observed[bin] += weight * outcome
      counts[bin] += weight
      total += weight
    }
    brier = squares / total
    error = zip(predicted, observed).reduce(0.0) { $0 + abs($1.0 - $1.1) } / total
    bins = (0..<binCount).filter { counts[$0] > 0 }.map { bin in
      ReliabilityBin(
        lower: Double(bin) / Double(binCount), upper: Double(bin + 1) / Double(binCount),
        count: Int(counts[bin]), meanPrediction: predicted[bin] / counts[bin],
        observedShare: observed[bin] / counts[bin])
    }
  }
}
