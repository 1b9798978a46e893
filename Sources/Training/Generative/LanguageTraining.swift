package import Datasets
internal import Genomics
package import Layers
package import Models
package import Networks
package import Parallel
package import Tensors

extension TrainingConfiguration {
  /// How language models are trained, unless a recipe says otherwise.
  public static var language: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.shardSize) = (6, 16, 2)
    (configuration.learningRate, configuration.l2, configuration.warmup) = (0.002, 0, 0.05)
    configuration.clip = 1
    return configuration
  }
}

/// A language model that learns the next base.
package struct LanguageLearner: Learner {
  package var layers: LayerStack
  let context: Int

  package init(_ model: LanguageModel) {
    (layers, context) = (model.layers, model.settings.context)
  }

  package struct Shard: Sendable {
    /// Of one length: a context, and the bases to tell.
    let sequences: SequenceBatch
    /// What is added to the logits of those.
    let offsets: Tensor?
    /// The factor of the loss.
    let scale: Float

    package init(sequences: SequenceBatch, offsets: Tensor?, scale: Float) {
      (self.sequences, self.offsets, self.scale) = (sequences, offsets, scale)
    }
  }

  package var phaseCount: Int { 1 }

  package subscript(phase: Int) -> LayerStack {
    get { layers }
    _modify { yield &layers }
  }

  package func gradient(of shard: Shard, phase: Int, in pass: TrainingPass) -> ShardGradient {
    let (made, saved) = layers.forward(
      shard.sequences.droppingLast().oneHot(), in: .training(pass))
    var logits = made.droppingPositions(before: (shard.sequences.commonLength ?? 0) - context)
    if let offsets = shard.offsets { logits += offsets }
    let told = BaseLoss(logits, of: shard.sequences, from: context, scale: shard.scale)
    let back = layers.backward(
      told.gradient.addingPositions(upTo: made.shape[1]), saved: saved, wantsInput: false)
    return ShardGradient(
      loss: told.loss, parameters: back.parameters, statistics: back.statistics)
  }

  package mutating func settle(_ statistics: [Tensor], phase: Int) { layers.settle(statistics) }
}

/// The training of a language model on stretches of sequences.
package struct LanguagePlan: LearningPlan {
  package let seed: UInt64
  package let team: ThreadTeam
  /// With the Markov model that was counted on the training sequences; its layers aren't used.
  package let model: LanguageModel
  let sequences: PretrainingSequences
  let training: TrainingConfiguration
  /// The bases to tell per example.
  let stretch: Int
  /// The number of the sequence of each example, and where the bases to tell begin.
  private let places: [(sequence: Int, start: Int)]
  package let examplesPerEpoch: Int

  private static let (usualStretch, usualEpoch) = (512, 1 << 23)

  package init(
    _ recipe: PretrainingRecipe<LanguageModelSettings>, model: LanguageModel,
    sequences: PretrainingSequences, seed: UInt64, threads: Int
  ) {
    (self.model, self.sequences, self.seed) = (model, sequences, seed)
    training = recipe.training
    team = ThreadTeam(threads: threads)
    let longest = sequences.training.reduce(1) { max($0, $1.count) }
    let stretch = min(recipe.method.stretch ?? Self.usualStretch, longest)
    self.stretch = stretch
    places = sequences.training.enumerated().flatMap { number, codes in
      stride(from: 0, to: codes.count, by: stretch).compactMap { start in
        codes[start..<min(start + stretch, codes.count)].contains { $0 < 4 }
          ? (number, start) : nil
      }
    }
    let bases = recipe.method.basesPerEpoch ?? Self.usualEpoch
    examplesPerEpoch = min(places.count, max(1, bases / stretch))
  }

  package var epochs: Int { training.epochs }

  package func configuration(ofPhase phase: Int) -> TrainingConfiguration { training }

  package func shardSize(of learner: LanguageLearner) -> Int {
    min(training.batchSize, training.shardSize > 0 ? training.shardSize : 2)
  }

  package func order(epoch: Int) -> [Int] {
    examplesInTurn(places.count, perEpoch: examplesPerEpoch, epoch: epoch, seed: seed)
  }

  package func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> LanguageLearner.Shard {
    var batchOfCodes = SequenceBatch()
    for number in numbers {
      batchOfCodes.append(example(number, epoch: epoch))
    }
    return LanguageLearner.Shard(
      sequences: batchOfCodes,
      offsets: model.offsets(for: batchOfCodes, from: model.settings.context, omitsOwn: true),
      scale: 1 / Float(batch * stretch))
  }

  /// A context and the bases to tell, on either strand; unknown bases past the ends of a sequence.
  private func example(_ number: Int, epoch: Int) -> [UInt8] {
    let (place, context) = (places[number], model.settings.context)
    let codes = sequences.training[place.sequence]
    let end = min(place.start + stretch, codes.count)
    func unknown(_ count: Int) -> [UInt8] {
      [UInt8](repeating: EncodedSequence.unknown, count: max(0, count))
    }
    var random = RandomStream(seed: seed, .sequenceStrands, epoch, number)
    if random.next(below: 2) == 0 {
      let first = max(0, place.start - context)
      return unknown(context - (place.start - first)) + codes[first..<end]
        + unknown(place.start + stretch - end)
    }
    let last = min(end + context, codes.count)
    let read = Alphabet.dna.reverseComplement(of: codes[place.start..<last])
    return unknown(context - (last - end)) + read + unknown(place.start + stretch - end)
  }

  package func record(of epoch: EpochOutcome, learner: LanguageLearner) -> EpochRecord {
    var model = model
    model.layers = learner.layers
    let bits = model.bitsPerBase(of: sequences.validation, team: team, atMost: 1 << 19)
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: bits * portableLogarithm(2), figures: ["bits_per_base": bits])
  }

  package func learner(of state: LearningState<LanguageLearner>) -> LanguageLearner { state.best }
}

extension LanguageModel {
  /// The mean of the base's chance's negative logarithm to base 2 over the known bases of sequences.
  ///
  /// - Parameter most: The number of bases after which the other sequences, or the rest of one, are left out.
  package func bitsPerBase(of sequences: [[UInt8]], team: ThreadTeam, atMost most: Int = .max)
    -> Double
  {
    let parts = sequences.first(most)
    let sums = team.map(parts.count) { [self] index -> (nats: Double, bases: Int) in
      let logarithms = logLikelihoods(of: parts[index])
      return (
        logarithms.reduce(0) { $0 - Double($1) }, parts[index].count { $0 < 4 }
      )
    }
    let nats = sums.reduce(0) { $0 + $1.nats }
    return nats / Double(max(1, sums.reduce(0) { $0 + $1.bases })) / portableLogarithm(2)
  }
}
