/// A draw from a search space, and what became of it.
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
  /// `nil` of the first trial: the recipe as it is.
  public let draw: Draw?
  public internal(set) var status = Status.finished
  /// The last rung that it was trained in, counted from 1.
  public private(set) var rung = 0
  /// The epochs of each training there.
  public private(set) var epochs = 0
  /// For each fold how well it did there; missing if it failed.
  public private(set) var foldScores: [Double?] = []
  /// What went wrong first.
  public private(set) var failure: String?

  init(number: Int, draw: Draw?) {
    self.number = number
    self.draw = draw
  }

  /// The mean over the folds; `nil` if one failed.
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
  /// For each trial the values of some paths, in JSON.
  ///
  /// - Parameter recipe: That of the first trial.
  public func values(of paths: [String], recipe: Recipe) throws -> [[String]] {
    let own = try JSONValue(recipe)
    return map { trial in
      trial.draw?.values.map(\.value.text) ?? paths.map { own[$0.pathComponents]?.text ?? "" }
    }
  }

  /// A row per trial, with a header, tab-separated.
  ///
  /// - Parameter recipe: That of the first trial.
  public func table(of paths: [String], recipe: Recipe) throws -> String {
    let folds = map(\.foldScores.count).max() ?? 0
    let header =
      ["trial"] + paths + ["rung", "epochs"] + (0..<folds).map { "fold\($0 + 1)" }
      + ["mean", "status"]
    func text(_ score: Double?) -> String { score.map { "\($0)" } ?? "" }
    let rows = zip(self, try values(of: paths, recipe: recipe)).map { trial, values in
      ["\(trial.number)"] + values + ["\(trial.rung)", "\(trial.epochs)"]
        + trial.foldScores.map(text) + [text(trial.score), trial.statusText]
    }
    return ([header] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
