internal import Training

extension [FitAssessment] {
  /// What the learning curves say of networks that learned something, in plain words.
  var notes: [String] { lines { !$0.hasLearnedNothing } }

  /// The same of networks that didn't.
  var warnings: [String] { lines(where: \.hasLearnedNothing) }

  /// A line, or one for each network if they differ.
  private func lines(where isMeant: (FitAssessment) -> Bool) -> [String] {
    guard let first else { return [] }
    let areAlike = allSatisfy {
      $0.verdict == first.verdict && $0.hasLearnedNothing == first.hasLearnedNothing
    }
    guard !areAlike else { return isMeant(first) ? ["learning curves: \(first.words)"] : [] }
    return enumerated().filter { isMeant($0.element) }.map {
      "learning curves of network \($0.offset + 1): \($0.element.words)"
    }
  }
}

extension FitAssessment {
  /// Whether the validation loss never got below that of the classes' shares alone.
  fileprivate var hasLearnedNothing: Bool { unbeatenLoss != nil && verdict != .unfinished }

  fileprivate var words: String {
    let chance = unbeatenLoss.map { figure($0, 3) } ?? ""
    let areas = [bestValidationAUROC, lastValidationAUROC].compactMap { $0.map { figure($0, 3) } }
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
    case .overconfident:
      "after epoch \(bestEpoch) of \(epochs) the validation loss rose, \(losses(bestValidationLoss, lastValidationLoss)), but "
        + "outputs kept their order (AUROC \(areas.joined(separator: " to "))): they "
        + "grew too sure, which the calibration mends"
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
