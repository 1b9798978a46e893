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
      settlesKmers: settlesKmers, threads: 2)
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
}
