internal import Networks
package import Tensors

extension Objective {
  /// How well outputs rank examples (`measureName`): the mean over the tasks of AUROC, that of a class against the
  /// others by its probability; of Pearson's correlation for numbers.
  ///
  /// - Parameters:
  ///   - outputs: `[example, task]`.
  ///   - labels: `[example][task]`, not a number where not measured.
  /// - Returns: `nil` if no task has a figure: a class is absent, or a side doesn't vary.
  package func score(_ outputs: Tensor, labels: [Float]) -> Double? {
    let tasks = outputs.shape[1]
    let predictions =
      self == .categorical || self == .count ? self.predictions(outputs) : outputs
    return mean(
      (0..<tasks).compactMap { task -> Double? in
        let measured = stride(from: task, to: labels.count, by: tasks).filter { !labels[$0].isNaN }
        let own = measured.map { predictions.scalars[$0] }
        return hasClasses
          ? auroc(scores: own, isPositive: measured.map { labels[$0] > 0.5 })
          : RegressionFigures(predictions: own, labels: measured.map { labels[$0] }).pearson
      })
  }
}

extension Objective {
  /// What the outputs of examples stand for, `[example, task]`.
  private func predictions(_ outputs: Tensor) -> Tensor {
    let tasks = outputs.shape[1]
    return Tensor(
      shape: outputs.shape,
      scalars: (0..<outputs.shape[0]).flatMap {
        predictions(Array(outputs.scalars[$0 * tasks..<($0 + 1) * tasks]))
      })
  }
}
