internal import Datasets
package import Genomics
package import Layers
package import Models
package import Networks
package import Tensors

/// A generator and the critic that it is to deceive.
package protocol AdversarialModel: GenerativeModel {
  var game: AdversarialGame { get }
  var critic: LayerStack { get set }
  /// What learns to make sequences.
  var generatorLayers: LayerStack { get set }

  /// Makes a sequence of each stream of random numbers.
  func made(using streams: inout [RandomStream], in pass: TrainingPass) -> MadeSequences
}

/// Sequences that a generator made, one-hot, `[batch, position, base]`.
///
/// A generator draws bases: the largest of logits plus Gumbel's noise. The gradient of the drawn bases goes back through the
/// softmax of the same numbers (Jang et al. 2017, the straight-through estimator).
package struct MadeSequences {
  package let drawn: Tensor
  /// What the generator's layers learn by the gradient of `drawn`.
  package let back: (_ gradient: Tensor) -> LayerGradient
}

extension AdversarialPair: AdversarialModel {
  package var game: AdversarialGame { settings.game }

  package func made(using streams: inout [RandomStream], in pass: TrainingPass) -> MadeSequences {
    let latents = Tensor(normalRows: settings.latent, using: &streams)
    let (logits, saved) = generatorLayers.forward(latents, in: .training(pass))
    var noisy = logits.keepingPositions(settings.length)
    let row = noisy.scalars.count / max(1, streams.count)
    for index in noisy.scalars.indices {
      noisy.scalars[index] += streams[index / row].gumbel()
    }
    return MadeSequences(drawn: noisy.oneHotOfLargest()) { gradient in
      let flow = gradient.softmaxGradient(of: noisy.softmaxOfRows())
      return generatorLayers.backward(
        flow.fillingPositions(upTo: logits.shape[1]), saved: saved, wantsInput: false)
    }
  }
}

extension AdversarialLanguageModel: AdversarialModel {
  package var game: AdversarialGame { settings.game }

  package var generatorLayers: LayerStack {
    get { language.layers }
    set { language.layers = newValue }
  }

  /// Each base is drawn by those before it. The gradient of a base goes to the logits that it was drawn by, and not
  /// through the bases before it.
  package func made(using streams: inout [RandomStream], in pass: TrainingPass) -> MadeSequences {
    let (length, context) = (settings.length, language.settings.context)
    var noise = Tensor(zeros: [streams.count, length, 4])
    var position = 0
    let codes = language.written(streams.count, length: length) { logits in
      var logits = logits
      for row in streams.indices {
        for base in 0..<4 {
          let drawn = streams[row].gumbel()
          noise.scalars[(row * length + position) * 4 + base] = drawn
          logits.scalars[4 * row + base] += drawn
        }
      }
      position += 1
      return logits.largestOfFour().map(UInt8.init)
    }
    var batch = SequenceBatch()
    for own in codes { batch.append(own) }
    let drawn = batch.oneHot().droppingPositions(before: length)
    return MadeSequences(drawn: drawn) { gradient in
      let (made, saved) = language.layers.forward(
        batch.droppingLast().oneHot(), in: .training(pass))
      var logits = made.droppingPositions(before: length)
      if let offsets = language.offsets(for: batch, from: context) { logits += offsets }
      logits += noise
      let flow = gradient.softmaxGradient(of: logits.softmaxOfRows())
      return language.layers.backward(
        flow.addingPositions(upTo: made.shape[1]), saved: saved, wantsInput: false)
    }
  }
}

extension Tensor {
  /// The first positions of `[batch, position, channel]`.
  package func keepingPositions(_ kept: Int) -> Tensor {
    let (rows, positions, channels) = (shape[0], shape[1], shape[2])
    guard kept < positions else { return self }
    var result: [Float] = []
    for row in 0..<rows {
      let first = row * positions * channels
      result += scalars[first..<first + kept * channels]
    }
    return Tensor(shape: [rows, kept, channels], scalars: result)
  }

  /// The inverse: zeros behind.
  package func fillingPositions(upTo positions: Int) -> Tensor {
    let (rows, kept, channels) = (shape[0], shape[1], shape[2])
    guard kept < positions else { return self }
    var result = Tensor(zeros: [rows, positions, channels])
    let own = kept * channels
    for row in 0..<rows {
      let first = row * positions * channels
      result.scalars.replaceSubrange(
        first..<first + own, with: scalars[row * own..<(row + 1) * own])
    }
    return result
  }

  /// The index of the largest of each four, the first of equal ones.
  fileprivate func largestOfFour() -> [Int] {
    stride(from: 0, to: scalars.count, by: 4).map { place in
      (1..<4).reduce(0) { scalars[place + $1] > scalars[place + $0] ? $1 : $0 }
    }
  }

  /// 1 for the largest of four, and 0 for the others.
  fileprivate func oneHotOfLargest() -> Tensor {
    var result = Tensor(zeros: shape)
    for (row, base) in largestOfFour().enumerated() { result.scalars[4 * row + base] = 1 }
    return result
  }
}

extension RandomStream {
  /// A number of Gumbel's distribution: the largest of logits plus such numbers is drawn by the softmax of the logits.
  fileprivate mutating func gumbel() -> Float {
    let uniform = (uniform() as Double) + 0x1p-54
    return Float(-portableLogarithm(-portableLogarithm(uniform)))
  }
}
