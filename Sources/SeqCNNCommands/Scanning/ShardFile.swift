internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// The first line of a shard's output: what it must agree in with the other shards, and its windows counted.
struct ShardRecord: Codable {
  /// The version of this layout.
  var schema = Self.schema
  let version: String
  let shard: Shard
  let caller: SiteCaller
  let scanned: ScannedNames
  /// `nil` if the shard has none.
  let track: ShardTrack?
  /// For each task a bin and its count, in turn, for the bins that aren't empty.
  private let bins: [[Int]]
  /// The same, of candidates.
  private let candidateBins: [[Int]]

  static let schema = "seqcnn-shard/6"

  init(
    _ shard: Shard, caller: SiteCaller, scanned: ScannedNames, counts: [OutputCounts],
    candidates: [OutputCounts], track: ShardTrack?
  ) {
    version = programVersion
    self.shard = shard
    (self.caller, self.scanned) = (caller, scanned)
    self.track = track
    (bins, candidateBins) = (Self.bins(of: counts), Self.bins(of: candidates))
  }

  private static func bins(of counts: [OutputCounts]) -> [[Int]] {
    counts.map { $0.counts.enumerated().flatMap { $1 > 0 ? [$0, $1] : [] } }
  }

  /// Adds the shard's windows and candidates to those of others.
  ///
  /// - Returns: Whether the record makes sense.
  func add(to counts: inout [OutputCounts], candidates: inout [OutputCounts]) -> Bool {
    Self.add(bins, to: &counts) && Self.add(candidateBins, to: &candidates)
  }

  private static func add(_ bins: [[Int]], to counts: inout [OutputCounts]) -> Bool {
    guard bins.count == counts.count else { return false }
    return zip(counts.indices, bins).allSatisfy { task, bins in
      bins.count % 2 == 0
        && stride(from: 0, to: bins.count, by: 2).allSatisfy {
          counts[task].add(bins[$0 + 1], toBin: bins[$0])
        }
    }
  }
}

/// What the outputs of a scan say of what was scanned.
struct ScannedNames: Codable {
  /// What the header of the sites says; of a shard what that of the whole scan says.
  let origin: OutputOrigin
  /// Of the genome's sequences: name and length.
  let sequences: [Sequence]
  /// What of them was scanned; `nil` for all.
  let parts: [Part]?

  struct Sequence: Codable {
    let name: String
    let length: Int
  }

  struct Part: Codable {
    let sequence: String
    let start: Int
    let end: Int
  }

  init(origin: OutputOrigin, sequences: [GenomeSequence], parts: [GenomicInterval]?) {
    self.origin = origin
    self.sequences = sequences.map { Sequence(name: $0.name, length: $0.length) }
    self.parts = parts?.map { Part(sequence: $0.sequence, start: $0.start, end: $0.end) }
  }

  var genomeSequences: [GenomeSequence] {
    sequences.map { GenomeSequence(name: $0.name, length: $0.length) }
  }

  private var regions: [GenomicInterval]? {
    parts?.map { GenomicInterval($0.sequence, start: $0.start, end: $0.end) }
  }

  var intervals: [GenomicInterval] {
    regions ?? sequences.map { GenomicInterval($0.name, start: 0, end: $0.length) }
  }

  /// What else to call the sequences: what the peaks call them, unless regions gave them their names.
  func names(asInPeaks peaks: [Peak]?, of path: String?) -> OutputNames {
    parts == nil ? OutputNames(of: genomeSequences, asInPeaks: peaks, of: path) : OutputNames()
  }

  /// - Parameter peaks: The file of peaks that a merge is given.
  func named(_ names: OutputNames, beside peaks: String? = nil) -> ScannedNames {
    ScannedNames(
      origin: origin.with(peaks: peaks), sequences: genomeSequences.map(names.named),
      parts: regions?.map(names.named))
  }
}

/// What can be wrong with a shard's output.
enum ShardProblem: InputProblem, Error {
  case notAShard
  case version(String)
  case otherScan
  case twice(Int)
  case missing([Int], count: Int)
  case noTrack
  case otherTrack(shard: String)
  case row

  var description: String {
    switch self {
    case .notAShard: "is no output of `seqcnn scan --shard`, or was changed; make it again"
    case .version(let version):
      "was made by seqcnn \(version.escapedForTerminal), this is \(programVersion); "
        + "use one version for all shards and the merge"
    case .otherScan:
      "was scanned with another model, another genome or other options than the first; "
        + "make all shards alike"
    case .twice(let number): "shard \(number) comes twice; give each once"
    case .missing(let numbers, let count):
      "shards are missing: \(numbers.prefix(10).map(String.init).joined(separator: ", ")) of "
        + "\(count); give all"
    case .noTrack: "has no track; scan all shards with --bigwig to join their tracks"
    case .otherTrack(let shard):
      "isn't the track that was written with \(shard.quoted); make the shard again"
    case .row: "is no line of a site; make the shard again"
    }
  }
}

/// Writes the candidates of a shard, placed, with the columns of sites.
struct ShardWriter: ~Copyable {
  private var file: OutputFile

  static let prefix = "#shard "

  init(path: String, replacing: Bool) throws {
    file = try OutputFile(path: path, replacing: replacing)
  }

  mutating func begin(_ record: ShardRecord) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(record), as: UTF8.self)
    try file.write("\(Self.prefix)\(json)\n\(record.caller.columns)\n")
  }

  mutating func write(_ site: BindingSite, of caller: SiteCaller) throws {
    try file.write(caller.line(of: site, SiteCalls(rule: caller.rule)))
  }

  consuming func finish() throws -> FinishedOutput { try file.finish() }
}

/// Reads what `ShardWriter` wrote.
struct ShardReader: ~Copyable {
  private var lines: LineReader
  let record: ShardRecord
  private let taskOfName: [String: Int]
  private let columnCount: Int

  /// - Throws: What reading throws, and `InputError<ShardProblem>`.
  init(path: String) throws {
    var lines = try LineReader(path: path)
    let first = try lines.next().map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard first.hasPrefix(ShardWriter.prefix),
      let record = try? JSONDecoder().decode(
        ShardRecord.self, from: Data(first.dropFirst(ShardWriter.prefix.count).utf8)),
      record.schema == ShardRecord.schema
    else { throw InputError(file: lines.name, line: 1, ShardProblem.notAShard) }
    guard record.version == programVersion else {
      throw InputError(file: lines.name, line: 1, ShardProblem.version(record.version))
    }
    self.lines = lines
    self.record = record
    columnCount = record.caller.columns.split(separator: "\t").count
    taskOfName = Dictionary(
      record.caller.tasks.enumerated().map { ($1.tableField, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The next site; `nil` at the end.
  ///
  /// - Throws: What reading throws, and `InputError<ShardProblem>` with the line.
  mutating func next() throws -> BindingSite? {
    while let line = try lines.next() {
      guard line.first != UInt8(ascii: "#") else { continue }
      let fields = String(decoding: line, as: UTF8.self).split(
        separator: "\t", omittingEmptySubsequences: false
      ).map(String.init)
      guard fields.count == columnCount, let start = Int(fields[1]), let end = Int(fields[2]),
        start <= end,
        let task = taskOfName[fields[3]], let strand = Strand(rawValue: fields[5]),
        let output = Float(fields[7]), let windowStart = Int(fields[10]),
        case (let windowEnd, false) = windowStart.addingReportingOverflow(
          record.caller.windowLength), windowStart <= start, end <= windowEnd
      else { throw InputError(file: lines.name, line: lines.lineNumber, ShardProblem.row) }
      return BindingSite(
        interval: GenomicInterval(fields[0], start: start, end: end), strand: strand,
        window: windowStart..<windowEnd, task: task, output: output)
    }
    return nil
  }
}
