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
  /// - Returns: `nil` if the network has no such layer, or the layer has no positions, or reads the whole sequence from each.
  package init?(of network: Network, layer: Int) {
    let layers = network.configuration.layers
    guard network.configuration.windows == nil, layers.indices.contains(layer) else { return nil }
    let field = Array(layers[...layer]).receptiveField(after: .base)
    let followers = layers[(layer + 1)...].prefix { next in
      !(next.layer is Convolution.Configuration) && next.layer.branches.isEmpty
        && next.layer.receptiveField(after: field) == field
    }
    guard let width = field.width,
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
