internal import Datasets
public import Genomics
public import Motifs
public import Networks
internal import Tensors

/// A filter as a motif.
public struct FilterMotif: Equatable, Sendable {
  /// The filter's number, from 0; those of a second network follow those of the first.
  public let filter: Int
  /// The motif; its name is `filter` with the number from 1, its alternate name the consensus.
  public let motif: Motif
  /// How much the positives' outputs fall, on average, when the filter is silenced; the mean over
  /// the tasks.
  public let influence: Double
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

/// A network without a motif convolution, which has no filters that read bases.
public struct NoMotifsError: Failure, Equatable {
  public var kind: FailureKind { .badData }
  public var description: String {
    "the network does not begin with a motif convolution; train one that does, such as the default"
  }
}

extension FilterMotifs {
  /// Aligns what activates each filter.
  ///
  /// A site is a position of a positive where a filter's activation is above half its maximum over
  /// all positives (Kelley, Snoek & Rinn 2016), read on the strand that fired, the stronger one
  /// where both did. Sites of a network that pads reach past the ends of positives. Ends with less
  /// than `leastInformation` are trimmed.
  /// - Precondition: No positive is longer than the network's configuration's `length`, where it has one.
  /// - Throws: `NoMotifsError`.
  public init(of ensemble: Ensemble, positives: [EncodedSequence], threads: Int) throws {
    let positives = positives.map { $0.padded(to: ensemble.minimumLength) }
    self.init(
      motifs: [], dead: [], rare: [], uninformative: [],
      background: Background(counting: positives))
    for (number, network) in ensemble.networks.enumerated() {
      guard let front = network.motifs else { throw NoMotifsError() }
      let weights = (0..<ensemble.taskCount).map {
        ensemble.weights.scalars[number * ensemble.taskCount + $0]
      }
      add(
        FilterSites(of: network, front: front, positives: positives, threads: threads),
        numberedFrom: number * front.filterCount, weights: weights,
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
      let drops = zip(weights, filters.drops[filter]).map { Double($0) * $1 }
      motifs.append(
        FilterMotif(
          filter: number, motif: motif,
          influence: drops.reduce(0, +) / Double(weights.count * max(1, positiveCount))))
    }
  }
}

/// What the filters of one network match in the positives.
private struct FilterSites {
  let sites: SiteCounts
  /// For each filter and task the sum over the positives of how much the output falls without it.
  let drops: [[Double]]

  init(
    of network: Network, front: MotifConvolution, positives: [EncodedSequence], threads: Int
  ) {
    let size = 256
    let shardCount = positives.count.dividedRoundingUp(by: size)
    let shard = { @Sendable (index: Int) in
      SequenceBatch(positives[index * size..<min((index + 1) * size, positives.count)])
    }
    let summaries = concurrentMap(shardCount, threads: threads) { index in
      ActivationSummary(of: network, front: front, batch: shard(index))
    }
    let maxima = summaries.reduce([Float](repeating: 0, count: front.filterCount)) {
      zip($0, $1.maxima).map { max($0, $1) }
    }
    sites = concurrentMap(shardCount, threads: threads) { index in
      SiteCounts(front: front, read: front.padded(shard(index)), maxima: maxima)
    }.reduce(into: SiteCounts(front: front)) { $0 += $1 }
    drops = (0..<front.filterCount).map { filter in
      (0..<network.taskCount).map { task in
        summaries.reduce(0.0) { $0 + $1.drops[filter][task] }
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

  init(of network: Network, front: MotifConvolution, batch: SequenceBatch) {
    let read = front.padded(batch)
    var maxima = [Float](repeating: 0, count: front.filterCount)
    var pooled = Tensor(zeros: [batch.count, front.filterCount])
    for tables in front.tables {
      _ = tables.pool(codes: read.codes, offsets: read.offsets, into: &pooled, firstRow: 0)
      for (index, maximum) in pooled.scalars.enumerated() {
        let filter = index % front.filterCount
        maxima[filter] = max(maxima[filter], maximum)
      }
    }
    self.maxima = maxima
    let features =
      network.configuration.windows == nil ? network.front.forward(batch).output : nil
    func outputs(without filter: Int) -> [Float] {
      guard var features else { return network.silencing(filter).logits(batch).scalars }
      for index in stride(from: filter, to: features.scalars.count, by: front.filterCount) {
        features.scalars[index] = 0
      }
      return network.combineStrands(network.strandLogits(features)).logits.scalars
    }
    let whole = network.logits(batch).scalars
    drops = (0..<front.filterCount).map { filter in
      let without = outputs(without: filter)
      return (0..<network.taskCount).map { task in
        stride(from: task, to: whole.count, by: network.taskCount).reduce(0.0) {
          $0 + Double(whole[$1] - without[$1])
        }
      }
    }
  }
}

/// How often each base stands at each position of the sites of each filter.
private struct SiteCounts: Sendable {
  let width: Int
  var siteCount: [Int]
  /// `[filter][width][channel]`
  var counts: [Float]
  private let channels = Alphabet.dna.count

  init(front: MotifConvolution) {
    width = front.width
    siteCount = [Int](repeating: 0, count: front.filterCount)
    counts = [Float](repeating: 0, count: front.filterCount * front.width * channels)
  }

  /// - Parameter read: The sequences as the front reads them, what pads them included.
  init(front: MotifConvolution, read: SequenceBatch, maxima: [Float]) {
    self.init(front: front)
    let lanes = front.tables[0].lanes
    var strands = [[Float]](repeating: [], count: front.tables.count)
    for row in 0..<read.count {
      let codes = Array(read.codes[read.range(of: row)])
      for (strand, tables) in front.tables.enumerated() {
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
