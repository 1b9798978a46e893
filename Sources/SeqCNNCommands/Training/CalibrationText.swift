internal import Evaluation
internal import Genomics
internal import Training

extension Metrics {
  /// How far the probabilities of each task can be trusted, in words; nothing for scores and numbers.
  var calibrationSummary: [String] {
    tasks.compactMap { task in
      guard let figures = task.classification, let brier = figures.brier,
        let error = figures.calibrationError
      else { return nil }
      let chance = figures.calibrationErrorByChance.map { ", \(fixed($0, 4)) by chance" } ?? ""
      return "\(task.task.escapedForTerminal): \(data) Brier score \(fixed(brier, 4))"
        + "\(Self.range(figures.brierInterval)), calibration error \(fixed(error, 4))"
        + "\(Self.range(figures.calibrationErrorInterval))\(chance)"
    }
  }
}
