internal import Genomics
internal import Layers
public import Models
public import Networks
internal import Tensors

/// What the networks of a training start from, instead of weights that are drawn.
public enum TrainingStart: Sendable {
  /// Weights that were learned before, of one or more networks: a network of an ensemble starts from one of them, in turn.
  ///
  /// - `drawsOutput`: Whether the output layer is drawn anew, as for other tasks.
  case weights([Network], drawsOutput: Bool)
  /// Motifs, one per filter of the first layer: for each position the probabilities of A, C, G and T. Further filters are drawn.
  case filters([[SIMD4<Float>]])
  /// The first layers of a model that was learned without labels; the others are drawn.
  case encoder(SequenceEncoder)

  /// Gives a network the weights.
  ///
  /// - Parameter member: The network's number in its ensemble.
  /// - Throws: `ConfigurationError` if they aren't for such a network.
  func apply(to network: inout Network, member: Int) throws {
    switch self {
    case .weights(let networks, let drawsOutput):
      try network.take(networks[member % networks.count], drawsOutput: drawsOutput)
    case .filters(let motifs): try network.take(motifs)
    case .encoder(let encoder): try network.take(encoder)
    }
  }
}

extension Network {
  fileprivate mutating func take(_ source: Network, drawsOutput: Bool) throws {
    var (known, source): ([String: Tensor], _) = ([:], source)
    source.visitParameters { path, _, parameter in known[path] = parameter }
    try visitParameters { path, _, parameter in
      if drawsOutput, path.hasPrefix("output.") { return }
      guard let found = known[path], found.shape == parameter.shape else {
        let reason =
          known[path].map { "it has the shape \($0.shape) there and \(parameter.shape) here" }
          ?? "it isn't there"
        throw ConfigurationError(
          description: "the parameter \(path.quoted) can't start from the model: \(reason); train "
            + "the network of the model, on sequences of its length")
      }
      parameter = found
    }
  }

  fileprivate mutating func take(_ encoder: SequenceEncoder) throws {
    var left = encoder.parameters
    visitParameters { path, _, parameter in
      guard let known = left[path], known.shape == parameter.shape else { return }
      parameter = known
      left[path] = nil
    }
    if let path = left.keys.min() {
      throw ConfigurationError(
        description: "the parameter \(path.quoted) of the encoder has no place of its shape in the "
          + "network; leave network.layers out of the recipe, or begin them with the encoder's, and give "
          + "sequences of its length if it holds weights for each position")
    }
  }

  private static let firstFilters = "layers.0.weight"

  /// Puts motifs in the middle of filters: each base's probability less that of chance, as DanQ starts (Quang & Xie 2016). Of a
  /// motif that is wider than the filters the middle is taken.
  fileprivate mutating func take(_ motifs: [[SIMD4<Float>]]) throws {
    guard let filters = configuration.firstConvolution, filters.groups ?? 1 == 1,
      configuration.layers[0].layer is Convolution.Configuration
    else {
      throw ConfigurationError(
        description: "filters start from motifs in a first layer that is a convolution")
    }
    guard motifs.count <= filters.filters else {
      throw ConfigurationError(
        description:
          "\(motifs.count) motifs for \(filters.filters) filters; give fewer motifs, or a "
          + "network with more filters")
    }
    visitParameters { path, _, parameter in
      guard path == Self.firstFilters else { return }
      for (filter, motif) in motifs.enumerated() {
        let start = (filters.width - motif.count) / 2
        for position in 0..<filters.width {
          let column =
            motif.indices.contains(position - start)
            ? motif[position - start] - SIMD4(repeating: 0.25) : SIMD4(repeating: 0)
          for base in 0..<4 {
            parameter.scalars[(position * 4 + base) * filters.filters + filter] = column[base]
          }
        }
      }
    }
  }
}
