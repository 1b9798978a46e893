internal import Genomics
internal import Layers
public import Networks
internal import Tensors

/// Weights that were learned before, from which training starts.
public struct StartingWeights: Sendable {
  /// One or more; a network of an ensemble starts from one of them, in turn.
  public let networks: [Network]
  /// Whether the output layer is drawn anew, as for other tasks.
  public let drawsOutput: Bool

  /// - Precondition: There is a network.
  public init(_ networks: [Network], drawsOutput: Bool) {
    precondition(!networks.isEmpty, "no networks")
    (self.networks, self.drawsOutput) = (networks, drawsOutput)
  }

  /// Gives a network the weights.
  ///
  /// - Parameter member: The network's number in its ensemble.
  /// - Throws: `ConfigurationError` if a parameter of the network is none of theirs, or has another shape.
  func apply(to network: inout Network, member: Int) throws {
    var (known, source): ([String: Tensor], _) = ([:], networks[member % networks.count])
    source.visitParameters { path, _, parameter in known[path] = parameter }
    try network.visitParameters { path, _, parameter in
      if drawsOutput, path.hasPrefix("output.") { return }
      guard let found = known[path], found.shape == parameter.shape else {
        let reason =
          known[path].map { "has the shape \($0.shape) there and \(parameter.shape) here" }
          ?? "isn't there"
        throw ConfigurationError(
          description:
            "the parameter \(path.quoted) can't start from the model: it \(reason); train the "
            + "network of the model, on sequences of its length")
      }
      parameter = found
    }
  }
}
