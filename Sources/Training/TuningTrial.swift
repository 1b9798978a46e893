internal import Networks

/// A draw of hyper-parameters, and what became of it.
public struct TuningTrial: Equatable, Sendable {
  public enum Status: Equatable, Sendable {
    case winner
    /// Trained in full.
    case finished
    /// Among the worst of a rung, counted from 1.
    case eliminated(rung: Int)
    case failed
  }

  /// Counted from 1.
  public let number: Int
  public let parameters: HyperParameters
  public internal(set) var status = Status.finished
  /// The last rung that it was trained in, counted from 1.
  public private(set) var rung = 0
  /// The epochs of each training there.
  public private(set) var epochs = 0
  /// For each fold how well it did there; absent where it failed.
  public private(set) var foldScores: [Double?] = []
  /// What went wrong first.
  public private(set) var failure: String?

  init(number: Int, parameters: HyperParameters) {
    self.number = number
    self.parameters = parameters
  }

  /// The mean over the folds; `nil` where one failed.
  public var score: Double? {
    let scores = foldScores.compactMap { $0 }
    guard !scores.isEmpty, scores.count == foldScores.count else { return nil }
    return scores.reduce(0, +) / Double(scores.count)
  }

  /// The status in words.
  public var statusText: String {
    switch status {
    case .winner: "winner"
    case .finished: "finished"
    case .eliminated(let rung): "eliminated at rung \(rung)"
    case .failed: "failed: \(failure ?? "")"
    }
  }

  /// Takes up the outcome of the next fold of a rung.
  mutating func add(_ outcome: TuningOutcome, rung: Int) {
    if rung != self.rung { (self.rung, epochs, foldScores) = (rung, 0, []) }
    epochs = max(epochs, outcome.epochs)
    foldScores.append(outcome.score)
    guard let failure = outcome.failure else { return }
    self.failure = self.failure ?? failure
    status = .failed
  }
}

extension [TuningTrial] {
  /// A row a trial, with a header, tab-separated.
  public var table: String {
    let folds = map(\.foldScores.count).max() ?? 0
    let header =
      [
        "trial", "filters", "width", "pooling", "hidden", "feature_dropout", "hidden_dropout",
        "initial_scale", "learning_rate", "warmup", "l2", "batch_size", "shuffles", "rung",
        "epochs",
      ] + (0..<folds).map { "fold\($0 + 1)" } + ["mean", "status"]
    return ([header] + map(\.fields)).map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}

extension TuningTrial {
  fileprivate var fields: [String] {
    func text(_ score: Double?) -> String { score.map { "\($0)" } ?? "" }
    let drawn = parameters
    let shape = ["\(drawn.filters)", "\(drawn.width)", drawn.pooling.rawValue, "\(drawn.hidden)"]
    let rates = [
      drawn.featureDropout, drawn.hiddenDropout, drawn.initialScale, drawn.learningRate,
      drawn.warmup, drawn.l2,
    ].map { "\($0)" }
    return ["\(number)"] + shape + rates
      + ["\(drawn.batchSize)", "\(drawn.shufflesPerPositive)", "\(rung)", "\(epochs)"]
      + foldScores.map(text) + [text(score), statusText]
  }
}
