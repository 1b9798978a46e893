public import Datasets
public import Genomics
internal import Glibc
internal import Tensors

/// What a network's outputs stand for, and so what training minimizes: the link, the loss, and the words
/// for them stand here; what is measured stands in `Evaluation`.
public enum Objective: String, Codable, Sendable, CaseIterable {
  /// A label of 0 or 1 per task; the output is the logit of the probability.
  case binary = "classification"
  /// A number per task; the output is that number.
  case number = "regression"
  /// One class of several, each a task; the outputs are logits, of which softmax makes probabilities.
  case categorical
  /// A level of several: each task is a level, and its output the logit of that level or a higher one.
  case ordinal
  /// A count per task; the output is the logarithm of its mean.
  case count
  /// A score per task, the higher the likelier, of a model that was trained elsewhere; the output is
  /// that score.
  case score

  /// What labels of a kind are learned by.
  public init(_ kind: LabelKind) {
    switch kind {
    case .classes: self = .binary
    case .numbers: self = .number
    case .categories: self = .categorical
    case .counts: self = .count
    case .ranks: self = .ordinal
    }
  }

  /// What labels it is measured with.
  public var labelKind: LabelKind {
    switch self {
    case .binary, .score: .classes
    case .number: .numbers
    case .categorical: .categories
    case .count: .counts
    case .ordinal: .ranks
    }
  }

  /// Whether an example belongs to a task or not, rather than being measured by a number.
  public var hasClasses: Bool { self != .number && self != .count }

  /// Whether examples may belong to no task: those are the negatives.
  public var hasNegatives: Bool { self == .binary || self == .score }

  /// Whether labels are standardized before training: the loss depends on their unit.
  public var standardizesLabels: Bool { self == .number }

  /// Whether each prediction is the probability of being bound, for a share of bound sequences.
  public var givesProbabilities: Bool { self == .binary }
}

// The link.
extension Objective {
  /// What an output by itself stands for: the probability of a logit, the mean of a count, or the number itself. That of
  /// a class among others is its logit.
  public func prediction(_ output: Float) -> Float {
    switch self {
    case .binary, .ordinal: sigmoid(output)
    case .count: Float(exp(Double(output)))
    case .number, .categorical, .score: output
    }
  }

  /// What the outputs of all tasks of an example stand for.
  public func predictions(_ outputs: [Float]) -> [Float] {
    self == .categorical ? softmax(outputs) : outputs.map(prediction)
  }

  /// The least output whose prediction is at least as large as a number.
  public func output(ofPrediction prediction: Float) -> Float {
    switch self {
    case .binary, .ordinal: logit(prediction)
    case .count: prediction > 0 ? Float(log(Double(prediction))) : -.infinity
    case .number, .categorical, .score: prediction
    }
  }

  /// The predictions that outputs can stand for; `nil` for any number.
  public var predictionRange: ClosedRange<Float>? {
    switch self {
    case .binary, .ordinal: 0...1
    case .count: 0...(.greatestFiniteMagnitude)
    case .number, .categorical, .score: nil
    }
  }
}

// The words.
extension Objective {
  /// The name of an output, such as in the header of a VCF file.
  public var outputName: String {
    switch self {
    case .binary, .categorical, .ordinal: "output (logit)"
    case .count: "output (log mean)"
    case .number, .score: "output"
    }
  }

  /// The name of the figure by which models are compared.
  public var measureName: String { hasClasses ? "AUROC" : "correlation" }
}

extension Objective {
  /// The sequences that motifs and background scores are made of: the positives, or all if there are no
  /// classes.
  public func motifSources(_ examples: [Example]) -> [EncodedSequence] {
    (hasClasses ? examples.filter(\.isPositive) : examples).map(\.bases)
  }
}
