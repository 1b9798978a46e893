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
  /// `nil` unless haplotypes are asked for.
  let haplotypes: HaplotypeScorer?
  let formatter: VariantFormatter
  /// Whether a reference allele that the genome contradicts ends the run.
  let stopsAtMismatch: Bool
  /// Whether alleles are collected for a report.
  let isReported: Bool
  let threads: Int

  private static let linesPerChunk = 64
  private static let mismatchesShown = 5

  /// What became of a chunk, or of a block.
  private struct Part: Sendable {
    var lines = VariantLines()
    var tally: VariantTally
    var mismatches: [(line: Int, mismatch: ReferenceMismatch)] = []
    var places: [RecordOrder.Place] = []
    var points: [VariantPoint] = []
  }

  /// - Parameters:
  ///   - report: What collects alleles for a report, if there is one.
  ///   - progress: Told the number of records that are done.
  /// - Returns: The tally of all records, and their order.
  func annotate(
    _ reader: ReadAhead, to writer: WriteBehind, tally: VariantTally,
    report: inout VariantReport?, progress: (Int) -> Void
  ) throws -> (tally: VariantTally, order: RecordOrder) {
    var (tally, order) = (tally, RecordOrder())
    var lines = VariantLines()
    while let block = try reader.takeBlock() {
      let part = try score(block, reader, writing: lines, to: writer, source: tally.emptied)
      if stopsAtMismatch, !part.mismatches.isEmpty {
        throw try stop(at: part.mismatches, reader, file: tally.sourceName)
      }
      tally.add(part.tally)
      for place in part.places { order.add(place) }
      lines = part.lines
      report?.add(part.points)
      progress(tally.records)
    }
    try writer.write(lines)
    return (tally, order)
  }

  private func score(
    _ block: PhasedBlock, _ reader: ReadAhead, writing lines: VariantLines, to writer: WriteBehind,
    source: VariantTally
  ) throws -> Part {
    let size = Self.linesPerChunk
    let parts = concurrentMap(2 + block.lines.count.dividedRoundingUp(by: size), threads: threads) {
      index in
      Result<Part, any Error> {
        switch index {
        case 0: reader.readAhead()
        case 1: try writer.write(lines)
        default:
          let first = (index - 2) * size
          let lines = first..<min(first + size, block.lines.count)
          return try score(block.lines.records(lines), of: block, Part(tally: source))
        }
        return Part(tally: source)
      }
    }
    return try parts.reduce(into: Part(tally: source)) { whole, part in
      let part = try part.get()
      whole.lines.append(part.lines)
      whole.tally.add(part.tally)
      whole.mismatches += part.mismatches
      whole.places += part.places
      whole.points += part.points
    }
  }

  private func score(_ records: [VCFRecord], of block: PhasedBlock, _ empty: Part) throws -> Part {
    var part = empty
    part.places = records.map { RecordOrder.Place($0) }
    let scored = try scorer.score(records.map(\.variant))
    let ofHaplotypes = try haplotypes?.score(records.map(\.line), of: block)
    for (index, record) in records.enumerated() {
      let scored = ScoredRecord(alleles: scored[index], haplotypes: ofHaplotypes?[index])
      part.tally.add(record, scored)
      if let mismatch = scored.alleles.mismatch { part.mismatches.append((record.line, mismatch)) }
      if isReported { part.points += VariantPoint.all(of: record.variant, scored.alleles) }
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
      let records = try? block.lines.records()
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
