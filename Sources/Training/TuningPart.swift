public import Datasets
internal import Evaluation
public import Models
internal import Networks
internal import Tensors

/// Examples to train a trial's network on, and others to score it on.
public struct TuningPart: Sendable {
  let training: [Example]
  let scored: [Example]
  /// The outputs for `scored` of a k-mer table that was trained on the same examples, over their standard
  /// deviation: `[example, task]`; `nil` if the model has no table.
  let kmerOutputs: Tensor?

  /// - Parameters:
  ///   - training: With the weights that they count with.
  ///   - scored: Examples, including negatives, that share no group with `training`.
  public init(training: [Example], scored: [Example], kmers: KmerTable?, threads: Int) {
    self.training = training.withMeanWeightOne
    self.scored = scored
    kmerOutputs = kmers.map { $0.outputs(scored.map(\.bases), threads: threads).standardized }
  }

  /// The examples of an epoch, where each positive has so many fresh shuffles.
  func countPerEpoch(shufflesPerPositive: Int) -> Int {
    training.count + shufflesPerPositive * training.count(where: \.isPositive)
  }

  /// Trains one network, on the calling thread alone, and scores it as the model will use it: added to
  /// the k-mer table, if there is one.
  ///
  /// - Parameter picksEpoch: Whether the epoch with the lowest loss on `scored` counts, not the last.
  /// - Throws: `ConfigurationError`.
  func outcome(
    of recipe: Recipe, picksEpoch: Bool, objective: Objective, makesShuffles: Bool, seed: UInt64
  ) throws -> TuningOutcome {
    let network = try Network(
      recipe.network, objective: objective, learning: training, taskCount: scored[0].labels.count,
      seed: seed)
    let configuration = recipe.training
    let trainer = Trainer(
      configuration, objective: objective,
      training: TrainingSet(
        training.map { $0.padded(to: network.minimumLength) },
        shufflesPerPositive: makesShuffles ? configuration.shufflesPerPositive : 0, seed: seed),
      // Where no epoch is picked by its loss a look at one example, which must be finite, will do.
      validation: picksEpoch ? scored : [scored[0]], picksEpoch: picksEpoch, seed: seed, threads: 1)
    var state = TrainingState(network: network, configuration: configuration)
    do {
      while !trainer.isFinished(state) { try trainer.runEpoch(&state) { _ in } }
    } catch let error as TrainingError {
      return TuningOutcome(epochs: state.history.count, score: nil, failure: error.description)
    }
    var outputs = trainer.result(of: state).outputs(scored.map(\.bases), threads: 1)
    if let kmerOutputs {
      outputs = outputs.standardized
      outputs += kmerOutputs
    }
    let score = objective.score(outputs, labels: scored.flatMap(\.labels))
    return TuningOutcome(
      epochs: state.history.count, score: score,
      failure: score == nil ? "its outputs can't be ranked" : nil)
  }
}

/// What a training in a search came to.
public struct TuningOutcome: Codable, Equatable, Sendable {
  public let epochs: Int
  /// The mean over the tasks of AUROC, or of Pearson's correlation for regression; absent of a failure.
  public let score: Double?
  /// What went wrong, in words.
  public let failure: String?
}

extension Tensor {
  /// Each column of `[row, column]` over its standard deviation.
  fileprivate var standardized: Tensor {
    let columns = shape[1]
    let scales = (0..<columns).map { column in
      scale(of: stride(from: column, to: scalars.count, by: columns).map { scalars[$0] })
    }
    return Tensor(
      shape: shape, scalars: scalars.enumerated().map { $0.element * scales[$0.offset % columns] })
  }
}
