public import Datasets
internal import Genomics
public import GenomicsIO
internal import Layers
public import Models
internal import Networks
internal import Parallel
internal import Tensors

/// The scores of consecutive windows of one sequence.
public struct ScannedStretch: Sendable {
  public let sequence: String
  /// The 0-based start of the first window; the next begins one base on.
  public let start: Int
  public let scores: WindowScores
  /// Whether the sequence ends with these windows.
  public let isLast: Bool
  /// The bases of the windows.
  public let codes: [UInt8]

  package init(
    sequence: String, start: Int, scores: WindowScores, isLast: Bool, codes: [UInt8] = []
  ) {
    self.sequence = sequence
    self.start = start
    self.scores = scores
    self.isLast = isLast
    self.codes = codes
  }
}

/// Which outputs of a scan are wanted.
public enum ScannedOutputs: Equatable, Sendable {
  /// Those of all windows, and their strands.
  case all
  /// Those that reach the threshold of their task, exactly as the model gives them for the window alone; strands aren't
  /// told. The others are the same to rounding, or, much faster, approximations that are below the threshold too.
  case reaching([Float], othersToRounding: Bool)
}

/// Scores every window of a genome, base by base, both strands, in one pass.
///
/// Each position is convolved once. Of the genome three chunks are held at a time, whatever the length
/// of its sequences: while the caller uses the scores of one, the blocks of the next are computed side
/// by side, and the one after it is read.
public struct GenomeScan: ~Copyable {
  /// A chunk's windows, whose scores are being computed.
  private struct Begun {
    let sequence: String
    let start: Int
    let isLast: Bool
    let codes: [UInt8]
    let blocks: TeamMap<WindowScores?>
  }

  private let reader: ChunkReader
  private let ensemble: Ensemble
  private let tracks: [SideTrack]
  private let windowLength: Int
  /// `nil` if every output is computed the same way.
  private let search: WindowSearch?
  private let wantsStrands: Bool
  private let team: ThreadTeam
  /// The last bases of the chunk before, where the windows begin that reach into the next.
  private var carried: [UInt8] = []
  /// What comes next: windows, the end, or an error; `nil` before the first.
  private var ahead: Result<Begun?, any Error>?

  /// Bases read at a time.
  static let chunkLength = 1 << 20
  /// Windows computed at a time, few enough for their features to stay in the cache.
  private static let windowsPerBlock = 1024

  /// - Parameter tracks: What the model reads beside sequences, in its order.
  /// - Throws: What opening the genome throws.
  /// - Precondition: Thresholds are one per task; the tracks are those that the model names.
  public init(
    genome path: String, model: Model, beside tracks: [SideTrack] = [],
    outputs: ScannedOutputs = .all, threads: Int
  ) throws {
    self.init(
      try ChunkReader(genome: path, chunkLength: Self.chunkLength), model: model, beside: tracks,
      outputs: outputs, threads: threads)
  }

  /// A scan of the pieces of a plan: a stretch for each.
  ///
  /// - Precondition: The tracks are those that the model names.
  public init(
    _ plan: ScanPlan, model: Model, beside tracks: [SideTrack] = [],
    outputs: ScannedOutputs = .all, threads: Int
  ) {
    self.init(
      ChunkReader(plan), model: model, beside: tracks, outputs: outputs, threads: threads)
  }

  private init(
    _ reader: ChunkReader, model: Model, beside tracks: [SideTrack], outputs: ScannedOutputs,
    threads: Int
  ) {
    precondition(
      tracks.map(\.name) == model.sideNames,
      "the tracks of another model")
    self.reader = reader
    self.tracks = tracks
    ensemble = model.ensemble
    windowLength = model.windowLength
    wantsStrands = outputs == .all
    if case .reaching(let thresholds, let wantsAll) = outputs, tracks.isEmpty {
      search = WindowSearch(model.ensemble, thresholds: thresholds, wantsAll: wantsAll)
    } else {
      search = nil
    }
    team = ThreadTeam(threads: threads)
  }

  /// How much of the genome's file has been read; `nil` for the pieces of a plan.
  public var progress: ReadingProgress? { reader.progress }

  /// The next windows, in the order of the file; `nil` at its end.
  ///
  /// A sequence shorter than a window comes as a stretch without scores.
  /// - Throws: What reading the genome throws.
  public mutating func next() throws -> ScannedStretch? {
    guard let begun = try (ahead ?? begin()).get() else { return nil }
    let blocks = begun.blocks.results().compactMap { $0 }
    ahead = begin()
    return ScannedStretch(
      sequence: begun.sequence, start: begun.start,
      scores: WindowScores(
        outputs: blocks.flatMap(\.outputs), isReverse: blocks.flatMap(\.isReverse)),
      isLast: begun.isLast, codes: begun.codes)
  }

  /// Begins the windows of the next chunk; the chunk after it is read beside them.
  private mutating func begin() -> Result<Begun?, any Error> {
    Result {
      guard let chunk = try reader.takeChunk() else { return nil }
      let codes = carried + chunk.codes
      let start = chunk.start - carried.count
      carried = chunk.isLast ? [] : Array(codes.suffix(windowLength - 1))
      let windows = max(0, codes.count - windowLength + 1)
      let (reader, length) = (reader, windowLength)
      let size = search == nil ? Self.windowsPerBlock : WindowSearch.windowsPerBlock
      let scores = scorer
      let side =
        try tracks.isEmpty
        ? []
        : tracks.means(
          ofWindows: length,
          in: GenomicInterval(chunk.sequence, start: start, end: start + codes.count))
      let numbers = tracks.count
      let blocks = team.begin(1 + windows.dividedRoundingUp(by: size)) { index -> WindowScores? in
        guard index > 0 else {
          reader.readAhead()
          return nil
        }
        let first = (index - 1) * size
        let last = min(first + size, windows) - 1
        return scores(
          Array(codes[first..<last + length]),
          numbers == 0 ? [] : Array(side[first * numbers..<(last + 1) * numbers]))
      }
      return Begun(
        sequence: chunk.sequence, start: start, isLast: chunk.isLast, codes: codes, blocks: blocks)
    }
  }

  /// Scores the windows of a block, with the numbers beside them.
  private var scorer: @Sendable (_ codes: [UInt8], _ side: [Float]) -> WindowScores {
    let (ensemble, search, length) = (ensemble, search, windowLength)
    let strandThreshold: Float = wantsStrands ? -.infinity : .infinity
    return { codes, side in
      guard let search else {
        return ensemble.windowScores(
          codes, length: length, beside: side, strandsFrom: strandThreshold)
      }
      let outputs = search.outputs(codes, length: length)
      return WindowScores(
        outputs: outputs, isReverse: [Bool](repeating: false, count: outputs.count))
    }
  }
}
