public import Layers
internal import Networks

/// How much the examples of a class count beside those of the others.
public enum ClassWeighting: String, NamedCase, Sendable {
  /// As much together: a positive counts `negatives / positives` of its task, an example of one class of several
  /// `examples / (classes · own examples)`.
  case balanced
}

extension LossSettings {
  /// What a recipe asks of the loss on some examples.
  init(_ configuration: TrainingConfiguration, objective: Objective, training: TrainingSet) {
    self.init(
      labelSmoothing: configuration.labelSmoothing ?? 0, dispersion: configuration.dispersion ?? 0)
    guard configuration.classWeights == .balanced, objective.hasClasses else { return }
    let sums = training.classSums
    let all = sums.reduce(0) { $0 + $1.positives }
    classWeights = sums.map { sum in
      guard sum.positives > 0 else { return 1 }
      return Float(
        objective == .categorical
          ? all / (Double(sums.count) * sum.positives) : sum.negatives / sum.positives)
    }
  }

  /// The same without what makes training easier: what validation measures.
  var forValidation: LossSettings { LossSettings(dispersion: dispersion) }
}
