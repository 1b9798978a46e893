/// What the losses of a network's epochs say of how it learned.
public struct FitAssessment: Codable, Equatable, Sendable {
  public enum Verdict: String, Codable, Sendable {
    /// The training loss went on falling while the validation loss rose.
    case overfitting
    /// Neither loss fell to speak of.
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

  private static let fewestEpochs = 4
  private static let smoothed = 3
  /// The share by which the validation loss rises above its lowest, at least, if the network overfits: of that loss, and
  /// of how far it fell before.
  private static let rise = 0.05
  /// The share by which a loss falls, at least, if something is learned.
  private static let fall = 0.02

  /// - Returns: `nil` of fewer than four epochs, which say little.
  public init?(_ history: [EpochRecord]) {
    guard history.count >= Self.fewestEpochs else { return nil }
    let (training, validation) = (history.map(\.trainingLoss), history.map(\.validationLoss))
    (bestEpoch, epochs) = (history.bestEpoch, history.count)
    let best = bestEpoch - 1
    (bestTrainingLoss, bestValidationLoss) = (training[best], validation[best])
    lastTrainingLoss = Self.mean(training.suffix(Self.smoothed))
    lastValidationLoss = Self.mean(validation.suffix(Self.smoothed))
    let isPast = epochs - bestEpoch >= Self.smoothed
    // Losses of counts may be negative.
    func differs(_ value: Double, from other: Double, by share: Double) -> Bool {
      value - other > share * abs(other)
    }
    let learned = validation[0] - bestValidationLoss
    if isPast, lastTrainingLoss < bestTrainingLoss,
      differs(lastValidationLoss, from: bestValidationLoss, by: Self.rise),
      lastValidationLoss - bestValidationLoss > Self.rise * learned
    {
      verdict = .overfitting
    } else if !differs(training[0], from: training.min() ?? 0, by: Self.fall),
      !differs(validation[0], from: bestValidationLoss, by: Self.fall)
    {
      verdict = .underfitting
    } else {
      let before = epochs - 1 - max(1, epochs / 5)
      let stillFalls =
        bestEpoch == epochs && differs(validation[before], from: bestValidationLoss, by: Self.fall)
        && differs(training[before], from: training[epochs - 1], by: Self.fall)
      verdict = stillFalls ? .unfinished : .fits
    }
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}
