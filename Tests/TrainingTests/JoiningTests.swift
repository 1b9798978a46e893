import Datasets
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct JoiningTests {
  private func joined(_ examples: [Example], settlesKmers: Bool) throws -> Ensemble {
    let table = GappedKmerTrainer(seed: 1).train(examples, threads: 2)
    let network = try Network(.deepBind(filters: 4), taskCount: 1, seed: 1)
    return Ensemble(
      joining: [network], kmers: table, objective: .binary, validation: examples,
      makesShuffles: false, settlesKmers: settlesKmers, seed: 1, threads: 2)
  }

  /// A table that tells the examples apart beside a network that was never trained: the largest share is best.
  @Test func theBestShareCounts() throws {
    let examples = planted(count: 200, seed: 1)
    let ensemble = try joined(examples, settlesKmers: true)
    let alike = try joined(examples, settlesKmers: false)
    #expect(ensemble.kmers != nil && alike.kmers != nil)
    func ratio(_ ensemble: Ensemble) -> Float {
      ensemble.weights.scalars[1] / ensemble.weights.scalars[0]
    }
    // By default the scores count alike; the largest share that is tried is 0.4.
    #expect(abs(ratio(ensemble) / ratio(alike) - 0.4) < 1e-4)
  }

  /// So few positives can't tell shares apart: the table is left out.
  @Test func fewPositivesGetNoTable() throws {
    let ensemble = try joined(planted(count: 20, seed: 1), settlesKmers: true)
    #expect(ensemble.kmers == nil && ensemble.weights.shape == [1, 1])
  }

  /// Of numbers, a table that predicts them beside a network that was never trained: all is the table's, in their unit.
  @Test func numbersAreAveragedByTheLeastError() throws {
    var examples = planted(count: 200, seed: 1)
    let scale = LabelScale(examples.map { 5 + 4 * $0.labels[0] })
    for index in examples.indices {
      examples[index].labels = [
        (5 + 4 * examples[index].labels[0] - Float(scale.mean)) / Float(scale.deviation)
      ]
    }
    let table = GappedKmerTrainer(.numbers, areClasses: false, seed: 1).train(examples, threads: 2)
    let network = try Network(.deepBind(filters: 4), taskCount: 1, seed: 1)
    let ensemble = Ensemble(
      joining: [network], kmers: table, objective: .number, validation: examples,
      makesShuffles: false, labelScales: [scale], seed: 1, threads: 2)
    #expect(ensemble.weights.scalars == [0, Float(scale.deviation)])
    #expect(ensemble.intercept.scalars == [Float(scale.mean)])
    let bases = examples.map(\.bases)
    let (outputs, own) = (ensemble.outputs(bases, threads: 1), table.outputs(bases, threads: 1))
    #expect(
      zip(outputs.scalars, own.scalars).allSatisfy {
        abs(Double($0) - (scale.mean + scale.deviation * Double($1))) < 1e-4
      })
  }
}
