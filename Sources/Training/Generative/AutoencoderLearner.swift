package import Datasets
package import Genomics
package import Layers
package import Models
package import Networks
package import Tensors

/// An autoencoder that learns to tell sequences from what it squeezed them into.
package struct AutoencoderLearner: Learner {
  package var parts: AutoencoderParts
  /// The weight of the divergence; `nil` if the latent numbers are points.
  let beta: Float?
  /// The steps over which it rises from 0.
  let annealingSteps: Int

  package init(_ model: SequenceAutoencoder) {
    (parts, beta, annealingSteps) = (model.parts, nil, 0)
  }

  package init(_ model: VariationalAutoencoder, beta: Float, annealingSteps: Int) {
    (parts, self.beta, self.annealingSteps) = (model.parts, beta, annealingSteps)
  }

  package var phaseCount: Int { 1 }

  package subscript(phase: Int) -> AutoencoderParts {
    get { parts }
    _modify { yield &parts }
  }

  package func gradient(of shard: SequenceShard, phase: Int, in pass: TrainingPass) -> ShardGradient
  {
    let training = Pass.training(pass)
    let (features, encoderSaved) = parts.encoder.forward(shard.sequences.oneHot(), in: training)
    let (code, codeSaved) = parts.bottleneck.forward(features, in: training)
    let draw = LatentDraw(code, isVariational: beta != nil) { row in
      RandomStream(seed: pass.seed, .latent, pass.step, pass.firstExample + row)
    }
    let (logits, decoderSaved) = parts.decoder.forward(draw.latents, in: training)
    let told = BaseLoss(logits, of: shard.sequences, scale: shard.scale)
    let decoder = parts.decoder.backward(told.gradient, saved: decoderSaved)
    let rise =
      pass.step < annealingSteps ? Float(pass.step + 1) / Float(annealingSteps) : 1
    let divergence = draw.divergence(weight: (beta ?? 0) * rise * shard.scale)
    let bottleneck = parts.bottleneck.backward(
      draw.codeGradient(decoder.flow, divergence.gradient), saved: codeSaved, wantsInput: true)
    let encoder = parts.encoder.backward(bottleneck.flow, saved: encoderSaved, wantsInput: false)
    return ShardGradient(
      loss: told.loss + divergence.loss,
      parameters: encoder.parameters + bottleneck.parameters + decoder.parameters,
      statistics: encoder.statistics + decoder.statistics)
  }

  package mutating func settle(_ statistics: [Tensor], phase: Int) {
    let own = parts.encoder.statisticCount
    parts.encoder.settle(Array(statistics.prefix(own)))
    parts.decoder.settle(Array(statistics.dropFirst(own)))
  }

  /// How well sequences are told in inference: the loss in nats (the sum over them), with the whole weight of the
  /// divergence, and what it is made of.
  package func losses(
    of sequences: SequenceBatch, noise: @escaping (Int) -> RandomStream
  ) -> (told: BaseLoss, divergence: Double) {
    let features = parts.encoder.output(of: sequences.oneHot())
    let code = parts.bottleneck.forward(features, in: .inference).output
    let draw = LatentDraw(code, isVariational: beta != nil, noise: noise)
    let told = BaseLoss(parts.decoder.output(of: draw.latents), of: sequences, scale: 1)
    return (told, beta == nil ? 0 : draw.divergence(weight: 1).loss)
  }
}

extension LayerGradient {
  /// The gradient of the input, which was asked for.
  var flow: Tensor {
    guard let input else { preconditionFailure("a layer without the gradient asked for") }
    return input
  }
}

/// Latent numbers: the bottleneck's outputs, or drawn from the normal distributions that they describe,
/// `mean + e^(logVariance / 2) · noise` (Kingma & Welling 2014, section 2.4).
package struct LatentDraw {
  /// `[batch, latent]`
  package let latents: Tensor
  private let code: Tensor
  private let noise: Tensor?
  /// The standard deviations.
  private let deviations: Tensor?

  /// - Parameters:
  ///   - code: `[batch, latent]`, or `[batch, 2 · latent]` of means and logarithms of variances.
  ///   - noise: The random numbers of each row.
  package init(_ code: Tensor, isVariational: Bool, noise stream: (Int) -> RandomStream) {
    self.code = code
    guard isVariational else {
      (latents, noise, deviations) = (code, nil, nil)
      return
    }
    let (rows, latent) = (code.shape[0], code.shape[1] / 2)
    var noise = Tensor(zeros: [rows, latent])
    for row in 0..<rows {
      var random = stream(row)
      for index in 0..<latent { noise.scalars[row * latent + index] = Float(random.normal()) }
    }
    let deviations = code.columns(latent..<2 * latent).map { $0 / 2 }.applying(.exponential)
    var latents = noise * deviations
    latents += code.columns(0..<latent)
    (self.latents, self.noise, self.deviations) = (latents, noise, deviations)
  }

  /// The divergence of the distributions from the standard normal one, `½ Σ (mean² + variance - 1 - logVariance)`
  /// (Kingma & Welling 2014, appendix B), times a weight, and its gradient with respect to the code.
  package func divergence(weight: Float) -> (loss: Double, gradient: Tensor) {
    var (loss, gradient) = (0.0, Tensor(zeros: code.shape))
    guard let deviations else { return (0, gradient) }
    let (rows, latent) = (code.shape[0], code.shape[1] / 2)
    for row in 0..<rows {
      for index in 0..<latent {
        let place = row * 2 * latent + index
        let (mean, logarithm) = (code.scalars[place], code.scalars[place + latent])
        let deviation = deviations.scalars[row * latent + index]
        let variance = deviation * deviation
        loss += Double(weight) * Double(mean * mean + variance - 1 - logarithm) / 2
        gradient.scalars[place] = weight * mean
        gradient.scalars[place + latent] = weight * (variance - 1) / 2
      }
    }
    return (loss, gradient)
  }

  /// The gradient with respect to the code.
  ///
  /// - Parameters:
  ///   - flow: That with respect to the latent numbers.
  ///   - own: What the divergence adds.
  package func codeGradient(_ flow: Tensor, _ own: Tensor) -> Tensor {
    guard let noise, let deviations else { return flow }
    let slopes = (flow * noise * deviations).map { $0 / 2 }
    var gradient = Tensor(joiningColumns: [flow, slopes])
    gradient += own
    return gradient
  }
}
