import Datasets
import Layers
import Models
import Networks
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

@Suite struct JoiningTests {
  private func joined(_ examples: [Example], settlesKmers: Bool) throws -> Ensemble {
    let table = GappedKmerTrainer(seed: 1).train(examples, threads: 2)
    let network = try Network(.deepBind(filters: 4), taskCount: 1, seed: 1)
    return Ensemble(
      joining: [network], kmers: table,
      by: [HeldOutputs(of: [network], kmers: table, examples: examples, threads: 2)],
      objective: .binary, settlesKmers: settlesKmers)
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

  /// Held-out examples count alike in whatever parts they come.
  @Test func partsArePooled() throws {
    let examples = planted(count: 60, seed: 1)
    let network = try Network(.deepBind(filters: 4), taskCount: 1, seed: 1)
    func joined(_ parts: [[Example]]) -> Ensemble {
      Ensemble(
        joining: [network], kmers: nil,
        by: parts.map { HeldOutputs(of: [network], kmers: nil, examples: $0, threads: 1) },
        objective: .binary)
    }
    let (whole, parts) = (
      joined([examples]), joined([Array(examples[..<20]), Array(examples[20...])])
    )
    #expect(whole.weights == parts.weights && whole.intercept == parts.intercept)
  }

  /// Few peaks are all held out in turn: each network is trained on the rest of each of four folds too, and the
  /// probabilities hold for as many positives as negatives.
  @Test func fewPeaksAreCrossFitted() throws {
    let loaded = LoadedDataset(
      Dataset(tasks: ["a"], examples: planted(count: 120, seed: 2).filter(\.isPositive)))
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.dinucleotide)
    var recipe = Recipe(.deepbind)
    recipe.training.leastSteps = 0
    recipe.training.epochs = 1
    func result(refit: Bool) throws -> (networks: Int, prior: Double) {
      recipe.ensemble = EnsembleConfiguration(networks: 1, refit: refit)
      let begun = Mutex(0)
      var observer = ModelTraining.Observer()
      observer.resumed = { _, _, _ in }
      observer.progress = { _ in }
      observer.began = { sequences in begun.withLock { $0 = sequences } }
      let training = ModelTraining(
        recipe: recipe, objective: .binary, tasks: ["a"], prepared: try loaded.prepared(plan),
        strength: .order, seed: 1, threads: 1)
      let result = try training.run(observer: observer)
      return (begun.withLock { $0 }, result.priors[0])
    }
    let prepared = try loaded.prepared(plan)
    let (train, validation) = (prepared.train.count, prepared.validation.count(where: \.isPositive))
    let (once, twice) = (try result(refit: false), try result(refit: true))
    // A shuffle for each positive; each training example is left out of one of four folds.
    #expect(once.networks == 2 * train && once.prior == 0.5)
    #expect(twice.networks == 2 * (train + 3 * train + 4 * validation + train + validation))
    #expect(twice.prior == 0.5)
  }

  /// Thousands of positives with negatives of their own have longer k-mers than few, than against shuffles and than classes.
  @Test func theKmersDependOnTheNegatives() throws {
    func kmers(_ objective: Objective, _ plan: PreparationPlan, positives: Int) throws
      -> GappedKmerConfiguration
    {
      let examples = planted(count: 60, seed: 1).filter { plan.negatives == nil || $0.isPositive }
      return ModelTraining(
        recipe: Recipe(.standard), objective: objective, tasks: ["a"],
        prepared: try LoadedDataset(Dataset(tasks: ["a"], examples: examples)).prepared(plan),
        seed: 1, threads: 1
      ).kmersOfClasses(withPositives: positives)
    }
    let given = PreparationPlan()
    var shuffled = given
    shuffled.negatives = NegativeMix(.dinucleotide)
    #expect(try kmers(.binary, given, positives: 2000) == .manyAgainstGiven)
    #expect(try kmers(.binary, given, positives: 1999) == .withoutShuffles)
    #expect(try kmers(.categorical, given, positives: 2000) == .withoutShuffles)
    #expect(try kmers(.binary, shuffled, positives: 2000) == GappedKmerConfiguration())
  }

  /// Of numbers, a table that predicts them beside a network that was never trained: all is the table's, in their unit.
  @Test func numbersAreAveragedByTheLeastError() throws {
    var examples = planted(count: 200, seed: 1)
    let scale = LabelScale(examples.map { 5 + 4 * $0.labels[0] })
    for index in examples.indices {
      let number = 5 + 4 * examples[index].labels[0]
      examples[index].labels = [(number - Float(scale.mean)) / Float(scale.deviation)]
    }
    let table = GappedKmerTrainer(.numbers, areClasses: false, seed: 1).train(examples, threads: 2)
    let network = try Network(.deepBind(filters: 4), taskCount: 1, seed: 1)
    let held = HeldOutputs(of: [network], kmers: table, examples: examples, threads: 2)
    let ensemble = Ensemble(
      joining: [network], kmers: table, by: [held], objective: .number, labelScales: [scale])
    #expect(ensemble.weights.scalars == [0, Float(scale.deviation)])
    #expect(ensemble.intercept.scalars == [Float(scale.mean)])
    let bases = examples.map(\.bases)
    let (outputs, own) = (ensemble.outputs(bases, threads: 1), table.outputs(bases, threads: 1))
    #expect(
      zip(outputs.scalars, own.scalars).allSatisfy {
        abs(Double($0) - (scale.mean + scale.deviation * Double($1))) < 1e-4
      })
  }

  /// Each of three networks leaves out another third; without folds all learn from all.
  @Test func networksLeaveOutFolds() throws {
    let examples = planted(count: 90, seed: 3).filter(\.isPositive)
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.dinucleotide)
    let prepared = try LoadedDataset(Dataset(tasks: ["a"], examples: examples)).prepared(plan)
    func shares(folds: Bool?) throws -> [Set<String>] {
      var recipe = Recipe(.deepbind)
      (recipe.ensemble.networks, recipe.ensemble.folds) = (3, folds)
      let training = ModelTraining(
        recipe: recipe, objective: .binary, tasks: ["a"], prepared: prepared, seed: 1, threads: 1)
      return try training.shares(of: prepared.train).map { Set($0.map(\.name)) }
    }
    let all = Set(prepared.train.map(\.name))
    #expect(try shares(folds: nil) == [all, all, all])
    let leftOut = try shares(folds: true).map { all.subtracting($0) }
    #expect(leftOut.reduce(into: Set()) { $0.formUnion($1) } == all)
    #expect(leftOut.map(\.count).reduce(0, +) == all.count)
    #expect(leftOut.allSatisfy { abs($0.count - all.count / 3) <= 1 })
  }
}
