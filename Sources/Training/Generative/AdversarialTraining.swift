internal import Datasets
internal import Genomics
internal import Layers
public import Models
internal import Networks
package import Parallel
internal import Tensors

extension TrainingConfiguration {
  /// How the critic of an adversarial pair is trained, unless a recipe says otherwise.
  public static var adversarial: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.shardSize) = (30, 64, 32)
    (configuration.learningRate, configuration.schedule) = (0.0005, .constant)
    (configuration.momentum, configuration.secondMomentum) = (0.5, 0.9)
    (configuration.l2, configuration.warmup) = (0, 0)
    return configuration
  }

}

extension PretrainingRecipe<AdversarialLanguageSettings> {
  /// How a language model that has learned goes on against a critic, unless a recipe says otherwise: slower than the critic
  /// learns, or it forgets.
  public init(adversarial model: AdversarialLanguageSettings) {
    self.init(model: model, training: .adversarial)
    (training.epochs, method.generatorRate) = (3, 0.00003)
  }
}

/// The training of an adversarial pair on sequences of one length.
package struct AdversarialPlan<Pair: AdversarialModel>: SequencePlan {
  package typealias Learned = AdversarialLearner<Pair>

  package let seed: UInt64
  package let team: ThreadTeam
  package let sequences: PretrainingSequences
  package let training: TrainingConfiguration
  let generatorRate: Float

  package init(
    _ training: TrainingConfiguration, _ method: MethodSettings, of pair: Pair,
    sequences: PretrainingSequences, seed: UInt64, threads: Int
  ) {
    (self.training, self.sequences, self.seed) = (training, sequences, seed)
    generatorRate = method.generatorRate ?? training.learningRate
    team = ThreadTeam(threads: threads)
  }

  package func configuration(ofPhase phase: Int) -> TrainingConfiguration {
    var configuration = training
    if phase == 1 { configuration.learningRate = generatorRate }
    return configuration
  }

  private static var sampleCount: Int { 512 }

  package func record(of epoch: EpochOutcome, learner: Learned) -> EpochRecord {
    let figures = SampleFigures(
      learner.pair, count: Self.sampleCount, beside: sequences.validation, seed: seed, team: team)
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: figures.divergence,
      figures: [
        "generator_loss": epoch.losses[1] ?? 0, "told_right": Double(learner.records[0].scalars[0]),
        "diversity": figures.diversity,
      ])
  }

  /// The pair of the epoch whose samples have the words of real sequence in the most alike numbers.
  package func learner(of state: LearningState<Learned>) -> Learned { state.best }
}

/// How alike samples and real sequences are by their words.
package struct SampleFigures: Sendable {
  /// The divergence of Jensen and Shannon between the shares of 5-mers, in bits.
  package let divergence: Double
  /// The number of different 10-mers in the samples over that in as many real sequences. A generator that has collapsed
  /// repeats itself.
  package let diversity: Double

  /// Below this share of real sequence's different words a generator has collapsed.
  package static let collapsed = 0.5

  package init(
    _ model: some GenerativeModel, count: Int, beside real: [[UInt8]], seed: UInt64,
    team: ThreadTeam
  ) {
    let part = 64
    let samples = team.map(count.dividedRoundingUp(by: part)) { index -> [[UInt8]] in
      let numbers = index * part..<min((index + 1) * part, count)
      return model.generator?.samples(numbers, SampleRequest(seed: seed)).map(\.bases.codes) ?? []
    }.flatMap { $0 }
    self.init(samples: samples, beside: Array(real.prefix(count)))
  }

  package init(samples: [[UInt8]], beside real: [[UInt8]]) {
    func words(_ sequences: [[UInt8]]) -> [Double] {
      let markov = MarkovModel(order: 4, counting: sequences, bothStrands: true)
      let counts = markov.counts[4].map { Double($0) + 0.5 }
      let total = counts.reduce(0, +)
      return counts.map { $0 / total }
    }
    let (first, second) = (words(samples), words(real))
    divergence =
      zip(first, second).reduce(0) { sum, shares in
        let middle = (shares.0 + shares.1) / 2
        return sum + shares.0 * portableLogarithm(shares.0 / middle) / 2
          + shares.1 * portableLogarithm(shares.1 / middle) / 2
      } / portableLogarithm(2)
    let ratio = Double(max(1, real.count)) / Double(max(1, samples.count))
    diversity =
      Double(Self.differentWords(samples)) * ratio / Double(max(1, Self.differentWords(real)))
  }

  private static func differentWords(_ sequences: [[UInt8]]) -> Int {
    let width = 10
    var seen = [Bool](repeating: false, count: 1 << (2 * width))
    for codes in sequences {
      var (word, known) = (0, 0)
      for code in codes {
        known = code < 4 ? known + 1 : 0
        word = (word << 2 | Int(code & 3)) & (seen.count - 1)
        if known >= width { seen[word] = true }
      }
    }
    return seen.count { $0 }
  }
}
