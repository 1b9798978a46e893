import Datasets
import Layers
import Models
import Networks
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

/// Networks whose rectifiers are 0 for every sequence.
@Suite struct DeadNetworkTests {
  private func restarts(initialBias: Float) throws -> (count: Int, outputs: Set<Float>) {
    let loaded = LoadedDataset(
      Dataset(tasks: ["a"], examples: planted(count: 300, seed: 2).filter(\.isPositive)))
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.dinucleotide)
    var recipe = Recipe(.deepbind)
    recipe.network.layers[0] = .convolution(filters: 4, width: 8, initialBias: initialBias)
    recipe.training.epochs = 1
    recipe.training.leastSteps = 0
    let count = Mutex(0)
    var observer = ModelTraining.Observer()
    observer.restarted = { _, _ in count.withLock { $0 += 1 } }
    let prepared = try loaded.prepared(plan)
    let result = try ModelTraining(
      recipe: recipe, objective: .binary, tasks: ["a"], prepared: prepared, seed: 1, threads: 1
    ).run(observer: observer)
    let outputs = result.ensemble.outputs(prepared.train.prefix(20).map(\.bases), threads: 1)
    return (count.withLock { $0 }, Set(outputs.scalars))
  }

  /// Filters that start far below 0 pass no gradient back, however often they begin again.
  @Test func deadNetworksBeginAgainTwice() throws {
    let dead = try restarts(initialBias: -100)
    #expect(dead.count == 2 && dead.outputs.count == 1)
    let sound = try restarts(initialBias: 0)
    #expect(sound.count == 0 && sound.outputs.count > 1)
  }
}
