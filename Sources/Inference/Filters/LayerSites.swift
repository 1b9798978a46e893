internal import Datasets
internal import Genomics
internal import Motifs
internal import Networks
internal import Parallel
internal import Tensors

extension FilterSites {
  /// The best windows of a layer's channels: of each positive the one with the largest output on either strand, where that is
  /// above half of the maximum over all positives. Behind a pooling or a stride, windows of one motif lie some bases apart; so
  /// they are aligned.
  init(
    of network: Network, windows: LayerWindows, positives: [EncodedSequence], threads: Int
  ) {
    let size = network.configuration.shardSize(
      atMost: Self.sequencesPerShard, length: positives.map(\.count).max() ?? 1,
      taskCount: network.taskCount, for: .inference)
    let shards = positives.shards(of: size, haveOneLength: true)
    let effort = InfluenceEffort(of: network, filters: nil, positives: positives)
    let read = concurrentMap(shards.count, threads: threads) { index in
      ReadWindows(
        of: SequenceBatch(shards[index]), windows: windows,
        taskCount: effort.forShard(index) != .none ? network.taskCount : 0)
    }
    let channels = read.first?.best.first?.count ?? 0
    let maxima = read.flatMap(\.best).reduce([Float](repeating: 0, count: channels)) {
      zip($0, $1).map { max($0, $1.output) }
    }
    let sequences = shards.flatMap { $0 }
    let best = read.flatMap(\.best)
    matrices = concurrentMap(channels, threads: threads) { channel in
      let sites = sequences.indices.filter {
        maxima[channel] > 0 && best[$0][channel].output > maxima[channel] / 2
      }.map { (sequences[$0], best[$0][channel]) }
      return AlignedWindows(sites, windows: windows).counts
    }
    // Every positive has a best window, whatever it holds.
    leastInformation = Self.leastOfBestWindows
    let measured = read.indices.filter { effort.forShard($0) != .none }
    let scale =
      Double(positives.count)
      / Double(max(1, measured.reduce(0) { $0 + shards[$1].count }))
    drops = (0..<channels).map { channel in
      (0..<network.taskCount).map { task in
        scale * measured.reduce(0.0) { $0 + read[$1].drops[task][channel] }
      }
    }
  }
}

extension FilterSites {
  /// The information of one certain base.
  private static let leastOfBestWindows = 2.0
}

/// The window of a sequence in which a channel's output is the largest.
private struct BestWindow: Sendable {
  var output = -Float.infinity
  var position: Int32 = 0
  var isReverse = false
}

/// What a layer makes of a shard.
private struct ReadWindows: Sendable {
  /// `[sequence][channel]`
  private(set) var best: [[BestWindow]]
  /// How much the outputs fall without each channel, to first order: `[task][channel]`, summed over the sequences.
  private(set) var drops: [[Double]] = []

  /// - Parameter taskCount: The number of tasks whose drops are wanted.
  init(of batch: SequenceBatch, windows: LayerWindows, taskCount: Int) {
    let features = windows.features(batch)
    let (rows, positions, channels) = (features.shape[0], features.shape[1], features.shape[2])
    best = [[BestWindow]](
      repeating: [BestWindow](repeating: BestWindow(), count: channels), count: batch.count)
    for row in 0..<rows {
      let isReverse = row >= batch.count
      for position in 0..<positions {
        let first = (row * positions + position) * channels
        for channel in 0..<channels
        where features.scalars[first + channel] > best[row % batch.count][channel].output {
          best[row % batch.count][channel] = BestWindow(
            output: features.scalars[first + channel], position: Int32(position),
            isReverse: isReverse)
        }
      }
    }
    guard taskCount > 0 else { return }
    drops = windows.gradients(features, of: batch).map { gradient in
      var sums = [Double](repeating: 0, count: channels)
      for (index, slope) in gradient.scalars.enumerated() where slope != 0 {
        sums[index % channels] += Double(slope * features.scalars[index])
      }
      return sums
    }
  }
}

/// The windows of a channel, moved so that what they have in common stands in the same columns.
private struct AlignedWindows {
  let counts: CountMatrix

  private static let mostRounds = 20
  /// The weight of the background in the probabilities that windows are moved by, in sites.
  private static let pseudocount = 1.0

  init(_ sites: [(sequence: EncodedSequence, best: BestWindow)], windows: LayerWindows) {
    guard !sites.isEmpty else {
      counts = CountMatrix(
        columns: [SIMD4<Float>](repeating: .zero, count: windows.width), siteCount: 0)
      return
    }
    // An output behind a step reads its window from any of so many places.
    let slack = max(0, Int(windows.step.rounded(.up)) - 1)
    let stretches = sites.map { sequence, best in
      Self.stretch(
        of: sequence, best,
        from: windows.start(ofPosition: Int(best.position)) - slack,
        count: windows.width + 2 * slack)
    }
    var moves = [Int](repeating: slack, count: stretches.count)
    func counted() -> CountMatrix {
      CountMatrix(
        sites: zip(stretches, moves).map {
          EncodedSequence(codes: Array($0.codes[$1..<$1 + windows.width]))
        })
    }
    for _ in 0..<(slack > 0 ? Self.mostRounds : 0) {
      let matrix = counted()
      let logOdds = matrix.probabilities()
        .smoothed(siteCount: matrix.siteCount, pseudocount: Self.pseudocount).logOdds()
      let next = stretches.map { stretch in
        let scores = logOdds.scores(of: stretch)
        return scores.indices.max {
          (scores[$0], -abs($0 - slack)) < (scores[$1], -abs($1 - slack))
        }
          ?? slack
      }
      guard next != moves else { break }
      moves = next
    }
    counts = counted()
  }

  /// So many bases of the strand of a window; unknown ones where the sequence has none.
  private static func stretch(
    of sequence: EncodedSequence, _ best: BestWindow, from start: Int, count: Int
  ) -> EncodedSequence {
    let codes =
      best.isReverse
      ? Alphabet.dna.reverseComplement(of: sequence.codes[...]) : sequence.codes
    return EncodedSequence(
      codes: (start..<start + count).map {
        codes.indices.contains($0) ? codes[$0] : EncodedSequence.unknown
      })
  }
}
