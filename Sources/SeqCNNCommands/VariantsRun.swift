internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Parallel
internal import Synchronization
internal import Tensors

/// Scores the records of a file, block by block; what is held doesn't grow with the file.
///
/// While the chunks of a block are parsed, scored and worded side by side, the next block is read and
/// the one before is written. Chunks have a fixed size, so that the output is the same for any number
/// of threads.
struct VariantsRun: Sendable {
  let scorer: VariantScorer
  let formatter: VariantFormatter
  /// Whether a reference allele that the genome contradicts ends the run.
  let stopsAtMismatch: Bool
  let threads: Int

  private static let linesPerChunk = 64
  private static let mismatchesShown = 5

  /// What became of a chunk, or of a block.
  private struct Part: Sendable {
    var lines: [UInt8] = []
    var tally: VariantTally
    var mismatches: [(line: Int, mismatch: ReferenceMismatch)] = []
    var places: [RecordOrder.Place] = []
  }

  /// - Parameter progress: Told the number of records that are done.
  /// - Returns: The tally of all records, and their order.
  func annotate(
    _ reader: ReadAhead, to writer: WriteBehind, tally: VariantTally, progress: (Int) -> Void
  ) throws -> (tally: VariantTally, order: RecordOrder) {
    var (tally, order) = (tally, RecordOrder())
    var lines: [UInt8] = []
    while let block = try reader.takeBlock() {
      let part = try score(block, reader, writing: lines, to: writer, source: tally.emptied)
      if stopsAtMismatch, !part.mismatches.isEmpty {
        throw try stop(at: part.mismatches, reader, file: tally.sourceName)
      }
      tally.add(part.tally)
      for place in part.places { order.add(place) }
      lines = part.lines
      progress(tally.records)
    }
    try writer.write(lines)
    return (tally, order)
  }

  private func score(
    _ block: VCFBlock, _ reader: ReadAhead, writing lines: [UInt8], to writer: WriteBehind,
    source: VariantTally
  ) throws -> Part {
    let size = Self.linesPerChunk
    let parts = concurrentMap(2 + block.count.dividedRoundingUp(by: size), threads: threads) {
      index in
      Result<Part, any Error> {
        switch index {
        case 0: reader.readAhead()
        case 1: try writer.write(lines)
        default:
          let first = (index - 2) * size
          return try score(
            block.records(first..<min(first + size, block.count)), Part(tally: source))
        }
        return Part(tally: source)
      }
    }
    return try parts.reduce(into: Part(tally: source)) { whole, part in
      let part = try part.get()
      whole.lines += part.lines
      whole.tally.add(part.tally)
      whole.mismatches += part.mismatches
      whole.places += part.places
    }
  }

  private func score(_ records: [VCFRecord], _ empty: Part) throws -> Part {
    var part = empty
    part.places = records.map { RecordOrder.Place($0) }
    for (record, scored) in zip(records, try scorer.score(records.map(\.variant))) {
      part.tally.add(record, scored)
      if let mismatch = scored.mismatch { part.mismatches.append((record.line, mismatch)) }
      try formatter.append(record, scored, to: &part.lines)
    }
    return part
  }

  /// Says the first mismatches, looking through the rest of the file for as many as are shown.
  ///
  /// - Returns: The last of them as the error that ends the run.
  private func stop(
    at first: [(line: Int, mismatch: ReferenceMismatch)], _ reader: ReadAhead, file: String
  ) throws -> InputError<ReferenceMismatch> {
    var mismatches = first
    // What can't be read any more is no worse than what was found.
    while mismatches.count < Self.mismatchesShown, let block = try? reader.takeBlock(),
      let records = try? block.records()
    {
      mismatches += try scorer.mismatches(of: records.map(\.variant)).map {
        (records[$0.index].line, $0.mismatch)
      }
    }
    let shown = mismatches.prefix(Self.mismatchesShown)
    for (line, mismatch) in shown.dropLast() {
      say("seqcnn: \(file.escapedForTerminal):\(line): \(mismatch.explanation)")
    }
    let last = shown[shown.count - 1]
    return InputError(file: file, line: last.line, last.mismatch)
  }
}

/// The blocks of a file, one of which may be read ahead on any thread.
final class ReadAhead: Sendable {
  private struct State: ~Copyable {
    var reader: VCFReader
    /// What was read ahead: a block, the end, or an error.
    var ahead: Result<VCFBlock?, any Error>?

    mutating func read() -> Result<VCFBlock?, any Error> {
      do { return .success(try reader.nextBlock()) } catch { return .failure(error) }
    }
  }

  let header: VCFHeader
  private let state: Mutex<State>

  /// - Throws: What opening the file throws.
  init(path: String) throws {
    let reader = try VCFReader(path: path)
    header = reader.header
    state = Mutex(State(reader: reader, ahead: nil))
  }

  /// Reads the next block and keeps it, or the error met, for `takeBlock`.
  func readAhead() {
    state.withLock { $0.ahead = $0.read() }
  }

  /// The next block; `nil` at the end.
  func takeBlock() throws -> VCFBlock? {
    let block = state.withLock { state in
      let block = state.ahead ?? state.read()
      state.ahead = nil
      return block
    }
    return try block.get()
  }
}

/// An output that any thread may write to, one at a time.
final class WriteBehind: Sendable {
  private let output: Mutex<VariantOutput?>
  /// Whether there is to be an index, if the records are sorted.
  let isIndexed: Bool
  /// Whether the output is BCF.
  let isBinary: Bool

  /// - Throws: What making the output throws.
  init(path: String, header: [UInt8], replacing: Bool, threads: Int) throws {
    let output = try VariantOutput(
      path: path, header: header, replacing: replacing, threads: threads)
    isIndexed = output.isIndexed
    isBinary = output.isBinary
    self.output = Mutex(output)
  }

  func write(_ lines: [UInt8]) throws {
    try output.withLock { try $0?.write(lines) }
  }

  /// Puts the output in its place; nothing can be written after that.
  ///
  /// - Parameter longest: As for `IndexedOutput`.
  func commit(longest: Int?) throws {
    try output.withLock { try $0.take()?.commit(longest: longest) }
  }
}
