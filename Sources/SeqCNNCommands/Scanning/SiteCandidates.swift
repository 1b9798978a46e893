internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// The windows of a scan that may hold sites: each that none near it outscores. They wait in a
/// temporary file, since what is a site is known only when all windows have been counted.
struct SiteCandidates: ~Copyable {
  private let windowLength: Int
  /// The tasks' numbers in the model.
  private let tasks: [Int]
  private let taskCount: Int
  private let reach: Int
  private var finders: [SiteFinder]
  private var spool: Spool
  private var sequences: [String] = []
  private var previous = Previous()
  /// How many candidates have which output; one per task, or none.
  private(set) var counts: [OutputCounts]

  /// What the windows at the end of the last stretch need.
  private struct Previous {
    var start = 0
    var codes: [UInt8] = []
    var isOwn = false
  }

  private static let headSize = 20

  /// - Parameters:
  ///   - reach: How many bases on windows are compared: sites nearer to each other are one.
  ///   - output: What the temporary file stands beside.
  init(model: Model, caller: SiteCaller, tasks: [Int], reach: Int, beside output: String) throws {
    windowLength = model.windowLength
    taskCount = model.tasks.count
    self.tasks = tasks
    self.reach = reach
    counts = caller.background.map(OutputCounts.init)
    finders = caller.leastOutputs.map {
      SiteFinder(windowLength: model.windowLength, reach: reach, threshold: $0)
    }
    spool = try Spool(beside: output)
  }

  /// Takes the next stretch.
  ///
  /// - Parameter isOwn: Whether its windows may be sites, and aren't only compared.
  mutating func add(_ stretch: ScannedStretch, isOwn: Bool) throws {
    if sequences.last != stretch.sequence { sequences.append(stretch.sequence) }
    var found: [(start: Int, rank: Int, output: Float)] = []
    for (rank, task) in tasks.enumerated() {
      for site in finders[rank].add(stretch, task: task, of: taskCount) {
        found.append((site.interval.start, rank, site.output))
      }
    }
    found.sort { ($0.start, $0.rank) < ($1.start, $1.rank) }
    for window in found {
      let isPrevious = window.start < stretch.start
      guard isPrevious ? previous.isOwn : isOwn else { continue }
      if !counts.isEmpty { counts[window.rank].add([window.output], threads: 1) }
      let offset = window.start - (isPrevious ? previous.start : stretch.start)
      let range = offset..<offset + windowLength
      var record: [UInt8] = []
      record.append(number: sequences.count - 1, bytes: 4)
      record.append(number: window.start, bytes: 8)
      record.append(number: window.rank, bytes: 4)
      record.append(number: Int(window.output.bitPattern), bytes: 4)
      record += isPrevious ? previous.codes[range] : stretch.codes[range]
      try spool.write(record)
    }
    let kept = stretch.codes.suffix(reach + windowLength)
    previous = Previous(
      start: stretch.start + kept.startIndex, codes: Array(kept), isOwn: isOwn)
  }

  /// The next candidates, at most `count`, sorted as the genome is; none at the end. No stretch may be
  /// added from then on.
  mutating func next(_ count: Int) throws -> [SiteCandidate] {
    var candidates: [SiteCandidate] = []
    while candidates.count < count, let record = try spool.read(Self.headSize + windowLength) {
      let head = Array(record.prefix(Self.headSize))
      candidates.append(
        SiteCandidate(
          sequence: sequences[head.number(at: 0, bytes: 4)], start: head.number(at: 4, bytes: 8),
          codes: Array(record.dropFirst(Self.headSize)), task: head.number(at: 12, bytes: 4),
          output: Float(bitPattern: UInt32(head.number(at: 16, bytes: 4)))))
    }
    return candidates
  }
}
