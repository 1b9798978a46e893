public import Datasets
public import Genomics
public import Tensors

/// What a network's outputs stand for, and so what training minimizes: the link, the loss, and the words
/// for them stand here; what is measured stands in `Evaluation`.
public enum Objective: String, Codable, Sendable, CaseIterable {
  /// A label of 0 or 1 per task; the output is the logit of the probability.
  case binary = "classification"
  /// A number per task; the output is that number.
  case number = "regression"
  /// A score per task, the higher the likelier, of a model that was trained elsewhere; the output is
  /// that score.
  case score

  /// What labels of a kind are learned by.
  public init(_ kind: LabelKind) {
    self = kind == .classes ? .binary : .number
  }

  /// What labels it is measured with.
  public var labelKind: LabelKind { hasClasses ? .classes : .numbers }

  /// Whether examples are bound or not, rather than measured by a number.
  public var hasClasses: Bool { self != .number }

  /// Whether labels are standardized before training: the loss depends on their unit.
  public var standardizesLabels: Bool { self == .number }

  /// Whether predictions are probabilities.
  public var givesProbabilities: Bool { self == .binary }
}

// The link.
extension Objective {
  /// What an output stands for: the probability of a logit, or the number itself.
  public func prediction(_ output: Float) -> Float {
    givesProbabilities ? sigmoid(output) : output
  }

  /// The least output whose prediction is at least as large as a number.
  public func output(ofPrediction prediction: Float) -> Float {
    givesProbabilities ? logit(prediction) : prediction
  }

  /// The predictions that outputs can stand for; `nil` for any number.
  public var predictionRange: ClosedRange<Float>? { givesProbabilities ? 0...1 : nil }
}

// The words.
extension Objective {
  /// The name of an output, such as in the header of a VCF file.
  public var outputName: String { givesProbabilities ? "output (logit)" : "output" }

  /// The name of the figure by which models are compared.
  public var measureName: String { hasClasses ? "AUROC" : "correlation" }
}

// The loss.
extension Objective {
  /// The weighted sum of the losses over examples and measured tasks, and its gradient.
  ///
  /// Logistic loss for classes, `log(1 + e^z) - y z`; half the squared error for numbers.
  /// - Parameters:
  ///   - outputs: `[batch, task]`.
  ///   - labels: As many, in the same order; not a number if a task wasn't measured.
  ///   - weights: One per example.
  ///   - scale: The factor of loss and gradient, such as one over the batch's size.
  public func loss(_ outputs: Tensor, labels: [Float], weights: [Float], scale: Float)
    -> LossGradient
  {
    precondition(labels.count == outputs.scalars.count && weights.count == outputs.shape[0])
    let tasks = outputs.shape[1]
    var sum = 0.0
    var gradient = Tensor(zeros: outputs.shape)
    for (index, output) in outputs.scalars.enumerated() where !labels[index].isNaN {
      let (label, weight) = (labels[index], weights[index / tasks] * scale)
      switch self {
      case .binary:
        sum += Double(weight) * (softplus(Double(output)) - Double(label) * Double(output))
        gradient.scalars[index] = weight * (sigmoid(output) - label)
      case .number, .score:
        let error = output - label
        sum += Double(weight) * Double(error) * Double(error) / 2
        gradient.scalars[index] = weight * error
      }
    }
    return LossGradient(loss: sum, gradient: gradient)
  }
}

extension Objective {
  /// The sequences that motifs and background scores are made of: the positives, or all if there are no
  /// classes.
  public func motifSources(_ examples: [Example]) -> [EncodedSequence] {
    (hasClasses ? examples.filter(\.isPositive) : examples).map(\.bases)
  }
}
