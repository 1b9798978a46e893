internal import Training

extension [FitAssessment] {
  /// What the learning curves say, if all networks learned something.
  var notes: [String] { contains(where: \.hasLearnedNothing) ? [] : words }

  /// The same, if a network didn't.
  var warnings: [String] { contains(where: \.hasLearnedNothing) ? words : [] }

  /// In plain words: a line, or one for each network if they differ.
  private var words: [String] {
    guard let first else { return [] }
    guard contains(where: { $0.verdict != first.verdict }) else {
      return ["learning curves: \(first.words)"]
    }
    return enumerated().map { "learning curves of network \($0 + 1): \($1.words)" }
  }
}

extension FitAssessment {
  /// Whether the validation loss never got below that of the classes' shares alone.
  fileprivate var hasLearnedNothing: Bool { unbeatenLoss != nil && verdict != .unfinished }

  fileprivate var words: String {
    let chance = unbeatenLoss.map { figure($0, 3) } ?? ""
    let losses = { (from: Double, to: Double) in "\(figure(from, 3)) to \(figure(to, 3))" }
    return switch verdict {
    case .overfitting where hasLearnedNothing:
      "overfitting: the training loss fell to \(figure(lastTrainingLoss, 3)), and the validation loss, "
        + "\(figure(bestValidationLoss, 3)) at best, isn't below \(chance), that of the classes' shares alone; try more "
        + "examples, dropout, l2 or augmentation, or a network that shares weights between positions"
    case .underfitting where hasLearnedNothing:
      "underfitting: the validation loss, \(figure(bestValidationLoss, 3)) at best, isn't below \(chance), that of the "
        + "classes' shares alone; try more epochs, another learning rate, another network, or other data"
    case .overfitting:
      "overfitting: after epoch \(bestEpoch) of \(epochs) the training loss went on falling, "
        + "\(losses(bestTrainingLoss, lastTrainingLoss)), and the validation loss rose, "
        + "\(losses(bestValidationLoss, lastValidationLoss)); try more examples, dropout, l2 or augmentation, or fewer epochs"
    case .underfitting:
      "underfitting: neither loss fell by 2 % in \(epochs) epochs (validation \(figure(bestValidationLoss, 3)) at best); "
        + "try a larger network, another learning rate, or other data"
    case .unfinished:
      "unfinished: both losses were still falling after \(epochs) epochs; try more --epochs"
    case .fits:
      "the validation loss is lowest in epoch \(bestEpoch) of \(epochs), and no sign of over- or underfitting"
    }
  }
}
