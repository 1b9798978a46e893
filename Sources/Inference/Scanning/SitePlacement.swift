public import Datasets
public import Genomics
internal import Layers
public import Models
internal import Networks
internal import Parallel
internal import Tensors

/// A window that may hold a site.
public struct SiteCandidate: Equatable, Sendable {
  public let sequence: String
  public let start: Int
  /// The window's bases.
  public let codes: [UInt8]
  public let task: Int
  public let output: Float

  public init(sequence: String, start: Int, codes: [UInt8], task: Int, output: Float) {
    self.sequence = sequence
    self.start = start
    self.codes = codes
    self.task = task
    self.output = output
  }
}

/// The bases that a window's output comes from.
public struct BindingSite: Equatable, Sendable {
  public let interval: GenomicInterval
  public let strand: Strand
  /// The window: 0-based, half-open.
  public let window: Range<Int>
  public let task: Int
  /// The window's output: a logit, or a number.
  public let output: Float

  public init(
    interval: GenomicInterval, strand: Strand, window: Range<Int>, task: Int, output: Float
  ) {
    self.interval = interval
    self.strand = strand
    self.window = window
    self.task = task
    self.output = output
  }
}

/// Finds the bases of windows that their outputs come from.
///
/// The site is the stretch, as wide as a filter, whose bases contribute most
/// (`Ensemble.contributions`), the first of equal ones; where no stretch contributes anything it is the whole
/// window. Its strand is the one that scores higher where all bases but the site's are unknown.
public struct SitePlacer: Sendable {
  /// The bases of a site.
  public let width: Int
  private let ensemble: Ensemble
  private let tracks: [SideTrack]

  private static let candidatesPerShard = 32
  /// The width of sites where no convolution reads the bases.
  private static let widthWithoutFilters = 20

  /// - Parameter tracks: What the model reads beside sequences, in its order.
  public init(_ model: Model, beside tracks: [SideTrack] = []) {
    ensemble = model.ensemble
    self.tracks = tracks
    width = min(
      ensemble.configuration.firstConvolution?.width ?? Self.widthWithoutFilters,
      model.windowLength)
  }

  /// - Parameter candidates: Windows of the model's length.
  /// - Returns: A site for each, in their order.
  /// - Throws: `ByteError` if a track can't be read.
  public func place(_ candidates: [SiteCandidate], threads: Int) throws -> [BindingSite] {
    let byTask = candidates.indices.sorted {
      (candidates[$0].task, $0) < (candidates[$1].task, $1)
    }
    let shards = byTask.chunked(Self.candidatesPerShard) {
      candidates[$0].task == candidates[$1].task
    }
    let placed = try concurrentMap(shards.count, threads: threads) { shard in
      Result { try place(shards[shard].map { candidates[$0] }) }
    }.map { try $0.get() }
    return zip(shards.joined(), placed.joined()).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The sites of windows of one task.
  private func place(_ candidates: [SiteCandidate]) throws -> [BindingSite] {
    let windows = try candidates.map { candidate in
      try tracks.beside(
        EncodedSequence(codes: candidate.codes),
        of: GenomicInterval(
          candidate.sequence, start: candidate.start,
          end: candidate.start + candidate.codes.count))
    }
    let batch = SequenceBatch(windows)
    let contributions = ensemble.contributions(batch, task: candidates[0].task).scalars
    return candidates.enumerated().map { row, candidate in
      let place = bestStretch(of: contributions[batch.range(of: row)])
      let window = candidate.start..<candidate.start + candidate.codes.count
      return BindingSite(
        interval: GenomicInterval(
          candidate.sequence, start: candidate.start + place.lowerBound,
          end: candidate.start + place.upperBound),
        strand: strand(of: windows[row], reading: place, task: candidate.task), window: window,
        task: candidate.task,
        output: candidate.output)
    }
  }

  private func bestStretch(of contributions: ArraySlice<Float>) -> Range<Int> {
    let values = Array(contributions)
    var best: (sum: Float, start: Int)?
    for start in 0...values.count - width {
      let sum = values[start..<start + width].reduce(0, +)
      if sum > best?.sum ?? 0 { best = (sum, start) }
    }
    return best.map { $0.start..<$0.start + width } ?? 0..<values.count
  }

  private func strand(of window: EncodedSequence, reading place: Range<Int>, task: Int) -> Strand {
    let codes = window.codes.enumerated().map {
      place.contains($0) ? $1 : EncodedSequence.unknown
    }
    let scores = ensemble.windowScores(codes, length: codes.count, beside: window.side)
    return scores.isReverse[task] ? .reverse : .forward
  }
}

extension [Int] {
  /// Runs of at most `count` elements that belong together.
  fileprivate func chunked(_ count: Int, _ belong: (Int, Int) -> Bool) -> [[Int]] {
    var chunks: [[Int]] = []
    for element in self {
      if let last = chunks.last, last.count < count, belong(last[0], element) {
        chunks[chunks.count - 1].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
