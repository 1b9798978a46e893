public import Genomics
public import Models
internal import Networks
internal import Tensors

/// How far the networks of a model disagree about a sequence.
///
/// Each network in turn stands for all of them, with the weight of all; the k-mer table keeps its own. The spread is the
/// standard deviation of the predictions that these models make.
public struct PredictionSpread: Sendable {
  private let model: Model

  /// - Returns: `nil` if the model has one network, which can't disagree.
  public init?(_ model: Model) {
    guard model.ensemble.networks.count > 1 else { return nil }
    self.model = model
  }

  /// The spread of the predictions for sequences that are read whole, `[sequence][task]`.
  public func spreads(of sequences: [EncodedSequence], threads: Int) -> [[Float]] {
    let ensemble = model.ensemble
    let tasks = model.tasks.count
    let members = ensemble.networks.map { $0.outputs(sequences, threads: threads).scalars }
    let kmers = ensemble.kmers.map { [$0.outputs(sequences, threads: threads).scalars] } ?? []
    let predictions = members.map { own in
      let outputs = ensemble.combined(members.map { _ in own } + kmers)
      return sequences.indices.map { row in
        model.objective.predictions(Array(outputs[row * tasks..<(row + 1) * tasks]))
      }
    }
    return sequences.indices.map { row in
      (0..<tasks).map { task in
        Self.standardDeviation(predictions.map { Double($0[row][task]) })
      }
    }
  }

  private static func standardDeviation(_ values: [Double]) -> Float {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Float((squares / Double(values.count - 1)).squareRoot())
  }
}
