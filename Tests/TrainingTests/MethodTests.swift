import Datasets
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

/// A holder of one weight.
struct Weight: ParameterHolder, Sendable {
  private var weight: Tensor

  init(_ value: Float) {
    weight = Tensor(shape: [1, 1], scalars: [value])
  }

  mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
  }
}

/// Rates by path, starts from other weights, averages, weights of classes.
@Suite struct MethodTests {
  private func parameters(_ network: Network) -> [String: Tensor] {
    var (found, copy) = ([String: Tensor](), network)
    copy.visitParameters { path, _, parameter in found[path] = parameter }
    return found
  }

  private func trained(
    _ configuration: TrainingConfiguration, objective: Objective = .binary, from network: Network
  ) throws -> TrainingState {
    let trainer = TrainerTests.trainer(
      configuration, objective: objective, planted(count: 96, seed: 1), planted(count: 30, seed: 2))
    var state = TrainingState(network: network, configuration: configuration)
    while !trainer.isFinished(state) { try trainer.runEpoch(&state) { _ in } }
    return state
  }

  @Test(arguments: OptimizerKind.allCases) func aRateOfZeroFreezes(kind: OptimizerKind) throws {
    var configuration = TrainerTests.configuration(epochs: 2)
    configuration.optimizer = kind
    configuration.maxNorm = 0.01
    configuration.rates = ["layers": 0, "layers.3.bias": 1]
    let network = try TrainerTests.network()
    let (before, after) = (
      parameters(network), parameters(try trained(configuration, from: network).network)
    )
    for (path, tensor) in before {
      let isFrozen = path.hasPrefix("layers.") && path != "layers.3.bias"
      #expect((after[path] == tensor) == isFrozen, "\(path)")
    }
  }

  /// A step of plain descent is as long as its rate.
  @Test func ratesScaleSteps() {
    let slopes: [Float] = [2]
    var moved: [Float] = []
    for factor in [Float(1), 0.25] {
      var weight = Weight(5)
      var optimizer = Optimizer(
        .sgd, momentum: 0, l1: 0, l2: 0, rateFactors: [factor], training: weight)
      optimizer.update(&weight, gradient: slopes, learningRate: 0.5)
      moved.append(5 - weight.parameters[0].scalars[0])
    }
    #expect(moved == [1, 0.25])
  }

  @Test func theLongestPathCounts() {
    var configuration = TrainingConfiguration()
    configuration.rates = ["layers": 0.5, "layers.1": 2, "layers.1.inner.0.weight": 0]
    let expected: [String: Float] = [
      "layers.0.weight": 0.5, "layers.1.inner.0.weight": 0, "layers.1.inner.0.bias": 2,
      "layers.10.weight": 0.5, "output.weight": 1,
    ]
    for (path, rate) in expected { #expect(configuration.rateFactor(ofPath: path) == rate) }
  }

  private func training(_ recipe: Recipe, tasks: [String] = ["a"]) throws -> ModelTraining {
    let examples = planted(count: 60, seed: 1).map { example in
      var example = example
      example.labels = tasks.map { _ in example.labels[0] }
      return example
    }
    return ModelTraining(
      recipe: recipe, objective: .binary, tasks: tasks,
      prepared: try LoadedDataset(Dataset(tasks: tasks, examples: examples)).prepared(
        PreparationPlan()), seed: 3, threads: 2)
  }

  private var recipe: Recipe {
    var recipe = Recipe(network: .deepBind(filters: 3, width: 6, hidden: 4), training: .init())
    recipe.training.epochs = 1
    return recipe
  }

  @Test func unknownPathsOfRatesAreRefused() {
    var recipe = recipe
    recipe.training.rates = ["layers.1": 0.5]
    #expect {
      try training(recipe).run()
    } throws: { error in
      "\(error)".hasPrefix(
        "\"layers.1\" is the path of no parameter; the paths are layers.0.weight")
    }
  }

  /// Frozen layers stay those of the model that training started from; a new output layer doesn't.
  @Test func startsFromOtherWeights() throws {
    var recipe = recipe
    recipe.training.rates = ["layers": 0]
    let source = try Network(recipe.network, taskCount: 5, seed: 77)
    var training = try training(recipe, tasks: ["a", "b"])
    training.start = .weights([source], drawsOutput: true)
    let network = try training.run().ensemble.networks[0]
    let (known, found) = (parameters(source), parameters(network))
    for (path, tensor) in found {
      #expect((known[path] == tensor) == path.hasPrefix("layers"), "\(path)")
    }
  }

  @Test func refusesWeightsOfOtherShapes() throws {
    var training = try training(recipe)
    training.start = .weights(
      [try Network(.deepBind(filters: 4, width: 6, hidden: 4), taskCount: 1, seed: 1)],
      drawsOutput: false)
    #expect {
      try training.run()
    } throws: { error in
      "\(error)".contains("\"layers.0.weight\" can't start from the model: it has the shape")
    }
  }

  /// A motif of three positions in the middle of filters of six; one of eight is cut to six. By hand.
  @Test func filtersStartFromMotifs() throws {
    let motif = [SIMD4<Float>(1, 0, 0, 0), SIMD4(0, 0.5, 0.5, 0), SIMD4(0, 0, 0, 1)]
    let wide = [SIMD4<Float>](repeating: SIMD4(0, 1, 0, 0), count: 8)
    var recipe = recipe
    recipe.training.rates = ["layers.0": 0]
    var training = try training(recipe)
    training.start = .filters([motif, wide])
    let weights = try #require(
      parameters(try training.run().ensemble.networks[0])["layers.0.weight"])
    func filter(_ number: Int) -> [Float] {
      stride(from: number, to: weights.scalars.count, by: 3).map { weights.scalars[$0] }
    }
    let middle: [Float] = [
      0.75, -0.25, -0.25, -0.25, -0.25, 0.25, 0.25, -0.25, -0.25, -0.25, -0.25, 0.75,
    ]
    let nothing = [Float](repeating: 0, count: 4)
    #expect(filter(0) == nothing + middle + nothing + nothing)
    #expect(filter(1) == (0..<6).flatMap { _ -> [Float] in [-0.25, 0.75, -0.25, -0.25] })
    // The third filter is drawn.
    #expect(Set(filter(2)).count == 24)
    training.start = .filters([motif, motif, motif, motif])
    #expect(throws: ConfigurationError.self) { try training.run() }
  }

  /// The averaged weights are what is kept, and they aren't those of the last step.
  @Test func keepsAveragedWeights() throws {
    var configuration = TrainerTests.configuration(epochs: 3)
    configuration.averaging = 0.9
    let state = try trained(configuration, from: TrainerTests.network())
    #expect(state.currentNetwork.parameters != state.network.parameters)
    #expect(state.history.count == 3)
    let best = state.bestNetwork.parameters
    if state.bestEpoch == 3 { #expect(best == state.currentNetwork.parameters) }
    let bytes = try state.checkpoint(run: "run")
    var resumed = TrainingState(
      network: try TrainerTests.network(seed: 9), configuration: configuration)
    try resumed.restore(bytes, file: "c", run: "run")
    #expect(try resumed.checkpoint(run: "run") == bytes)
    #expect(resumed.currentNetwork.parameters == state.currentNetwork.parameters)
  }

  /// 24 of 96 examples positive: each counts three times as much.
  @Test func balancedClassesWeighAlike() throws {
    var examples = planted(count: 96, seed: 1)
    for index in examples.indices { examples[index].labels = [index < 24 ? 1 : 0] }
    var configuration = TrainerTests.configuration(epochs: 1)
    configuration.classWeights = .balanced
    let trainer = TrainerTests.trainer(configuration, examples, examples)
    #expect(trainer.lossSettings.classWeights == [3])
    // Three classes of 24, 24 and 48 of 96 examples.
    for index in examples.indices {
      examples[index].labels = index < 24 ? [1, 0, 0] : index < 48 ? [0, 1, 0] : [0, 0, 1]
    }
    let classes = TrainerTests.trainer(
      configuration, objective: .categorical, examples, examples)
    let expected: [Float] = [4 / 3, 4 / 3, 2 / 3]
    for (own, expected) in zip(classes.lossSettings.classWeights, expected) {
      #expect(abs(own - expected) < 1e-6)
    }
  }

  /// The last fifth of ten epochs learns from sequences as they are.
  @Test func theLastEpochsAreClean() throws {
    var configuration = TrainerTests.configuration(epochs: 10)
    var augmentation = Augmentation()
    augmentation.mutation = 0.1
    configuration.augmentation = augmentation
    let trainer = TrainerTests.trainer(
      configuration, planted(count: 40, seed: 1), planted(count: 40, seed: 2))
    let isChanged = (0..<10).map { trainer.augmentation(epoch: $0) != nil }
    #expect(isChanged == [Bool](repeating: true, count: 8) + [false, false])
    let set = TrainingSet(planted(count: 5, seed: 1), shufflesPerPositive: 0, seed: 4)
    let plain = set.shard([0, 1, 2], epoch: 1).sequences
    let changed = set.shard([0, 1, 2], epoch: 1, augmentation: augmentation).sequences
    #expect(changed.codes != plain.codes && changed.offsets == plain.offsets)
    // What an example becomes doesn't depend on its shard.
    let alone = set.shard([2], epoch: 1, augmentation: augmentation).sequences
    #expect(alone.codes[...] == changed.codes[changed.range(of: 2)])
    #expect(set.shard([2], epoch: 2, augmentation: augmentation).sequences.codes != alone.codes)
  }
}
