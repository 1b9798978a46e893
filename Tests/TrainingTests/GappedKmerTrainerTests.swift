import Datasets
import Evaluation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct GappedKmerTrainerTests {
  struct Golden: Decodable {
    let informative, patterns: Int
    let cost: Double
    let sequences: [String]
    let labels: [[Float?]]
    let weights: [Float]
    let outputs: [[Double]]
    let numbers: [[Float?]]
    let fitted: [[Double]]
  }

  /// scikit-learn's `LinearSVC` (liblinear) and `Ridge` on features made by their definition, two tasks with
  /// examples that weren't measured or weigh nothing. Weights are single numbers here.
  @Test(arguments: [true, false]) func learnsWhatScikitLearnLearns(areClasses: Bool) throws {
    let golden: Golden = try golden("kmers.json")
    let labels = areClasses ? golden.labels : golden.numbers
    let sequences = golden.sequences.map { EncodedSequence($0)! }
    let examples = sequences.indices.map { index in
      Example(
        name: "\(index)", bases: sequences[index],
        labels: labels[index].map { $0 ?? .nan }, weight: golden.weights[index])
    }
    var configuration = GappedKmerConfiguration()
    configuration.informative = golden.informative
    configuration.patterns = golden.patterns
    configuration.cost = golden.cost
    configuration.passes = 2000
    configuration.shuffles = 0
    let table = GappedKmerTrainer(configuration, areClasses: areClasses, seed: 1).train(
      examples, threads: 2)
    let outputs = table.outputs(sequences, threads: 1)
    let expected = (areClasses ? golden.outputs : golden.fitted).flatMap { $0 }
    #expect(expected.count == outputs.scalars.count && expected.contains { abs($0) > 1 })
    for (output, expected) in zip(outputs.scalars, expected) {
      #expect(abs(Double(output) - expected) < 1e-4)
    }
  }

  @Test func sameBitsWithAnyNumberOfThreads() {
    let examples = planted(["TGACTCAG", "CACGTG"], count: 60, seed: 1)
    let trainer = GappedKmerTrainer(seed: 2)
    let table = trainer.train(examples, threads: 1)
    #expect(trainer.train(examples, threads: 3) == table)
    #expect(GappedKmerTrainer(seed: 3).train(examples, threads: 1) != table)
  }

  /// Positives alone: the shuffles are what they are told from, and both strands tell the same.
  @Test func tellsPlantedMotifsFromShuffles() throws {
    let positives = planted(count: 800, seed: 4).filter(\.isPositive)
    let table = GappedKmerTrainer(seed: 5).train(positives, threads: 2)
    let heldOut = planted(count: 400, seed: 6)
    let isPositive = heldOut.map(\.isPositive)
    let scores = table.outputs(heldOut.map(\.bases), threads: 2)
    #expect(try #require(auroc(scores: scores.scalars, isPositive: isPositive)) > 0.97)
    #expect(table.outputs(heldOut.map(\.bases.reverseComplement), threads: 2) == scores)
  }
}
