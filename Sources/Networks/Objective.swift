public import Datasets
internal import Tensors

/// What a network's outputs stand for, and so what training minimises.
public enum Objective: String, Codable, Sendable {
  /// 0 or 1 a task; the output is the logit of the probability.
  case classification
  /// A number a task; the output is that number.
  case regression
  /// A score a task, the higher the likelier, of a model that was trained elsewhere; the output is
  /// that score.
  case score

  /// What labels of a kind are learned by.
  public init(_ kind: LabelKind) {
    self = kind == .classes ? .classification : .regression
  }

  /// What labels it is measured with.
  public var labelKind: LabelKind { hasClasses ? .classes : .numbers }

  /// Whether examples are bound or not, rather than measured by a number.
  public var hasClasses: Bool { self != .regression }

  /// What an output stands for: the probability of a logit, or the number itself.
  public func prediction(_ output: Float) -> Float {
    self == .classification ? sigmoid(output) : output
  }
}
