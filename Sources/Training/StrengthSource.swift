internal import Datasets

/// How strong peaks are told from weak ones.
public enum StrengthChoice: String, CaseIterable, Sendable {
  /// By signal value or score; else by the order of the rows, if that proves to be by strength.
  case auto
  /// The first rows are the strongest.
  case order
  /// All count alike.
  case none
}

/// What tells the strength of a model's positives.
public enum StrengthSource: Equatable, Sendable {
  /// The signal value or score of each peak.
  case signal
  /// The order of the rows.
  ///
  /// - `correlation`: Spearman's between a positive's row and its score by a k-mer model; `nil` if the order was
  ///   asked for.
  case rows(correlation: Double?)
  /// Nothing.
  ///
  /// - `correlation`: As for rows; `nil` if it isn't known.
  case unknown(correlation: Double?)
  /// Nothing was asked for.
  case unused

  /// The strength of examples, larger for stronger peaks; `nil` if it isn't known.
  func strengths(of examples: [Example]) -> [Double]? {
    switch self {
    case .signal: examples.map { $0.strength ?? 0 }
    case .rows: examples.map { -Double($0.row) }
    case .unknown, .unused: nil
    }
  }

  /// Finds what tells the strength of positives.
  init(
    _ choice: StrengthChoice, of positives: [Example], taskCount: Int, seed: UInt64, threads: Int
  ) {
    switch choice {
    case .none: self = .unused
    case .order: self = .rows(correlation: nil)
    case .auto:
      if positives.allSatisfy({ $0.strength != nil }),
        Set(positives.map(\.strength)).count > positives.count / 100
      {
        self = .signal
        return
      }
      guard taskCount == 1, let order = RowOrder(of: positives, seed: seed, threads: threads) else {
        self = .unknown(correlation: nil)
        return
      }
      self =
        order.isByStrength
        ? .rows(correlation: order.correlation) : .unknown(correlation: order.correlation)
    }
  }
}
