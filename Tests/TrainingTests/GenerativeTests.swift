import Datasets
import Foundation
import Genomics
import Layers
import Models
import Networks
import Parallel
import Tensors
import TestSupport
import Testing
import Training

/// Sequences of a seed, with some unknown bases.
private func sequences(_ count: Int, length: Int, seed: UInt64 = 1) -> [[UInt8]] {
  var random = RandomStream(seed: seed, .experiments)
  return (0..<count).map { _ in
    (0..<length).map { _ in random.next(below: 20) == 0 ? 4 : UInt8(random.next(below: 4)) }
  }
}

private func batch(_ sequences: [[UInt8]]) -> SequenceBatch {
  var batch = SequenceBatch()
  for codes in sequences { batch.append(codes) }
  return batch
}

/// The largest difference between a phase's gradient and the central differences of its loss, over some numbers of
/// every parameter, as a share of the largest of the gradient's numbers.
private func worstError<Learned: Learner>(
  of learner: Learned, shard: Learned.Shard, phase: Int = 0, count: Int
) -> Double {
  let pass = TrainingPass(seed: 7, step: 3, firstExample: 0, exampleCount: count)
  let gradient = learner.gradient(of: shard, phase: phase, in: pass).parameters
  let roles = learner[phase].parameterRoles
  let places = roles.indices.filter { roles[$0] != .statistic }
  let largest = gradient.flatMap(\.scalars).map(abs).max() ?? 0
  var worst = 0.0
  for (own, place) in places.enumerated() {
    let size = gradient[own].scalars.count
    for index in stride(from: 0, to: size, by: max(1, size / 5)) {
      func loss(_ change: Float) -> Double {
        var copy = learner
        var parameters = copy[phase].parameters
        parameters[place].scalars[index] += change
        copy[phase].parameters = parameters
        return copy.gradient(of: shard, phase: phase, in: pass).loss
      }
      let step: Float = 1e-2
      let slope = (loss(step) - loss(-step)) / Double(2 * step)
      worst = max(worst, abs(slope - Double(gradient[own].scalars[index])) / Double(largest))
    }
  }
  return worst
}

/// A small autoencoder without kinks, so that differences are exact to second order.
private let smooth = AutoencoderSettings(
  length: 9, latent: 3,
  encoder: [
    AnyLayerConfiguration(Convolution.Configuration(filters: 5, width: 3, padding: .same)), .tanh,
    .flatten,
  ],
  decoder: [
    .dense(units: 20), .tanh, .unflatten(positions: 5),
    AnyLayerConfiguration(
      TransposedConvolution.Configuration(filters: 4, width: 4, stride: 2, padding: 1)),
  ])

@Suite struct GenerativeTests {
  @Test func autoencoderGradientsMatchCentralDifferences() throws {
    let shard = SequenceShard(sequences: batch(sequences(3, length: 9)), scale: 0.3)
    let plain = AutoencoderLearner(try SequenceAutoencoder(smooth, seed: 1))
    #expect(worstError(of: plain, shard: shard, count: 3) < 2e-3)
    // At step 3 of 8 the divergence has half of its weight.
    let variational = AutoencoderLearner(
      try VariationalAutoencoder(smooth, seed: 2), beta: 2, annealingSteps: 8)
    #expect(worstError(of: variational, shard: shard, count: 3) < 2e-3)
  }

  @Test func languageGradientsMatchCentralDifferences() throws {
    let settings = LanguageModelSettings(
      context: 6, order: 2, layers: [.lstm(units: 4), .convolution(filters: 4, width: 1)])
    let model = try LanguageModel(settings, seed: 3)
    let examples = batch(sequences(2, length: 11))
    let shard = LanguageLearner.Shard(
      sequences: examples, offsets: model.offsets(for: examples, from: 6), scale: 0.5)
    #expect(worstError(of: LanguageLearner(model), shard: shard, count: 2) < 2e-3)
  }

  @Test(arguments: AdversarialGame.allCases)
  func criticGradientsMatchCentralDifferences(game: AdversarialGame) throws {
    let settings = AdversarialSettings(
      length: 9, latent: 3, game: game, generator: smooth.decoder,
      critic: [.convolution(filters: 5, width: 3), .tanh, .flatten, .dense(units: 1)])
    let learner = AdversarialLearner(try AdversarialPair(settings, seed: 4), longestTurn: 3)
    let shard = SequenceShard(sequences: batch(sequences(4, length: 9)), scale: 0.25)
    #expect(worstError(of: learner, shard: shard, count: 4) < 2e-3)
  }

  /// `∫ q log(q / p)` over a normal distribution `q` and the standard one, `p`, by the midpoint rule in Double.
  @Test func divergenceIsThatOfTheDistributions() {
    let (mean, logarithm) = (0.7, -0.9)
    let deviation = exp(logarithm / 2)
    let step = 1e-3
    let expected = stride(from: -12.0, to: 12, by: step).reduce(0) { sum, x in
      let scaled = (x - mean) / deviation
      let ratio = -scaled * scaled / 2 - log(deviation) + x * x / 2
      let density = exp(-scaled * scaled / 2) / (deviation * (2 * Double.pi).squareRoot())
      return sum + density * ratio * step
    }
    let draw = LatentDraw(
      Tensor(shape: [1, 2], scalars: [Float(mean), Float(logarithm)]), isVariational: true
    ) { RandomStream(seed: 1, .latent, $0) }
    #expect(abs(draw.divergence(weight: 1).loss - expected) < 1e-5)
  }

  /// 4,000 draws: their mean and variance are those of the distribution within five standard errors.
  @Test func latentNumbersFollowTheirDistribution() {
    let rows = 4000
    let code = Tensor(
      shape: [rows, 2], scalars: (0..<rows).flatMap { _ in [Float(0.5), Float(log(4.0))] })
    let draws = LatentDraw(code, isVariational: true) {
      RandomStream(seed: 5, .latent, $0)
    }.latents.scalars.map(Double.init)
    let mean = draws.reduce(0, +) / Double(rows)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
    #expect(abs(mean - 0.5) < 5 * 2 / Double(rows).squareRoot())
    #expect(abs(variance - 4) < 5 * 4 * (2 / Double(rows)).squareRoot())
  }

  /// Singular values 3 and 2 of a diagonal matrix; those of weights are at most 1 afterwards.
  @Test func spectralNormsAreLimited() throws {
    let matrix = Tensor(shape: [3, 2], scalars: [3, 0, 0, 2, 0, 0])
    #expect(abs(matrix.spectralNorm() - 3) < 1e-2)
    var stack = try LayerStack(
      [.dense(units: 2)], reading: .vector(3), name: "critic", seed: 1, number: 0)
    stack.parameters = [matrix, Tensor(zeros: [2])]
    stack.limitSpectralNorms()
    #expect(abs(stack.parameters[0].scalars[0] - 1) < 1e-2)
    #expect(abs(stack.parameters[0].scalars[3] - 2 / 3) < 1e-2)
  }

  /// The base 9 positions back, or a random one once in ten: a Markov model of order 3 knows nothing of it.
  @Test func languageModelReadsFurtherThanItsMarkovModel() throws {
    func repeats(_ count: Int, seed: UInt64) -> [[UInt8]] {
      var random = RandomStream(seed: seed, .experiments)
      return (0..<count).map { _ in
        var codes = (0..<9).map { _ in UInt8(random.next(below: 4)) }
        while codes.count < 80 {
          codes.append(
            random.next(below: 10) == 0 ? UInt8(random.next(below: 4)) : codes[codes.count - 9])
        }
        return codes
      }
    }
    let data = PretrainingSequences(
      training: repeats(200, seed: 1), validation: repeats(20, seed: 2), test: repeats(40, seed: 3))
    var recipe = PretrainingRecipe(
      model: LanguageModelSettings(
        context: 10, order: 3,
        layers: [
          .convolution(filters: 16, width: 10), .rectifier,
          AnyLayerConfiguration(
            Convolution.Configuration(filters: 4, width: 1, initialScale: 0.01)),
        ]), training: .language)
    recipe.training.epochs = 12
    recipe.training.learningRate = 0.01
    let trained = try Pretraining(.language(recipe), sequences: data, seed: 1, threads: 2).run()
    let bits = try #require(trained.figures["bits_per_base"])
    // The chance of the right base is 0.925: 0.112 + 0.385 / 3 … make 0.503 bits behind the first nine bases.
    let best = -(0.925 * log2(0.925) + 0.075 * log2(0.025))
    let expected = (9 * 2 + 71 * best) / 80
    #expect(bits > expected - 0.05 && bits < expected + 0.35)
    let markov = MarkovModel(order: 3, counting: data.training).bitsPerBase(of: data.test)[3]
    #expect(markov > 1.5)
  }

  @Test func layersThatReadAheadAreRefused() {
    let padded = AnyLayerConfiguration(
      Convolution.Configuration(filters: 4, width: 3, padding: .same))
    #expect(throws: ConfigurationError.self) {
      try LanguageModel(LanguageModelSettings(context: 8, order: nil, layers: [padded]), seed: 1)
    }
  }

  /// The critic tells nearly all right: it doesn't come again before the generator has had its turn.
  @Test func turnsFollowWhatTheCriticTellsRight() throws {
    let settings = AdversarialSettings.convolutional(
      length: 12, latent: 2, filters: 4, game: .binary)
    var learner = AdversarialLearner(try AdversarialPair(settings, seed: 1), longestTurn: 3)
    func settled(_ right: Float, phase: Int) -> [Int] {
      let statistics = learner[phase].parameters.enumerated().filter {
        learner[phase].parameterRoles[$0.offset] == .statistic
      }.map(\.element)
      var record = statistics[statistics.count - 1]
      record.scalars[0] = right
      learner.settle(statistics.dropLast() + [record], phase: phase)
      return learner.phases(ofStep: 0)
    }
    #expect(learner.phases(ofStep: 0) == [0])
    #expect(settled(0.5, phase: 0) == [0])
    #expect(settled(0.8, phase: 0) == [1])
    #expect(settled(0.8, phase: 1) == [1])
    #expect(settled(0.4, phase: 1) == [0])
    // A turn has three steps at most.
    #expect([0.1, 0.1, 0.1].map { settled($0, phase: 0) } == [[0], [0], [1]])
  }
}
