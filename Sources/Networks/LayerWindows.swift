package import Datasets
internal import Layers
package import Tensors

/// What a layer of a network makes at each of its positions, and the window of bases that each position reads.
package struct LayerWindows: Sendable {
  /// The bases of a window.
  package let width: Int
  /// The bases from one window to the next.
  package let step: Double
  /// The first base of the first window; below 0 if that is padding.
  private let start: Double
  private let stem: any Stem
  private let front: LayerChain
  private let rest: Network

  /// Normalizations and activations that follow the layer, each position by itself, are taken as part of it.
  ///
  /// - Returns: `nil` if there is no such layer in the network's list, or the layer has no positions, or reads the whole
  ///   sequence from each, or some layer up to it makes several positions of one; or if the network reads longer sequences
  ///   by windows of its own.
  package init?(of network: Network, layer: Int) {
    let layers = network.configuration.layers
    guard network.configuration.windows == nil, layers.indices.contains(layer) else { return nil }
    let field = Array(layers[...layer]).receptiveField(after: .base)
    let followers = layers[(layer + 1)...].prefix { $0.layer.keepsPositionsAndChannels }
    guard let width = field.width, !layers[...layer].contains(where: { $0.layer.addsPositions }),
      case .positions? = try? network.configuration.extents(
        length: network.minimumLength)[layer + followers.count + 1]
    else { return nil }
    (self.width, step) = (width, field.step)
    start = field.start - Double(network.configuration.padding ?? 0)
    let plain = network.plain
    stem = plain.stem
    (front, rest) = plain.divided(behind: layer + followers.count)
  }

  /// The first base of a window on its strand; below 0 if that is padding.
  package func start(ofPosition position: Int) -> Int {
    Int((start + Double(position) * step).rounded(.down))
  }

  /// What the layer makes of sequences, `[strands · batch, position, channel]`, the reverse strands last and in their own
  /// direction.
  ///
  /// - Precondition: All sequences have one length.
  package func features(_ batch: SequenceBatch) -> Tensor {
    front.output(of: stem.forwardErased(batch).output, beside: batch.sideTensor)
  }

  /// For each task the gradient of its output with respect to what the layer made of sequences.
  package func gradients(_ features: Tensor, of batch: SequenceBatch) -> [Tensor] {
    rest.featureGradients(rest.trace(of: features, in: .inference.beside(batch.sideTensor)))
      .gradients
  }
}

extension LayerConfiguration {
  /// Whether it is a normalization, an activation or a dropout: each output stands for one position and channel.
  fileprivate var keepsPositionsAndChannels: Bool {
    self is BatchNormalization.Configuration || self is LayerNormalization.Configuration
      || self is any Activation || self is Dropout
  }

  /// Whether it, or a layer of its lists, makes several positions of one, so that no step tells where each reads.
  fileprivate var addsPositions: Bool {
    self is TransposedConvolution.Configuration || self is Upsampling
      || branches.contains { $0.layers.contains { $0.layer.addsPositions } }
  }
}
