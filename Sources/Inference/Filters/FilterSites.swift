internal import Datasets
internal import Genomics
internal import Motifs
internal import Networks
internal import Parallel
internal import Tensors

/// What the filters of one network match in the positives.
struct FilterSites {
  /// One for each filter.
  let matrices: [CountMatrix]
  /// The information, in bits, that the columns of a motif have together at least.
  let leastInformation: Double
  /// For each filter and task the sum over the positives of how much the output falls without it.
  let drops: [[Double]]

  init(
    of network: Network, motifs: MotifConvolution, positives: [EncodedSequence], threads: Int
  ) {
    let shards = positives.shards(
      of: Self.sequencesPerShard, haveOneLength: network.stem.needsEqualLengths)
    let shardCount = shards.count
    let shard = { @Sendable (index: Int) in SequenceBatch(shards[index]) }
    let effort = InfluenceEffort(of: network, filters: motifs.filterCount, positives: positives)
    let summaries = concurrentMap(shardCount, threads: threads) { index in
      ActivationSummary(
        of: network, motifs: motifs, batch: shard(index), effort: effort.forShard(index))
    }
    let maxima = summaries.reduce([Float](repeating: 0, count: motifs.filterCount)) {
      zip($0, $1.maxima).map { max($0, $1) }
    }
    let sites = concurrentMap(shardCount, threads: threads) { index in
      SiteCounts(motifs: motifs, read: motifs.padded(shard(index)), maxima: maxima)
    }.reduce(into: SiteCounts(motifs: motifs)) { $0 += $1 }
    matrices = (0..<motifs.filterCount).map(sites.matrix)
    leastInformation = 0
    let measured = summaries.indices.filter { effort.forShard($0) != .none }
      .reduce(0) { $0 + shard($1).count }
    let scale = Double(positives.count) / Double(max(1, measured))
    drops = (0..<motifs.filterCount).map { filter in
      (0..<network.taskCount).map { task in
        scale * summaries.reduce(0.0) { $0 + $1.drops[filter][task] }
      }
    }
  }
}

extension FilterSites {
  static let sequencesPerShard = 256
}

extension [EncodedSequence] {
  /// The sequences that are read together, so many at most, all of one length if that is wanted.
  func shards(of size: Int, haveOneLength: Bool) -> [ArraySlice<EncodedSequence>] {
    let groups =
      haveOneLength
      ? Dictionary(grouping: self, by: \.count).sorted { $0.key < $1.key }.map(\.value)
      : [self]
    return groups.flatMap { group in
      stride(from: 0, to: group.count, by: size).map {
        group[$0..<Swift.min($0 + size, group.count)]
      }
    }
  }
}

/// What a shard of positives makes of the filters.
private struct ActivationSummary: Sendable {
  /// The largest activation of each filter on either strand.
  let maxima: [Float]
  /// For each filter and task the sum over the sequences of how much the output falls without it.
  let drops: [[Double]]

  init(
    of network: Network, motifs: MotifConvolution, batch: SequenceBatch,
    effort: InfluenceEffort.Kind
  ) {
    let read = motifs.padded(batch)
    var maxima = [Float](repeating: 0, count: motifs.filterCount)
    var pooled = Tensor(zeros: [batch.count, motifs.filterCount])
    for tables in motifs.tables {
      _ = tables.pool(codes: read.codes, offsets: read.offsets, into: &pooled, firstRow: 0)
      for (index, maximum) in pooled.scalars.enumerated() {
        let filter = index % motifs.filterCount
        maxima[filter] = max(maxima[filter], maximum)
      }
    }
    self.maxima = maxima
    switch effort {
    case .exact: drops = Self.drops(of: network, motifs: motifs, batch: batch)
    case .estimated: drops = Self.estimatedDrops(of: network, motifs: motifs, batch: batch)
    case .none:
      let none = [Double](repeating: 0, count: network.taskCount)
      drops = [[Double]](repeating: none, count: motifs.filterCount)
    }
  }

  /// What the outputs fall by when each filter is silenced, the layers behind it computed anew.
  private static func drops(of network: Network, motifs: MotifConvolution, batch: SequenceBatch)
    -> [[Double]]
  {
    let features =
      network.configuration.windows == nil ? network.stemFeatures(batch) : nil
    func outputs(without filter: Int) -> [Float] {
      guard var features else { return network.silencing(filter).logits(batch).scalars }
      for index in stride(from: filter, to: features.scalars.count, by: motifs.filterCount) {
        features.scalars[index] = 0
      }
      return network.combineStrands(network.strandLogits(features, beside: batch.sideTensor)).logits
        .scalars
    }
    let whole = network.logits(batch).scalars
    return (0..<motifs.filterCount).map { filter in
      let without = outputs(without: filter)
      return (0..<network.taskCount).map { task in
        stride(from: task, to: whole.count, by: network.taskCount).reduce(0.0) {
          $0 + Double(whole[$1] - without[$1])
        }
      }
    }
  }

  /// The same to first order: features times the gradients of the outputs.
  private static func estimatedDrops(
    of network: Network, motifs: MotifConvolution, batch: SequenceBatch
  ) -> [[Double]] {
    let read = network.featureGradients(batch)
    let channels = read.features.shape.lastExtent
    var drops = [[Double]](
      repeating: [Double](repeating: 0, count: network.taskCount), count: motifs.filterCount)
    for (task, gradient) in read.gradients.enumerated() {
      for (index, slope) in gradient.scalars.enumerated() where slope != 0 {
        drops[index % channels % motifs.filterCount][task] +=
          Double(slope * read.features.scalars[index])
      }
    }
    return drops
  }
}

/// How often each base stands at each position of the sites of each filter.
private struct SiteCounts: Sendable {
  let width: Int
  var siteCount: [Int]
  /// `[filter][width][channel]`
  var counts: [Float]
  private let channels = Alphabet.dna.count

  init(motifs: MotifConvolution) {
    width = motifs.width
    siteCount = [Int](repeating: 0, count: motifs.filterCount)
    counts = [Float](repeating: 0, count: motifs.filterCount * motifs.width * channels)
  }

  /// - Parameter read: The sequences as the filters read them, what pads them included.
  init(motifs: MotifConvolution, read: SequenceBatch, maxima: [Float]) {
    self.init(motifs: motifs)
    let lanes = motifs.tables[0].lanes
    var strands = [[Float]](repeating: [], count: motifs.tables.count)
    for row in 0..<read.count {
      let codes = Array(read.codes[read.range(of: row)])
      for (strand, tables) in motifs.tables.enumerated() {
        tables.convolve(codes, into: &strands[strand])
      }
      for filter in maxima.indices where maxima[filter] > 0 {
        let threshold = maxima[filter] / 2
        for position in 0...(codes.count - width) {
          let values = strands.map { $0[position * lanes + filter] }
          guard let best = values.max(), best > threshold else { continue }
          add(codes[position..<position + width], filter: filter, isReverse: best > values[0])
        }
      }
    }
  }

  private mutating func add(_ window: ArraySlice<UInt8>, filter: Int, isReverse: Bool) {
    siteCount[filter] += 1
    let codes = isReverse ? Alphabet.dna.reverseComplement(of: window) : Array(window)
    for (tap, code) in codes.enumerated() {
      let first = (filter * width + tap) * channels
      if code == EncodedSequence.unknown {
        for channel in 0..<channels { counts[first + channel] += 1 / Float(channels) }
      } else {
        counts[first + Int(code)] += 1
      }
    }
  }

  static func += (sum: inout SiteCounts, addend: SiteCounts) {
    for index in sum.siteCount.indices { sum.siteCount[index] += addend.siteCount[index] }
    for index in sum.counts.indices { sum.counts[index] += addend.counts[index] }
  }

  func matrix(of filter: Int) -> CountMatrix {
    let first = filter * width * channels
    return CountMatrix(
      columns: (0..<width).map { tap in
        SIMD4((0..<channels).map { counts[first + tap * channels + $0] })
      }, siteCount: siteCount[filter])
  }
}
