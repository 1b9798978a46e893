internal import Datasets
internal import Genomics
public import Models
internal import Tensors

/// What the output of a task is to become.
public struct DesignAim: Equatable, Sendable {
  /// The index of the model.
  public let model: Int
  public let task: Int
  /// Whether the output is to be high; otherwise it is to be low.
  public let isWanted: Bool
  /// The output that is high enough, or low enough: nothing is gained beyond it. `nil` if more is always better.
  public let enough: Float?

  public init(model: Int, task: Int, isWanted: Bool, enough: Float? = nil) {
    (self.model, self.task, self.isWanted, self.enough) = (model, task, isWanted, enough)
  }

  /// What an output adds to the value of a sequence.
  func value(of output: Float) -> Double {
    isWanted ? Double(min(output, enough ?? .infinity)) : -Double(max(output, enough ?? -.infinity))
  }

  func isReached(by output: Float) -> Bool {
    guard let enough else { return false }
    return isWanted ? output >= enough : output <= enough
  }
}

/// What is wanted of sequences: outputs of one or more models. The value of a sequence is the sum of the outputs that are
/// wanted, each as far as it is not more than enough, less those that aren't.
public struct DesignAims: Sendable {
  private let ensembles: [Ensemble]
  public let aims: [DesignAim]

  /// - Precondition: There is an aim; models and tasks exist.
  public init(_ aims: [DesignAim], for models: [Model]) {
    precondition(
      !aims.isEmpty
        && aims.allSatisfy {
          models.indices.contains($0.model)
            && models[$0.model].tasks.indices.contains($0.task)
        }, "aims that no model has")
    self.aims = aims
    ensembles = models.map(\.ensemble)
  }

  /// The output of each aim, `[sequence][aim]`.
  func outputs(_ sequences: [[UInt8]]) -> [[Float]] {
    let encoded = sequences.map { EncodedSequence(codes: $0) }
    return gathered(count: sequences.count) { $0.outputs(encoded, threads: 1).scalars }
  }

  /// The values of sequences.
  func values(_ sequences: [[UInt8]]) -> [Double] { outputs(sequences).map(value) }

  /// The values of the sequences that have each of the four bases in each place, `[4 · position + base]`.
  func substitutionValues(_ codes: [UInt8]) -> [Double] {
    let sequence = EncodedSequence(codes: codes)
    return gathered(count: 4 * codes.count) {
      $0.substitutionOutputs(sequence, threads: 1).scalars
    }.map(value)
  }

  /// By how much each base in each place raises the value beside the mean of the four, to first order:
  /// `[4 · position + base]`. Aims that are reached count nothing.
  func slopes(_ codes: [UInt8]) -> [Double] {
    let batch = SequenceBatch([EncodedSequence(codes: codes)])
    let outputs = outputs([codes])[0]
    var slopes = [Double](repeating: 0, count: 4 * codes.count)
    for (aim, output) in zip(aims, outputs) where !aim.isReached(by: output) {
      let attributor = Attributor(ensembles[aim.model], by: .gradient, references: 0, seed: 0)
      let own = attributor.contributions(batch, references: [], task: aim.task).scalars
      for index in slopes.indices { slopes[index] += Double(own[index]) * (aim.isWanted ? 1 : -1) }
    }
    return slopes
  }

  func value(_ outputs: [Float]) -> Double {
    zip(aims, outputs).reduce(0) { $0 + $1.0.value(of: $1.1) }
  }

  /// Whether there is nothing more to gain.
  func areReached(by outputs: [Float]) -> Bool {
    zip(aims, outputs).allSatisfy { $0.isReached(by: $1) }
  }

  /// The highest value that there can be; infinite unless all aims have enough.
  var highestValue: Double {
    aims.reduce(0) { sum, aim in
      sum + (aim.enough.map { Double(aim.isWanted ? $0 : -$0) } ?? .infinity)
    }
  }

  /// Asks each model once.
  private func gathered(count: Int, _ scalars: (Ensemble) -> [Float]) -> [[Float]] {
    let all = ensembles.map(scalars)
    return (0..<count).map { row in
      aims.map { all[$0.model][row * ensembles[$0.model].taskCount + $0.task] }
    }
  }
}
