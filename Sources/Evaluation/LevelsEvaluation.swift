internal import Datasets

/// How well levels of a scale are told.
public struct LevelsEvaluation: Codable, Equatable, Sendable {
  /// The number of examples whose level is known.
  public let count: Int
  /// Spearman's correlation of the expected and the measured level; missing if either doesn't vary.
  public let spearman: Double?
  public let spearmanInterval: [Double]?
  /// The mean difference of the expected from the measured level, in levels.
  public let meanAbsoluteError: Double
  /// The share of examples whose likeliest level is theirs.
  public let accuracy: Double
}

extension LevelsEvaluation {
  /// Evaluates probabilities.
  ///
  /// - Parameters:
  ///   - predictions: `[example][task]`: for each level but the lowest the probability of that or a higher one.
  ///   - labels: As many: 1 for the levels that an example has reached.
  /// - Returns: `nil` if no example has a level.
  public init?(
    predictions: [Float], labels: [Float], taskCount: Int, seed: UInt64, threads: Int
  ) {
    var (expected, measured, right): ([Float], [Float], Int) = ([], [], 0)
    for first in stride(from: 0, to: labels.count, by: taskCount) {
      let row = first..<first + taskCount
      guard let level = LoadedDataset.level(of: labels[row]) else { continue }
      // The expectation of a level is the sum of the probabilities of reaching each.
      expected.append(predictions[row].reduce(0, +))
      measured.append(Float(level))
      let reached = [1] + predictions[row] + [0]
      let shares = zip(reached, reached.dropFirst()).map { $0 - $1 }
      if shares.firstIndex(of: shares.max() ?? 0) == level { right += 1 }
    }
    guard !measured.isEmpty else { return nil }
    count = measured.count
    accuracy = Double(right) / Double(count)
    meanAbsoluteError =
      zip(expected, measured).reduce(0) { $0 + Double(abs($1.0 - $1.1)) } / Double(count)
    let figures = RegressionEvaluation(
      predictions: expected, labels: measured, seed: seed, threads: threads)
    (spearman, spearmanInterval) = (figures.spearman, figures.spearmanInterval)
  }
}
