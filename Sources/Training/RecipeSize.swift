internal import Genomics
internal import Networks

extension Recipe {
  /// The most numbers that the partial sums of a step may take on a thread.
  private static let mostParameters = 1 << 28
  /// The most features that a shard may make.
  private static let mostFeatures = 1 << 28

  /// Why training by the recipe would take more memory than machines have, though each of its numbers may
  /// be; `nil` if it wouldn't.
  ///
  /// - Parameter length: That of the sequences; `nil` if it isn't known yet.
  /// - Throws: `ConfigurationError`.
  public func sizeProblem(taskCount: Int, length: Int?) throws -> String? {
    let parameters = try networks.reduce(0) {
      max($0, try $1.parameterCount(taskCount: taskCount))
    }
    let examples = training.shardSize(
      for: network, length: length ?? network.length ?? 0, taskCount: taskCount)
    let shards = training.batchSize.dividedRoundingUp(by: examples)
    let sums = Int.bitWidth - shards.leadingZeroBitCount
    guard parameters <= Self.mostParameters / (ensemble.networks * sums) else {
      return
        "network: \(parameters) parameters, times \(ensemble.networks) network(s) and \(sums) partial "
        + "sum(s) of \(shards) shard(s), are too many; take at most \(Self.mostParameters) in all, with "
        + "fewer filters or units, or a larger shardSize"
    }
    guard let length else { return nil }
    let features = try network.featureCount(length: length)
    guard features <= Self.mostFeatures / examples else {
      return "network: \(features) features of a sequence of \(length) bases, times \(examples) "
        + "sequences a shard, are too many; take at most \(Self.mostFeatures) in all, with a smaller "
        + "shardSize, fewer filters or a shorter --length"
    }
    return nil
  }
}
