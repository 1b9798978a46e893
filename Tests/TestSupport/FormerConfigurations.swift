package import Layers
package import Networks

// Configurations in the terms of version 0.1: a front, and the layers behind it.

extension NetworkConfiguration {
  package init(
    front: Front, layers: [AnyLayerConfiguration], strands: StrandRule = .max, length: Int? = nil,
    windows: WindowRule? = nil
  ) {
    // What version 0.1 refused isn't made here.
    let stem = (try? front.layers) ?? []
    self.init(
      layers: stem + layers, strands: strands, padding: front.padding, length: length,
      windows: windows)
  }

  /// Puts others in the place of the fused layers.
  package mutating func replaceStem(by front: Front) {
    self = NetworkConfiguration(
      front: front, layers: Array(layers.dropFirst(stemLayerCount)), strands: strands,
      length: length, windows: windows)
  }

  /// The layers behind the fused ones.
  package var layersBehindStem: [AnyLayerConfiguration] {
    get { Array(layers.dropFirst(stemLayerCount)) }
    set { layers = layers.prefix(stemLayerCount) + newValue }
  }
}
