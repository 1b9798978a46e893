internal import Genomics
internal import Layers

/// How a network begins: the one place that tells which layers have a fused form.
///
/// A convolution over the bases of DNA or RNA, a rectifier and a pooling run on look-up tables (`MotifTables`); anything
/// else starts from the one-hot tensor.
enum StemKind: Equatable {
  case oneHot
  case motifs(Convolution.Configuration, GlobalPooling.Configuration)
  case windowedMotifs(Convolution.Configuration, window: WindowPooling.Configuration)

  /// The number of layers that it stands for.
  var layerCount: Int { self == .oneHot ? 0 : 3 }
}

extension NetworkConfiguration {
  /// The number of layers that run in a fused form.
  package var stemLayerCount: Int { stem.layerCount }

  var stem: StemKind {
    guard alphabet.hasComplement, layers.count >= 3,
      let convolution = layers[0].layer as? Convolution.Configuration,
      convolution.isPlain, layers[1].layer is Rectifier
    else { return .oneHot }
    if let pooling = layers[2].layer as? GlobalPooling.Configuration, pooling.pooling.hasMaxima {
      return .motifs(convolution, pooling)
    }
    if let window = layers[2].layer as? WindowPooling.Configuration, window.pooling != .sum,
      padding ?? 0 == 0, strands != .pooled
    {
      return .windowedMotifs(convolution, window: window)
    }
    return .oneHot
  }

  /// - Parameter convolution: The first layer.
  func makeStem(_ convolution: (any Layer)?, isFused: Bool) -> any Stem {
    let padding = padding ?? 0
    guard isFused, let convolution = convolution as? Convolution else {
      return OneHot(strands: strands, padding: padding, alphabet: alphabet)
    }
    func motifs(_ pooling: Pooling, meanScale: Float = 1) -> MotifConvolution {
      MotifConvolution(
        weight: convolution.weight, bias: convolution.bias, pooling: pooling, meanScale: meanScale,
        strands: strands, padding: padding)
    }
    switch stem {
    case .oneHot: return OneHot(strands: strands, padding: padding, alphabet: alphabet)
    case .motifs(_, let pooling): return motifs(pooling.pooling, meanScale: pooling.meanScale ?? 1)
    case .windowedMotifs(_, let window):
      return WindowedMotifConvolution(motifs(window.pooling), window: window.window)
    }
  }
}
