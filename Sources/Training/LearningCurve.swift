public import Datasets
internal import Genomics
public import Networks
internal import Tensors

/// What the losses of a network's epochs say of how it learned.
public struct FitAssessment: Codable, Equatable, Sendable {
  public enum Verdict: String, Codable, Sendable {
    /// The training loss went on falling while the validation loss rose, or never came below chance.
    case overfitting
    /// The validation loss rose so, but the order of the outputs told the classes apart as well as before: outputs grew too
    /// sure, which calibration mends.
    case overconfident
    /// Neither loss fell to speak of, or neither came below chance.
    case underfitting
    /// Both losses were still falling when the epochs were used up.
    case unfinished
    /// None of these.
    case fits
  }

  public let verdict: Verdict
  /// The epoch with the lowest validation loss, counted from 1.
  public let bestEpoch: Int
  public let epochs: Int
  /// The losses of the best epoch, and at the end: the mean of the last three epochs.
  public let bestTrainingLoss, bestValidationLoss, lastTrainingLoss, lastValidationLoss: Double
  /// The AUROC of the best epoch, and at the end; `nil` if there are no classes.
  public let bestValidationAUROC, lastValidationAUROC: Double?
  /// The validation loss of chance, if no epoch came below it.
  public let unbeatenLoss: Double?

  private static let fewestEpochs = 4
  private static let smoothed = 3
  /// The share by which the validation loss rises above its lowest, at least, if the network overfits: of that loss, and
  /// of how far it fell before.
  private static let rise = 0.05
  /// The most that the AUROC falls by if the outputs' order is as good as before.
  private static let negligibleAUROC = 0.01
  /// The share by which a loss falls, at least, if something is learned.
  private static let fall = 0.02

  /// - Parameter chanceLoss: The validation loss if each class had the probability of its share among what was learned
  ///   from; `nil` if there are no classes.
  /// - Returns: `nil` of fewer than four epochs, which say little.
  public init?(_ history: [EpochRecord], chanceLoss: Double? = nil) {
    guard history.count >= Self.fewestEpochs else { return nil }
    let (training, validation) = (history.map(\.trainingLoss), history.map(\.validationLoss))
    (bestEpoch, epochs) = (history.bestEpoch, history.count)
    let best = bestEpoch - 1
    (bestTrainingLoss, bestValidationLoss) = (training[best], validation[best])
    lastTrainingLoss = Self.mean(training.suffix(Self.smoothed))
    lastValidationLoss = Self.mean(validation.suffix(Self.smoothed))
    bestValidationAUROC = history[best].validationAUROC
    let areas = history.compactMap(\.validationAUROC).suffix(Self.smoothed)
    lastValidationAUROC = areas.isEmpty ? nil : Self.mean(areas)
    let areaLoss = (bestValidationAUROC ?? .infinity) - (lastValidationAUROC ?? 0)
    let isPast = epochs - bestEpoch >= Self.smoothed
    // Losses of counts may be negative.
    func differs(_ value: Double, from other: Double, by share: Double) -> Bool {
      value - other > share * abs(other)
    }
    let learned = validation[0] - bestValidationLoss
    let before = epochs - 1 - max(1, epochs / 5)
    let stillFalls =
      bestEpoch == epochs && differs(validation[before], from: bestValidationLoss, by: Self.fall)
      && differs(training[before], from: training[epochs - 1], by: Self.fall)
    let bestLoss = bestValidationLoss
    unbeatenLoss = chanceLoss.flatMap { differs($0, from: bestLoss, by: Self.fall) ? nil : $0 }
    if let unbeatenLoss, !stillFalls {
      verdict =
        differs(unbeatenLoss, from: lastTrainingLoss, by: Self.fall)
        ? .overfitting : .underfitting
    } else if isPast, lastTrainingLoss < bestTrainingLoss,
      differs(lastValidationLoss, from: bestValidationLoss, by: Self.rise),
      lastValidationLoss - bestValidationLoss > Self.rise * learned
    {
      verdict = areaLoss <= Self.negligibleAUROC ? .overconfident : .overfitting
    } else if !differs(training[0], from: training.min() ?? 0, by: Self.fall),
      !differs(validation[0], from: bestValidationLoss, by: Self.fall)
    {
      verdict = .underfitting
    } else {
      verdict = stillFalls ? .unfinished : .fits
    }
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}

extension Objective {
  /// The loss of examples if each class had the probability of a share.
  ///
  /// - Parameter shares: Of each class, or of the positives of each task.
  /// - Returns: `nil` if there are no classes, or a share is none or all.
  public func chanceLoss(of examples: [Example], shares: [Double]) -> Double? {
    guard self == .binary || self == .categorical, shares.allSatisfy({ 0 < $0 && $0 < 1 }) else {
      return nil
    }
    let outputs = shares.map { share in
      Float(
        portableLogarithm(share) - (self == .binary ? portableLogarithm(1 - share) : 0))
    }
    return loss(
      Tensor(
        shape: [examples.count, shares.count],
        scalars: examples.flatMap { _ in outputs }),
      labels: examples.flatMap(\.labels), weights: examples.map(\.weight),
      scale: 1 / Float(examples.count)
    ).loss
  }
}

extension Trainer {
  /// The validation loss of a network that has learned how frequent each class is among what it learns from, and nothing
  /// else; `nil` if there are no classes. Validation examples may have other shares, so that of their own says nothing.
  package var chanceLoss: Double? {
    let weights = lossSettings.classWeights
    let sums = training.classSums.enumerated().map { task, sum in
      (positives: sum.positives * (weights.isEmpty ? 1 : Double(weights[task])), sum.negatives)
    }
    let all = sums.reduce(0) { $0 + $1.positives }
    return objective.chanceLoss(
      of: validation,
      shares: sums.map { sum in
        sum.positives / (objective == .categorical ? all : sum.positives + sum.1)
      })
  }
}
