public import Layers

extension NetworkConfiguration {
  /// What is read beside the sequences; `nil` if nothing is.
  public var sideInputs: SideInputs? {
    layers.lazy.compactMap { $0.layer as? SideInputs }.first
  }

  /// The configuration that reads numbers beside the sequences: where it does already, or before the first dense layer.
  public func reading(_ side: SideInputs) -> NetworkConfiguration {
    var copy = self
    let layer = AnyLayerConfiguration(side)
    if let index = layers.firstIndex(where: { $0.layer is SideInputs }) {
      copy.layers[index] = layer
    } else {
      let head = layers.firstIndex { $0.layer is Dense.Configuration } ?? layers.endIndex
      copy.layers.insert(layer, at: head)
    }
    return copy
  }
}
