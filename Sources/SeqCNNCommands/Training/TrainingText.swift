internal import Training

// What training tells while it works.

extension StrengthSource {
  /// What tells strong peaks from weak ones, in words.
  ///
  /// - Parameter positives: The number of those to train on.
  func words(positives: Int, selection: PeakSelection) -> [String] {
    func rankWords(_ correlation: Double) -> String {
      "rank correlation of row and k-mer score \(fixed(correlation, 2))"
    }
    func known(_ source: String) -> [String] {
      let kept = selection.strongest > 0 ? min(selection.strongest, positives) : positives
      return [
        "peak strength: by \(source); learns from \(kept) of \(positives) positives, the strongest most"
      ]
    }
    switch self {
    case .signal: return known("signal value or score")
    case .rows(let correlation?): return known("the rows' order (\(rankWords(correlation)))")
    case .unknown(let correlation?):
      return [
        "peak strength: not known (\(rankWords(correlation))); all positives count alike"
      ]
    case .rows(nil), .unknown(nil), .unused: return []
    }
  }
}

extension Console {
  /// Runs a training with a progress line that tells the losses of the last epoch, and keeps their table.
  ///
  /// - Parameter history: The table; `nil` if none is kept.
  func watching<Value>(
    _ training: ModelTraining, history: LossTable?, _ body: (ModelTraining.Observer) throws -> Value
  ) rethrows -> Value {
    let progress = SharedProgress(progress("train", unit: "sequences", total: nil))
    var observer = ModelTraining.Observer()
    let isAlone = training.recipe.ensemble.networks == 1
    observer.ended = { member, round, epoch in
      progress.tell((isAlone ? "" : "network \(member + 1), ") + epoch.words)
    }
    observer.kept = { member, round, epochs in
      if round == 0 { try history?.replace(epochs, of: member) }
    }
    observer.resumed = { member, round, epochs in
      note(
        "resumed: network \(member + 1)\(round > 0 ? ", once more" : ""), epoch \(epochs)")
    }
    observer.restarted = { member, round in
      note(
        "network \(member + 1)\(round > 0 ? ", once more" : ""): all its units died, so it gives every sequence one "
          + "output; begun again with other weights and half the learning rate")
    }
    observer.began = { progress.begin(total: $0) }
    observer.progress = { progress.add($0) }
    defer { progress.finish() }
    return try body(observer)
  }
}

extension EpochRecord {
  /// The losses in words.
  fileprivate var words: String {
    "epoch \(epoch): loss \(figure(trainingLoss, 3)), validation \(figure(validationLoss, 3))"
  }
}
