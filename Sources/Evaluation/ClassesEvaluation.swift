internal import Glibc

/// How well one class is told from the others.
public struct ClassesEvaluation: Codable, Equatable, Sendable {
  /// The number of examples whose class is known.
  public let count: Int
  /// The share of examples whose likeliest class is theirs.
  public let accuracy: Double
  public let accuracyInterval: [Double]?
  /// The mean over the classes of the share of their examples that are told: the accuracy if all were equally frequent.
  public let balancedAccuracy: Double
  public let balancedAccuracyInterval: [Double]?
  /// The mean of minus the logarithm of the probability of an example's class.
  public let crossEntropy: Double
  /// The share of the most frequent class: the accuracy of always naming that.
  public let largestShare: Double
  /// The accuracy of the likeliest class by the baseline of each class, such as 6-mer regressions; missing if there are none.
  public var baselineName: String?
  public var baselineAccuracy: Double?
  /// The examples of each class, a row each, by the class that was predicted, in the order of the tasks.
  public let confusion: [[Int]]
}

extension ClassesEvaluation {
  /// Evaluates probabilities.
  ///
  /// - Parameters:
  ///   - predictions: `[example][class]`.
  ///   - labels: As many: 1 for the example's class. Examples without one don't count.
  /// - Returns: `nil` if no example has a class.
  /// Each interval holds the middle 95% of 1,000 bootstrap resamples of the examples.
  public init?(
    predictions: [Float], labels: [Float], classCount: Int, seed: UInt64, threads: Int
  ) {
    let calls = Calls(predictions: predictions, labels: labels, classCount: classCount)
    guard !calls.classes.isEmpty else { return nil }
    count = calls.classes.count
    confusion = calls.confusion()
    let figures = calls.accuracies()
    (accuracy, balancedAccuracy) = (figures[0], figures[1])
    let draws = Bootstrap(count: count, seed: seed, threads: threads).map { calls.accuracies($0) }
    accuracyInterval = middle95(draws.map { $0[0] })
    balancedAccuracyInterval = middle95(draws.map { $0[1] })
    crossEntropy = calls.crossEntropy
    largestShare =
      Double(confusion.map { $0.reduce(0, +) }.max() ?? 0) / Double(count)
  }

  /// The share of examples for whose class the scores are largest; of equal scores the first class counts.
  ///
  /// - Returns: `nil` if no example has a class.
  static func accuracy(scores: [Float], labels: [Float], classCount: Int) -> Double? {
    let calls = Calls(predictions: scores, labels: labels, classCount: classCount)
    return calls.classes.isEmpty ? nil : calls.accuracies()[0]
  }
}

/// The class of each example beside the one that was predicted.
private struct Calls: Sendable {
  let classCount: Int
  private(set) var classes: [Int] = []
  private var called: [Int] = []
  private(set) var crossEntropy = 0.0

  init(predictions: [Float], labels: [Float], classCount: Int) {
    self.classCount = classCount
    for first in stride(from: 0, to: labels.count, by: classCount) {
      let row = first..<first + classCount
      guard let own = row.first(where: { labels[$0] == 1 }),
        let largest = row.max(by: { predictions[$0] < predictions[$1] })
      else { continue }
      classes.append(own - first)
      // Of equal ones the first.
      called.append((row.first { predictions[$0] == predictions[largest] } ?? largest) - first)
      crossEntropy -= log(max(Double(predictions[own]), Double(Float.leastNormalMagnitude)))
    }
    crossEntropy /= Double(max(1, classes.count))
  }

  func confusion() -> [[Int]] {
    var table = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (own, call) in zip(classes, called) { table[own][call] += 1 }
    return table
  }

  /// Accuracy and balanced accuracy.
  ///
  /// - Parameter weights: How often each example counts; once without them.
  func accuracies(_ weights: [Double]? = nil) -> [Double] {
    var (right, all) = ([Double](repeating: 0, count: classCount), 0.0)
    var totals = right
    for (index, own) in classes.enumerated() {
      let weight = weights?[index] ?? 1
      all += weight
      totals[own] += weight
      if called[index] == own { right[own] += weight }
    }
    let shares = zip(right, totals).filter { $1 > 0 }.map { $0 / $1 }
    return [
      right.reduce(0, +) / max(all, 1), shares.reduce(0, +) / Double(max(1, shares.count)),
    ]
  }
}
