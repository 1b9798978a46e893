internal import Datasets
internal import Genomics

private let shufflesPerPositive = 5

/// Validation examples whose negatives are shuffles, with more of those: they count as much as one per positive, and the
/// calibration depends less on which they are.
func calibrationExamples(of validation: [Example], seed: UInt64) -> [Example] {
  var shuffler = DinucleotideShuffler()
  return validation.filter(\.isPositive).enumerated().flatMap { index, positive in
    var positive = positive
    positive.weight = 1
    return [positive]
      + (0..<shufflesPerPositive).compactMap { copy in
        var random = RandomStream(seed: seed, .calibration, index, copy)
        return shuffler.differingShuffle(of: positive.bases, using: &random).map {
          Example(
            name: positive.name, bases: $0, labels: positive.labels.map { $0.isNaN ? .nan : 0 },
            weight: 1 / Float(shufflesPerPositive))
        }
      }
  }
}

extension [Example] {
  /// The share of a task's positives, each example counting by its weight, to six decimals: weights are no more exact.
  ///
  /// - Returns: `nil` if a class has no examples.
  func positiveShare(task: Int) -> Double? {
    let measured = filter { !$0.labels[task].isNaN }
    func weight(_ examples: [Example]) -> Double { examples.reduce(0) { $0 + Double($1.weight) } }
    let (all, positives) = (weight(measured), weight(measured.filter { $0.labels[task] > 0.5 }))
    guard positives > 0, positives < all else { return nil }
    return (positives / all * 1_000_000).rounded() / 1_000_000
  }
}
