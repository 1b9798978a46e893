internal import Datasets
public import Genomics
public import Models
public import Motifs
internal import Networks
internal import Parallel
internal import Tensors

/// A filter as a motif.
public struct FilterMotif: Equatable, Sendable {
  /// The filter's number, from 0; those of a second network follow those of the first.
  public let filter: Int
  /// The motif; its name is `filter` with the number from 1, its alternate name the consensus.
  public let motif: Motif
  /// How much the positives' outputs for each task fall, on average, when the filter is silenced. Of networks that take
  /// long, to first order: the filter's features times the outputs' gradients.
  public let influences: [Double]

  /// The mean over the tasks.
  public var influence: Double { influences.reduce(0, +) / Double(influences.count) }

  package init(filter: Int, motif: Motif, influences: [Double]) {
    (self.filter, self.motif, self.influences) = (filter, motif, influences)
  }
}

/// The filters of a network as motifs.
public struct FilterMotifs: Equatable, Sendable {
  /// From the most influential down.
  public private(set) var motifs: [FilterMotif]
  /// The filters, numbered from 0, that no positive activates.
  public private(set) var dead: [Int]
  /// The filters with fewer sites than one to a hundred positives: what they match is chance.
  public private(set) var rare: [Int]
  /// The filters whose sites have nothing in common: no column reaches the least information.
  public private(set) var uninformative: [Int]
  /// How often each base stands in the positives.
  public let background: Background

  /// The information, in bits, that the outermost columns of a motif have at least.
  public static let leastInformation = 0.25
}

/// A network whose first convolution isn't rectified and pooled at once, so that its filters have no sites of their own.
public struct NoMotifsError: Failure, Equatable {
  public var kind: FailureKind { .badData }
  public var description: String {
    "filters are exported of networks that begin with a convolution, a rectifier and a pooling; "
      + "`seqcnn motifs discover` finds the motifs of any network"
  }
}

extension FilterMotifs {
  /// - Parameter motifs: From the most influential down.
  package init(motifs: [FilterMotif], background: Background) {
    self.init(motifs: motifs, dead: [], rare: [], uninformative: [], background: background)
  }

  /// Aligns what activates each filter.
  ///
  /// A site is a position of a positive where a filter's activation is above half its maximum over
  /// all positives (Kelley, Snoek & Rinn 2016), read on the strand that fired, the stronger one
  /// where both did. Sites of a network that pads reach past the ends of positives. Ends with less
  /// than `leastInformation` are trimmed.
  /// - Precondition: No positive is longer than the network's configuration's `length`, if it has one.
  /// - Throws: `NoMotifsError`.
  public init(of ensemble: Ensemble, positives: [EncodedSequence], threads: Int) throws {
    let positives = positives.map { $0.padded(to: ensemble.minimumLength) }
    self.init(motifs: [], background: Background(counting: positives))
    for (number, network) in ensemble.networks.enumerated() {
      guard let motifs = network.motifs else { throw NoMotifsError() }
      let weights = (0..<ensemble.taskCount).map {
        ensemble.weights.scalars[number * ensemble.taskCount + $0]
      }
      add(
        FilterSites(of: network, motifs: motifs, positives: positives, threads: threads),
        numberedFrom: number * motifs.filterCount, weights: weights,
        positiveCount: positives.count)
    }
    motifs.sort { ($1.influence, $0.filter) < ($0.influence, $1.filter) }
  }

  private mutating func add(
    _ filters: FilterSites, numberedFrom first: Int, weights: [Float], positiveCount: Int
  ) {
    for (filter, siteCount) in filters.sites.siteCount.enumerated() {
      let number = first + filter
      guard siteCount > 0 else {
        dead.append(number)
        continue
      }
      guard 100 * siteCount >= positiveCount else {
        rare.append(number)
        continue
      }
      let probabilities = filters.sites.matrix(of: filter).probabilities()
      guard let trimmed = probabilities.trimmed(toInformation: Self.leastInformation) else {
        uninformative.append(number)
        continue
      }
      let motif = Motif(
        name: "filter\(number + 1)", alternateName: trimmed.consensus, probabilities: trimmed,
        siteCount: siteCount)
      let influences = zip(weights, filters.drops[filter]).map {
        Double($0) * $1 / Double(max(1, positiveCount))
      }
      motifs.append(FilterMotif(filter: number, motif: motif, influences: influences))
    }
  }
}

/// What the filters of one network match in the positives.
private struct FilterSites {
  let sites: SiteCounts
  /// For each filter and task the sum over the positives of how much the output falls without it.
  let drops: [[Double]]

  init(
    of network: Network, motifs: MotifConvolution, positives: [EncodedSequence], threads: Int
  ) {
    let shards = Self.shards(of: positives, network: network)
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
    sites = concurrentMap(shardCount, threads: threads) { index in
      SiteCounts(motifs: motifs, read: motifs.padded(shard(index)), maxima: maxima)
    }.reduce(into: SiteCounts(motifs: motifs)) { $0 += $1 }
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
  private static let sequencesPerShard = 256

  /// Positives that are read together: of one length if the network wants that.
  private static func shards(of positives: [EncodedSequence], network: Network)
    -> [ArraySlice<EncodedSequence>]
  {
    let wantsOneLength = network.stem.needsEqualLengths
    let groups =
      wantsOneLength
      ? Dictionary(grouping: positives, by: \.count).sorted { $0.key < $1.key }.map(\.value)
      : [positives]
    return groups.flatMap { group in
      stride(from: 0, to: group.count, by: sequencesPerShard).map {
        group[$0..<min($0 + sequencesPerShard, group.count)]
      }
    }
  }
}

/// How the influence of filters is found: within a budget, so that it takes seconds for any network.
private struct InfluenceEffort {
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

  init(of network: Network, filters: Int, positives: [EncodedSequence]) {
    let longest = positives.map(\.count).max() ?? 0
    let cost =
      (try? network.configuration.multiplyAdds(length: longest, taskCount: network.taskCount)) ?? 1
    let perPass = Self.budget / max(1, cost) / max(1, positives.count)
    // Networks that read windows have no features for the whole sequence.
    let isExact = perPass >= filters || network.configuration.windows != nil
    kind = isExact ? .exact : .estimated
    let affordable = Self.budget / (Self.passesOfGradient * max(1, min(cost, Self.budget)))
    interval = isExact ? 1 : max(1, positives.count.dividedRoundingUp(by: max(1, affordable)))
  }

  func forShard(_ index: Int) -> Kind { index % interval == 0 ? kind : .none }
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
