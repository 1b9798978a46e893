import Datasets
import Genomics
import Networks
import Synchronization
import TestSupport
import Testing
import Training

@Suite struct TrainingEstimateTests {
  private func small(_ preset: Recipe.Preset) -> Recipe {
    var recipe = Recipe(preset)
    recipe.training.epochs = 3
    recipe.training.leastSteps = 10
    recipe.training.batchSize = 16
    return recipe
  }

  @Test(arguments: [Recipe.Preset.deepbind, .standard], [1, 3])
  func measuresTime(preset: Recipe.Preset, threads: Int) throws {
    let estimate = try TrainingEstimate(
      small(preset), objective: .binary, taskCount: 2, length: 30, makesShuffles: true,
      threads: threads, duration: .milliseconds(20))
    #expect(estimate.sequencesPerSecond > 0 && estimate.sequencesPerSecond.isFinite)
    let seconds = estimate.seconds(for: ExampleCounts(positives: 100, source: .dinucleotide))
    #expect(seconds > 0 && seconds.isFinite)
    // Three networks, twice, learn from each of 1,000 sequences.
    let product = estimate.secondsPerThousandAndEpoch * estimate.sequencesPerSecond
    #expect(abs(product - (preset == .standard ? 6000 : 1000)) < 1e-6)
  }

  /// Steps that take longer than all the time are counted too; a learning rate that would let the loss grow
  /// beyond numbers does no harm.
  @Test func measuresSlowStepsOnce() throws {
    var recipe = small(.deepbind)
    (recipe.training.batchSize, recipe.training.learningRate) = (4096, 1e30)
    let estimate = try TrainingEstimate(
      recipe, objective: .number, taskCount: 1, length: 60, makesShuffles: false, threads: 1,
      duration: .nanoseconds(1))
    #expect(estimate.sequencesPerSecond > 0 && estimate.sequencesPerSecond.isFinite)
  }

  /// What a training is told to read when it begins, in its own count.
  private func sequencesRead(
    _ recipe: Recipe, _ examples: [Example], negatives: NegativeSource
  ) throws -> Int {
    let loaded = LoadedDataset(Dataset(tasks: ["a"], examples: examples))
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(negatives)
    let training = try ModelTraining(
      recipe: recipe, objective: .binary, tasks: ["a"], prepared: loaded.prepared(plan),
      strength: .order, seed: 1, threads: 1)
    let count = Mutex(0)
    var observer = ModelTraining.Observer()
    observer.began = { sequences in count.withLock { $0 = sequences } }
    _ = try training.run(observer: observer)
    return count.withLock { $0 }
  }

  /// The trainers' own count of sequences: of fresh shuffles, and of negatives that the input holds; with a
  /// second round and without; as many steps as asked for at least; with the strongest peaks alone.
  @Test(arguments: [0, 20]) func countsWhatTrainersCount(strongest: Int) throws {
    let positives = planted(count: 200, seed: 5).map { example in
      var example = example
      example.labels = [1]
      return example
    }
    for (networks, refit) in [(1, false), (2, true)] {
      var recipe = small(.deepbind)
      recipe.training.shufflesPerPositive = 2
      recipe.ensemble = EnsembleConfiguration(networks: networks, refit: refit)
      recipe.selection = PeakSelection(strongest: strongest)
      let counts = ExampleCounts(
        positives: 200, source: .dinucleotide, strengthsAreKnown: true)
      #expect(
        try recipe.sequencesRead(of: counts, taskCount: 1)
          == sequencesRead(recipe, positives, negatives: .dinucleotide))
    }
  }

  /// By hand: 700 of 1,000 peaks, with 4 negatives each for 500 at most, so 500 and 2,000; with refit also
  /// 800 and then the strongest 500 and 2,000; 12 epochs of each of 3 networks.
  @Test func genomicNegatives() {
    var recipe = Recipe(.standard)
    recipe.training.leastSteps = 0
    recipe.selection = PeakSelection(strongest: 500, negativesPerPositive: 4)
    let counts = ExampleCounts(positives: 1000, source: .genomic, strengthsAreKnown: true)
    #expect(recipe.sequencesRead(of: counts, taskCount: 1) == 2 * 3 * 12 * 2500)
  }

  /// By hand: 7 of 10 numbers, of which no negatives are made, in a batch an epoch; at least 1,000 steps.
  @Test func numbersHaveNoNegatives() {
    let counts = ExampleCounts(positives: 10, source: nil)
    #expect(Recipe(.deepbind).sequencesRead(of: counts, taskCount: 1) == 7000)
  }
}
