internal import Datasets
internal import Genomics
internal import Networks

/// Examples that members learn from, and others that tell how they are joined and calibrated.
struct CalibrationPart: Sendable {
  let learned: [Example]
  /// With negatives.
  let held: [Example]
}

extension ModelTraining {
  /// With fewer validation positives of a task the calibration depends on which they are.
  static let enoughPositives = 50
  /// The training examples are then held out too, in so many folds.
  static let folds = 4

  /// The most rounds of a training: a part for the validation examples and each fold, and all examples.
  static let mostRounds = folds + 2

  /// All that may be learned from: validation examples come without shuffles of them, of which training makes its own.
  var everything: [Example] { prepared.train + learnable(prepared.validation) }

  /// What is learned from and held out in turn: the training examples and the validation examples. If there are few of
  /// these and all members are trained once more, the training examples are held out fold by fold too, so that the
  /// calibration rests on every positive (cross-fitting; Platt 1999, §2.1).
  var calibrationParts: [CalibrationPart] {
    let validation = CalibrationPart(
      learned: prepared.train, held: heldOut(prepared.validation, negativeWeight: 1))
    guard recipe.ensemble.refit, objective.givesProbabilities, hasFewValidationPositives,
      let folds = try? Datasets.folds(
        of: prepared.train, count: Self.folds, areClasses: true, seed: seed)
    else { return [validation] }
    let weight = weightOfDrawnNegatives
    return [validation]
      + folds.map { fold in
        let others = Set(prepared.train.indices).subtracting(fold).sorted()
        return CalibrationPart(
          learned: others.map { prepared.train[$0] } + learnable(prepared.validation),
          held: heldOut(fold.map { prepared.train[$0] }, negativeWeight: weight))
      }
  }

  private var hasFewValidationPositives: Bool {
    tasks.indices.contains { task in
      prepared.validation.count { $0.labels[task] > 0.5 } < Self.enoughPositives
    }
  }

  private func learnable(_ held: [Example]) -> [Example] {
    prepared.makesFreshNegatives ? held.filter(\.isPositive) : held
  }

  /// The weight at which the drawn negatives of training are as heavy beside its positives as those of validation.
  private var weightOfDrawnNegatives: Float {
    func weightPerPositive(_ examples: [Example]) -> Float {
      let negatives = examples.reduce(0) { $0 + ($1.isPositive ? 0 : $1.weight) }
      return negatives / Float(examples.count(where: \.isPositive))
    }
    guard prepared.negatives.areDrawn else { return 1 }
    let weight = weightPerPositive(prepared.validation) / weightPerPositive(prepared.train)
    return weight.isFinite && weight > 0 ? weight : 1
  }

  /// Held-out examples; of positives alone with shuffles of them.
  private func heldOut(_ examples: [Example], negativeWeight: Float) -> [Example] {
    if prepared.makesFreshNegatives, objective.givesProbabilities {
      return withShuffles(examples.filter(\.isPositive), seed: seed)
    }
    return examples.map { example in
      var example = example
      if !example.isPositive { example.weight *= negativeWeight }
      return example
    }
  }
}

private let shufflesPerPositive = 5

/// Positives with shuffles that count as much as one per positive: the more of them, the less the calibration depends on
/// which they are.
private func withShuffles(_ positives: [Example], seed: UInt64) -> [Example] {
  var shuffler = DinucleotideShuffler()
  return positives.enumerated().flatMap { index, positive in
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
