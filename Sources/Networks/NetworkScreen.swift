internal import Layers
internal import Tensors

/// Networks that read alike whose outputs of windows, each times a weight, are added up fast, to a known error:
/// motifs, their maxima, and one hidden layer.
package struct NetworkScreen: Sendable {
  /// Each adds up the networks whose filters have one width; where strands are compared, there is one per network.
  private let screens: [MotifScreen]
  private let strands: StrandRule
  /// `[network][task]`
  private let weights: [[Float]]

  /// - Parameters:
  ///   - weights: `[network][task]`
  ///   - intercept: What is added to the sums, one number per task.
  /// - Returns: `nil` if the networks are of another kind.
  package init?(_ networks: [Network], weights: [[Float]], intercept: [Float]) {
    let members = zip(networks, weights).compactMap { $0.screenMember(weights: $1) }
    guard members.count == networks.count else { return nil }
    (strands, self.weights) = (networks[0].configuration.strands, weights)
    let addsUp = strands == .pooled || strands == .forward
    let byWidth = Dictionary(grouping: members, by: \.width).sorted { $0.key < $1.key }.map(\.value)
    screens = (addsUp ? byWidth : members.map { [$0] }).enumerated().map { index, members in
      MotifScreen(members, intercept: index == 0 ? intercept : intercept.map { _ in 0 })
    }
  }

  /// The largest error of each task's output.
  package var errors: [Double] {
    screens.dropFirst().reduce(screens[0].errors) { zip($0, $1.errors).map { $0 + $1 } }
  }

  /// The sums for each window of `length` bases in a stretch of codes, `[window][task]`; unknown bases read as A.
  ///
  /// - Precondition: As for `MotifScreen.outputs`.
  package func outputs(_ codes: [UInt8], length: Int) -> [Float] {
    let outputs = screens.indices.map { self.outputs(screen: $0, codes, length: length) }
    return outputs.dropFirst().reduce(outputs[0]) { zip($0, $1).map { $0 + $1 } }
  }

  private func outputs(screen: Int, _ codes: [UInt8], length: Int) -> [Float] {
    func read(_ strands: MotifScreen.Strands) -> [Float] {
      screens[screen].outputs(codes, length: length, strands: strands)
    }
    switch strands {
    case .pooled: return read(.both)
    case .forward: return read(.forward)
    case .mean: return zip(read(.forward), read(.reverse)).map { ($0 + $1) / 2 }
    case .max:
      let (forward, reverse) = (read(.forward), read(.reverse))
      // A negative weight makes the larger output the lower one.
      let own = weights[screen]
      return forward.indices.map { index in
        own[index % own.count] < 0
          ? min(forward[index], reverse[index]) : max(forward[index], reverse[index])
      }
    }
  }
}

extension Network {
  /// The network as a screen reads it; `nil` if it is of another kind.
  fileprivate func screenMember(weights: [Float]) -> MotifScreen.Member? {
    guard let motifs = stem as? MotifConvolution, motifs.pooling == .max, motifs.padding == 0,
      configuration.windows == nil, let layers = hiddenLayer,
      layers.hidden.bias.shape[0] <= MotifScreen.mostUnits
    else { return nil }
    return MotifScreen.Member(
      filters: (motifs.weight, motifs.bias), hidden: (layers.hidden.weight, layers.hidden.bias),
      output: (layers.output.weight, layers.output.bias), weights: weights)
  }
}
