import Datasets
import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import Testing
import Training

@Suite struct AdversarialLanguageTests {
  private static let settings = AdversarialLanguageSettings(
    length: 5, game: .binary,
    language: LanguageModelSettings(
      context: 3, order: nil,
      layers: [.convolution(filters: 6, width: 3), .tanh, .convolution(filters: 4, width: 1)]),
    critic: [.flatten, .dense(units: 1)])

  private static func streams(_ count: Int) -> [RandomStream] {
    (0..<count).map { RandomStream(seed: 2, .latent, $0) }
  }

  private static let pass = TrainingPass(seed: 2, step: 0, firstExample: 0, exampleCount: 1)

  /// A pair whose language model prefers some bases strongly.
  private static func pair() throws -> AdversarialLanguageModel {
    var pair = try AdversarialLanguageModel(settings, seed: 5)
    pair.language.updateParameters { role, parameter in
      if role == .weight { parameter = parameter.map { 2 * $0 } }
    }
    return pair
  }

  /// Each sequence of three bases is drawn as often as the language model says, within five standard errors.
  @Test func basesAreDrawnByTheirChances() throws {
    let pair = try Self.pair()
    let count = 8000
    var streams = Self.streams(count)
    let drawn = pair.made(using: &streams, in: Self.pass).drawn.scalars
    var found = [Int](repeating: 0, count: 64)
    for row in 0..<count {
      let word = (0..<3).reduce(0) { word, position in
        let place = (row * 5 + position) * 4
        return 4 * word + (drawn[place..<place + 4].firstIndex(of: 1) ?? place) - place
      }
      found[word] += 1
    }
    for word in 0..<64 {
      let codes = [UInt8(word / 16), UInt8(word / 4 % 4), UInt8(word % 4)]
      let share = exp(pair.language.logLikelihoods(of: codes).reduce(0.0) { $0 + Double($1) })
      let error = (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(Double(found[word]) / Double(count) - share) < 5 * error)
    }
  }

  /// `Σ flow · softmax(logits + noise)` of sequences of five bases.
  private static func surrogate(
    _ language: LanguageModel, of sequences: [[UInt8]], flow: [Float]
  ) -> Double {
    var streams = streams(sequences.count)
    return sequences.enumerated().reduce(0) { sum, sequence in
      let (row, codes) = sequence
      var batch = SequenceBatch()
      batch.append([4, 4, 4] + codes)
      let logits = language.logits(of: batch).scalars
      return (0..<5).reduce(sum) { sum, position in
        let noisy = (0..<4).map { base -> Double in
          let uniform = (streams[row].uniform() as Double) + 0x1p-54
          return Double(logits[4 * position + base]) - log(-log(uniform))
        }
        let total = noisy.reduce(0) { $0 + exp($1) }
        return (0..<4).reduce(sum) {
          $0 + Double(flow[(row * 5 + position) * 4 + $1]) * exp(noisy[$1]) / total
        }
      }
    }
  }

  /// The gradient is that of `Σ g · softmax(logits + noise)`, the drawn bases and the noise kept as they are: central
  /// differences, with the softmax in Double and Gumbel's noise by its formula.
  @Test func gradientGoesThroughTheChances() throws {
    let pair = try Self.pair()
    var streams = Self.streams(2)
    let made = pair.made(using: &streams, in: Self.pass)
    var random = RandomStream(seed: 8, .experiments)
    let flow = (0..<40).map { _ in Float(random.normal()) }
    let gradient = made.back(Tensor(shape: [2, 5, 4], scalars: flow)).parameters
    let read = (0..<2).map { row in
      (0..<5).map { position -> UInt8 in
        let place = (row * 5 + position) * 4
        return UInt8((0..<4).first { made.drawn.scalars[place + $0] == 1 } ?? 4)
      }
    }
    for (place, own) in gradient.enumerated() {
      for index in own.scalars.indices {
        func changed(_ change: Float) -> Double {
          var language = pair.language
          var parameters = language.parameters
          parameters[place].scalars[index] += change
          language.parameters = parameters
          return Self.surrogate(language, of: read, flow: flow)
        }
        let slope = (changed(0.01) - changed(-0.01)) / 0.02
        #expect(abs(slope - Double(own.scalars[index])) < 2e-3)
      }
    }
  }

  @Test func anotherLanguageModelIsRefused() throws {
    let other = try LanguageModel(
      .recurrent(units: 4, order: nil), seed: 1)
    #expect(throws: ConfigurationError.self) {
      try AdversarialLanguageModel(Self.settings, from: other, seed: 1)
    }
  }
}
