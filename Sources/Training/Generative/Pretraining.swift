internal import Datasets
internal import Genomics
public import Models
internal import Networks
internal import Parallel

/// A method of learning without labels, with its recipe.
public enum PretrainingMethod: Sendable {
  case autoencoder(PretrainingRecipe<AutoencoderSettings>)
  case variational(PretrainingRecipe<AutoencoderSettings>)
  case language(PretrainingRecipe<LanguageModelSettings>)
  case adversarial(PretrainingRecipe<AdversarialSettings>)
  /// A language model, which goes on learning against a critic. The recipe's settings are the model's.
  case adversarialLanguage(PretrainingRecipe<AdversarialLanguageSettings>, LanguageModel)
  /// A restricted Boltzmann machine.
  case boltzmann(PretrainingRecipe<DeepBeliefSettings>)
  case deepBelief(PretrainingRecipe<DeepBeliefSettings>)
  case helmholtz(PretrainingRecipe<HelmholtzSettings>)

  /// The number of parts that are trained one after the other, each with a checkpoint.
  public var partCount: Int {
    switch self {
    case .autoencoder, .variational, .language, .adversarial, .adversarialLanguage, .helmholtz: 1
    case .boltzmann(let recipe), .deepBelief(let recipe):
      recipe.model.hidden.count + (recipe.model.isUnrolled ? 1 : 0)
    }
  }
}

/// A generative model with how it was learned.
public struct PretrainedModel: Sendable {
  public let model: any GenerativeModel
  /// The epochs of each part of the training, in their order.
  public let parts: [Part]
  /// Figures of the test sequences, by name.
  public let figures: [String: Double]

  /// What is trained by itself.
  public struct Part: Sendable {
    /// `model` if there is no other; otherwise `machine1` and so on, and `autoencoder`.
    public let name: String
    public let history: [EpochRecord]
  }

  init(model: any GenerativeModel, history: [EpochRecord], figures: [String: Double]) {
    self.init(model: model, parts: [Part(name: "model", history: history)], figures: figures)
  }

  init(model: any GenerativeModel, parts: [Part], figures: [String: Double]) {
    (self.model, self.parts, self.figures) = (model, parts, figures)
  }
}

/// The training of a generative model.
public struct Pretraining: Sendable {
  public let method: PretrainingMethod
  public let sequences: PretrainingSequences
  public let seed: UInt64
  public let threads: Int

  /// - Parameters:
  ///   - sequences: For all methods but `language` each is cut or filled up to the model's length.
  ///   - seed: The same seed gives the same model, with any number of threads.
  public init(
    _ method: PretrainingMethod, sequences: PretrainingSequences, seed: UInt64, threads: Int
  ) {
    (self.method, self.sequences, self.seed, self.threads) = (method, sequences, seed, threads)
  }

  /// What a caller may want to hear.
  public struct Observer: Sendable {
    /// Called with the epochs that are done, if training goes on at a checkpoint.
    public var resumed: @Sendable (_ epochs: Int) -> Void = { _ in }
    /// Called before training, with the number of examples of all epochs.
    public var began: @Sendable (_ examples: Int) -> Void = { _ in }
    /// Called with the examples that were read since the call before.
    public var progress: @Sendable (_ examples: Int) -> Void = { _ in }

    public init() {}
  }

  /// Trains the model, and measures it on the test sequences.
  ///
  /// - Throws: `ConfigurationError`, `TrainingError`, what reading and writing the checkpoint throws.
  public func run(
    checkpoint: CheckpointFile? = nil, observer: Observer = Observer()
  ) throws -> PretrainedModel {
    switch method {
    case .autoencoder(let recipe):
      try autoencoder(recipe, isVariational: false, checkpoint, observer)
    case .variational(let recipe):
      try autoencoder(recipe, isVariational: true, checkpoint, observer)
    case .language(let recipe): try language(recipe, checkpoint, observer)
    case .adversarial(let recipe):
      try adversarial(
        AdversarialPair(recipe.model, seed: seed), length: recipe.model.length,
        recipe.training, recipe.method, checkpoint, observer)
    case .adversarialLanguage(let recipe, let language):
      try adversarial(
        AdversarialLanguageModel(recipe.model, from: language, seed: seed),
        length: recipe.model.length, recipe.training, recipe.method, checkpoint, observer)
    case .boltzmann(let recipe): try boltzmann(recipe, checkpoint, observer)
    case .deepBelief(let recipe): try deepBelief(recipe, checkpoint, observer) { $0 }
    case .helmholtz(let recipe): try helmholtz(recipe, checkpoint, observer)
    }
  }

  func learned<Plan: LearningPlan>(
    _ learner: Plan.Learned, by plan: Plan, _ checkpoint: CheckpointFile?, _ observer: Observer
  ) throws -> (learner: Plan.Learned, history: [EpochRecord]) {
    let job = LearningJob(
      from: LearningState(learner, configuration: plan.configuration), checkpoint: checkpoint
    ) { plan }
    let begun = try job.begun(observer.resumed)
    observer.began(plan.epochs * plan.examplesPerEpoch)
    return try job.trained(from: begun, progress: observer.progress)
  }

  private func autoencoder(
    _ recipe: PretrainingRecipe<AutoencoderSettings>, isVariational: Bool,
    _ checkpoint: CheckpointFile?, _ observer: Observer
  ) throws -> PretrainedModel {
    let sequences = sequences.resized(to: recipe.model.length)
    let plan = AutoencoderPlan(
      recipe.training, sequences: sequences, seed: seed, threads: threads)
    var variational = try VariationalAutoencoder(recipe.model, seed: seed)
    var plain = try SequenceAutoencoder(recipe.model, seed: seed)
    let steps = Float(plan.epochs * plan.stepsPerEpoch) * (recipe.method.annealing ?? 0.2)
    let start =
      isVariational
      ? AutoencoderLearner(
        variational, beta: recipe.method.beta ?? 1, annealingSteps: Int(steps))
      : AutoencoderLearner(plain)
    let (learner, history) = try learned(start, by: plan, checkpoint, observer)
    variational.parts = learner.parts
    plain.parts = learner.parts
    let figures = AutoencoderFigures(learner, on: sequences.test, seed: seed, team: plan.team)
    return PretrainedModel(
      model: isVariational ? variational : plain, history: history, figures: figures.all)
  }

  private func language(
    _ recipe: PretrainingRecipe<LanguageModelSettings>, _ checkpoint: CheckpointFile?,
    _ observer: Observer
  ) throws -> PretrainedModel {
    var model = try LanguageModel(recipe.model, seed: seed)
    if let order = recipe.model.order {
      var markov = MarkovModel(order: order, counting: sequences.training, bothStrands: true)
      markov.settleStrengths(by: sequences.validation.first(Self.basesForStrengths))
      model.markov = markov
    }
    let plan = LanguagePlan(
      recipe, model: model, sequences: sequences, seed: seed, threads: threads)
    let (learner, history) = try learned(
      LanguageLearner(model), by: plan, checkpoint, observer)
    model.layers = learner.layers
    let bits = model.bitsPerBase(of: sequences.test, team: plan.team)
    return PretrainedModel(model: model, history: history, figures: ["bits_per_base": bits])
  }

  /// The validation bases that smoothing is settled by.
  public static let basesForStrengths = 1 << 18

  private func adversarial(
    _ pair: some AdversarialModel, length: Int, _ training: TrainingConfiguration,
    _ method: MethodSettings, _ checkpoint: CheckpointFile?, _ observer: Observer
  ) throws -> PretrainedModel {
    let sequences = sequences.resized(to: length)
    let plan = AdversarialPlan(
      training, method, of: pair, sequences: sequences, seed: seed, threads: threads)
    let start = AdversarialLearner(pair, longestTurn: method.longestTurn ?? Self.usualTurn)
    let (learner, history) = try learned(start, by: plan, checkpoint, observer)
    let figures = SampleFigures(
      learner.pair, count: sequences.test.count, beside: sequences.test, seed: seed &+ 1,
      team: plan.team)
    return PretrainedModel(
      model: learner.pair, history: history,
      figures: ["divergence": figures.divergence, "diversity": figures.diversity])
  }

  private static let usualTurn = 5
}

extension [[UInt8]] {
  /// The first sequences, so many bases in all.
  public func first(_ bases: Int) -> [[UInt8]] {
    var (result, left): ([[UInt8]], Int) = ([], bases)
    for codes in self where left > 0 {
      result.append([UInt8](codes.prefix(left)))
      left -= codes.count
    }
    return result
  }
}
