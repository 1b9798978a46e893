internal import Networks
internal import Tensors

/// An ensemble whose outputs of windows are approximated fast, to an error that is known beforehand.
package struct EnsembleScreen: Sendable {
  /// The largest error of each task's output.
  package let errors: [Float]
  private let ensemble: Ensemble
  private let networks: NetworkScreen

  /// - Returns: `nil` if its networks have no such approximation.
  package init?(_ ensemble: Ensemble) {
    let weights = ensemble.networks.indices.map(ensemble.weights(of:))
    guard
      let networks = NetworkScreen(
        ensemble.networks, weights: weights, intercept: ensemble.intercept.scalars)
    else { return nil }
    (self.ensemble, self.networks) = (ensemble, networks)
    errors = networks.errors.map { Float($0) }
  }

  /// The outputs of each window of `length` bases in a stretch of codes, `[window][task]`; the networks read unknown
  /// bases as A.
  package func outputs(_ codes: [UInt8], length: Int) -> [Float] {
    var outputs = networks.outputs(codes, length: length)
    guard let kmers = ensemble.kmers else { return outputs }
    outputs.addRows(
      kmers.windowScores(codes, length: length),
      times: ensemble.weights(of: ensemble.networks.count))
    return outputs
  }
}
