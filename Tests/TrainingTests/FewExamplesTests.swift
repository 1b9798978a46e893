import Datasets
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

/// What training does where there are few examples, or some that have no shuffle.
@Suite struct FewExamplesTests {
  /// The validation labels are turned round, so that every epoch makes the loss worse: a training that few
  /// examples lengthen runs to its end nonetheless, and its last epoch counts.
  @Test(arguments: [(leastSteps: 0, epochs: 20), (120, 30)])
  func lengthenedTrainingsKeepTheLastEpoch(steps: (leastSteps: Int, epochs: Int)) throws {
    var configuration = TrainerTests.configuration(epochs: 20)
    configuration.patience = 3
    configuration.leastSteps = steps.leastSteps
    let training = planted(count: 100, seed: 1)
    let validation = training.map { example in
      var example = example
      example.labels = example.labels.map { 1 - $0 }
      return example
    }
    let trainer = TrainerTests.trainer(configuration, training, validation)
    var state = TrainingState(
      network: try TrainerTests.network(), configuration: configuration)
    while !trainer.isFinished(state) { try trainer.runEpoch(&state) { _ in } }
    let isLengthened = steps.leastSteps > 0
    #expect(trainer.picksEpoch == !isLengthened)
    if isLengthened { #expect(state.history.count == steps.epochs) }
    let expected = isLengthened ? state.network.parameters : state.bestParameters
    #expect(trainer.result(of: state).parameters == expected)
    #expect(state.network.parameters != state.bestParameters)
  }

  /// Of each epoch's order the periodic positive has no shuffle, and no shuffle equals its positive, though
  /// half of all shuffles of `AACAC` would.
  @Test func positivesWithoutAShuffleGetNone() {
    let texts = ["ACACACACACACACAC", "AACAC", "ACGTTGCATCGATCCA"]
    let examples = texts.map {
      Example(name: $0, bases: EncodedSequence($0)!, labels: [1])
    }
    let set = TrainingSet(examples, shufflesPerPositive: 2, seed: 1)
    #expect(set.countPerEpoch == 3 + 2 * 2)
    for epoch in 0..<50 {
      let shard = set.shard(set.order(epoch: epoch)[...], epoch: epoch)
      for index in shard.labels.indices where shard.labels[index] == 0 {
        let bases = EncodedSequence(
          codes: Array(shard.sequences.codes[shard.sequences.range(of: index)]))
        #expect(!texts.contains(bases.text))
      }
    }
  }
}
