package import Layers
internal import Tensors

extension NetworkConfiguration {
  /// Sums end here, so that those of many layers don't overflow; no machine holds so much.
  private static let mostCounted = 1 << 50

  /// What each layer reads from sequences as the network reads them: of its `length`, or else the shortest.
  package func extents() throws(ConfigurationError) -> [Extents] {
    let shortest = try minimumLength()
    return try extents(length: length ?? shortest)
  }

  /// What each layer reads from sequences of a length, or from the shortest ones if those are longer.
  private func extents(atLeast length: Int) throws(ConfigurationError) -> [Extents] {
    try checkReading()
    // The search for the shortest is only for those that can't be read.
    do { return try extents(length: length) } catch {
      return try extents(length: max(length, minimumLength()))
    }
  }

  /// The number of weights and biases of a network, which need not be made for that; of more than 2⁵⁰,
  /// that number.
  ///
  /// - Throws: `ConfigurationError`.
  package func parameterCount(taskCount: Int) throws(ConfigurationError) -> Int {
    parameterCount(reading: try extents(), taskCount: taskCount)
  }

  private func parameterCount(reading extents: [Extents], taskCount: Int) -> Int {
    let inner = layers.sum(reading: extents[0]) { layer, input in
      layer.parameterShapes(reading: input).reduce(0) { min($0 + $1.count, Self.mostCounted) }
    }
    return min(inner + taskCount * ((extents.last?.count ?? 0) + 1), Self.mostCounted)
  }

  /// The number of features that all layers together make of a sequence, but for those within a fused stem;
  /// of more than 2⁵⁰, that number for each strand.
  ///
  /// - Throws: `ConfigurationError`.
  package func featureCount(length: Int) throws(ConfigurationError) -> Int {
    let extents = try extents(atLeast: length)
    let count = stem.layerCount
    let rows = stem == .oneHot ? strands.strandCount : strands.rowsPerExample
    return rows * Array(layers[count...]).featureCount(reading: extents[count])
  }

  /// The bases that the first feature of the fused stem reads; 1 if there is none.
  var stemSpan: Int {
    switch stem {
    case .oneHot: 1
    case .motifs(let filters, _): max(1, filters.width - 2 * (padding ?? 0))
    case .windowedMotifs(let filters, let window): filters.width + window.window - 1
    }
  }

  /// Whether the sequences that it learns from must have one length.
  package var needsOneLength: Bool {
    if length != nil { return true }
    if case .motifs = stem { return false }
    return true
  }

  /// A base adds a table row for three taps, of four weights each, at a time (`MotifTables`).
  private static let multiplyAddsPerRow = 12

  /// The multiplications that one sequence takes in inference, about; those of a fused stem as far as its
  /// tables don't spare them. Of more than 2⁵⁰, that number for each strand.
  ///
  /// - Throws: `ConfigurationError`.
  package func multiplyAdds(length: Int, taskCount: Int) throws(ConfigurationError) -> Int {
    multiplyAdds(reading: try extents(atLeast: length), taskCount: taskCount)
  }

  /// Those that each window takes where all windows of a longer sequence are scored: a fused stem that pools all
  /// positions computes each of them once.
  ///
  /// - Throws: `ConfigurationError`.
  package func multiplyAddsPerWindow(length: Int, taskCount: Int) throws(ConfigurationError) -> Int
  {
    let extents = try extents(atLeast: length)
    guard case .motifs = stem else { return multiplyAdds(reading: extents, taskCount: taskCount) }
    return stemMultiplyAdds(reading: extents) / max(1, length)
      + headMultiplyAdds(reading: extents, taskCount: taskCount)
  }

  private func multiplyAdds(reading extents: [Extents], taskCount: Int) -> Int {
    stemMultiplyAdds(reading: extents) + headMultiplyAdds(reading: extents, taskCount: taskCount)
  }

  private func stemMultiplyAdds(reading extents: [Extents]) -> Int {
    let fused = Array(layers[..<stem.layerCount]).sum(reading: extents[0]) {
      $0.multiplyAdds(reading: $1)
    }
    return fused * strands.strandCount / Self.multiplyAddsPerRow
  }

  private func headMultiplyAdds(reading extents: [Extents], taskCount: Int) -> Int {
    let count = stem.layerCount
    let rest = Array(layers[count...]).sum(reading: extents[count]) {
      $0.multiplyAdds(reading: $1)
    }
    let rows = stem == .oneHot ? strands.strandCount : strands.rowsPerExample
    return rows * min(rest + taskCount * (extents.last?.count ?? 0), Self.mostCounted)
  }

  /// The number of sequences to compute together: the power of 2 from `work.leastSize` up, and at most `most`, that makes the
  /// computation long compared to what each shard costs besides. So the shards of large networks are small:
  /// more threads find work, and features take less memory.
  package func shardSize(
    atMost most: Int, length: Int, taskCount: Int, for work: ShardWork = .training
  ) -> Int {
    // Without a length of its own, a network has as many parameters whatever it reads.
    guard let read = try? extents(atLeast: length),
      let own = try? self.length.map(extents(atLeast:)) ?? read
    else { return most }
    let each = multiplyAdds(reading: read, taskCount: taskCount)
    let parameters = parameterCount(reading: own, taskCount: taskCount)
    let enough = max(
      work.multiplyAdds, work.multiplyAddsPerParameter * min(parameters, Self.mostCounted))
    var size = work.leastSize
    while size < most, size * min(each, Self.mostCounted) < enough { size *= 2 }
    return min(size, most)
  }
}

/// What makes a shard large enough.
package struct ShardWork: Sendable {
  /// Multiplications next to which what each shard costs besides is little.
  fileprivate let multiplyAdds: Int
  /// Multiplications per parameter, next to which moving the parameters costs little.
  fileprivate let multiplyAddsPerParameter: Int
  fileprivate let leastSize: Int

  /// Gradients are summed per shard, so another size would give other bytes.
  package static let training = ShardWork(
    multiplyAdds: 500_000_000, multiplyAddsPerParameter: 400, leastSize: 4)
  /// Features of few sequences stay in the second-level cache.
  package static let inference = ShardWork(
    multiplyAdds: 200_000_000, multiplyAddsPerParameter: 800, leastSize: 2)
}

extension [AnyLayerConfiguration] {
  /// The features that the layers read and make, and those within them.
  fileprivate func featureCount(reading input: Extents) -> Int {
    Swift.min(input.count, 1 << 50)
      + sum(reading: input) { layer, input in
        let inner = layer.branches.filter { !$0.layers.isEmpty }.reduce(0) {
          Swift.min($0 + $1.layers.featureCount(reading: input), 1 << 50)
        }
        let own = Swift.min(layer.keptFeatures(reading: input), 1 << 50)
        return Swift.min(layer.soundOutput(after: input).count, 1 << 50) + own + inner
      }
  }
}
