import Genomics

/// How many trials get how long a training: all a short one, the best of them a longer one, and so on
/// (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification").
///
/// Each rung keeps a third of the trials and trains them three times as long, from the beginning: a
/// short training has its whole rise and fall of the learning rate, so that trials are compared as they
/// would end.
public struct SuccessiveHalving: Equatable, Sendable {
  public struct Rung: Equatable, Sendable {
    public let trials: Int
    /// The part of a full training: one of so many.
    public let divisor: Int
  }

  public static let reduction = 3
  private static let mostRungs = 3
  private static let fewestInLastRung = 3

  /// In the order in which they are climbed.
  public let rungs: [Rung]

  /// As many rungs, three at most, as leave three trials for the last one.
  ///
  /// - Precondition: `trials >= 1`.
  public init(trials: Int) {
    precondition(trials >= 1, "\(trials) trials")
    var counts = [trials]
    while let last = counts.last, counts.count < Self.mostRungs,
      last / Self.reduction >= Self.fewestInLastRung
    {
      counts.append(last.dividedRoundingUp(by: Self.reduction))
    }
    var divisor = 1
    rungs = counts.reversed().map { count in
      defer { divisor *= Self.reduction }
      return Rung(trials: count, divisor: divisor)
    }.reversed()
  }
}

extension TrainingConfiguration {
  /// The part of a training that a rung asks for, one epoch at least.
  package func shortened(by divisor: Int) -> TrainingConfiguration {
    var short = self
    short.epochs = epochs.dividedRoundingUp(by: divisor)
    short.leastSteps = leastSteps.dividedRoundingUp(by: divisor)
    return short
  }
}
