internal import Genomics
internal import Networks

/// How the influence of filters is found: within a budget, so that it takes seconds for any network.
struct InfluenceEffort {
  enum Kind: Equatable {
    /// Every filter is silenced in turn.
    case exact
    /// To first order.
    case estimated
    case none
  }

  private let kind: Kind
  /// Of so many shards one is measured.
  private let interval: Int

  /// The multiplications that may be spent: about 10 seconds on two processors with AVX2.
  private static let budget = 300_000_000_000
  /// A forward pass, and a backward pass of two products for each of its own.
  private static let passesOfGradient = 3

  /// - Parameter filters: The number of those that can be silenced; `nil` if none can.
  init(of network: Network, filters: Int?, positives: [EncodedSequence]) {
    let longest = positives.map(\.count).max() ?? 0
    let cost =
      (try? network.configuration.multiplyAdds(length: longest, taskCount: network.taskCount)) ?? 1
    let perPass = Self.budget / max(1, cost) / max(1, positives.count)
    // Networks that read windows have no features for the whole sequence.
    let isExact = filters.map { perPass >= $0 || network.configuration.windows != nil } ?? false
    kind = isExact ? .exact : .estimated
    let affordable = Self.budget / (Self.passesOfGradient * max(1, min(cost, Self.budget)))
    interval = isExact ? 1 : max(1, positives.count.dividedRoundingUp(by: max(1, affordable)))
  }

  func forShard(_ index: Int) -> Kind { index % interval == 0 ? kind : .none }
}
