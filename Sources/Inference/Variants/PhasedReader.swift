internal import Genomics
public import GenomicsIO

/// Records of a file, with what a sample has around them.
public struct PhasedBlock: Sendable {
  public let lines: VCFBlock
  /// One per record, in the order of lines; none without a sample.
  let records: [PhasedRecord]
  /// What haplotypes carry: those of these records, and those near them before and behind.
  let carried: [PhasedRecord]
  /// How far from each other records may be that share a window.
  let reach: Int

  /// The record of a line.
  func record(atLine line: Int) -> PhasedRecord? {
    let index = records.partitioningIndex { $0.line >= line }
    return index < records.count && records[index].line == line ? records[index] : nil
  }

  /// The lines of what haplotypes carry near the record of a line.
  package func neighbourLines(ofLine line: Int) -> [Int] {
    record(atLine: line).map { carried(near: $0).map(\.line) } ?? []
  }

  /// What haplotypes carry near a record.
  func carried(near record: PhasedRecord) -> ArraySlice<PhasedRecord> {
    let index = carried.partitioningIndex { $0.line >= record.line }
    let before = carried[..<index].reversed().prefix { $0.isWithin(reach, of: record) }
    let behind = carried[index...].prefix { $0.isWithin(reach, of: record) }
    return carried[index - before.count..<index + behind.count]
  }
}

/// Reads a VCF file block by block, and ahead as far as the haplotypes of a block's records reach.
public struct PhasedReader: ~Copyable {
  private var reader: VCFReader
  /// The number of the sample; `nil` if its haplotypes aren't asked for.
  private let sample: Int?
  private let reach: Int
  private var phasing = Phasing()
  private var endedSequences: Set<String> = []
  private var last: PhasedRecord?
  /// Blocks that were read ahead.
  private var ahead: [(lines: VCFBlock, records: [PhasedRecord])] = []
  /// What haplotypes carry near the end of the last block.
  private var behind: [PhasedRecord] = []

  /// How much longer than the windows deletions within reach may be together.
  private static let longestDeletions = 10_000

  /// - Parameter sample: The number of the sample whose haplotypes are wanted, if any.
  public init(_ reader: consuming VCFReader, sample: Int?, windowLength: Int) {
    self.reader = reader
    self.sample = sample
    reach = windowLength + Self.longestDeletions
  }

  /// The next block; `nil` at the end.
  ///
  /// - Throws: `ByteError`; `VCFError` if a genotype is malformed, or the records aren't sorted.
  public mutating func next() throws -> PhasedBlock? {
    guard sample != nil else {
      return try reader.nextBlock().map {
        PhasedBlock(lines: $0, records: [], carried: [], reach: 0)
      }
    }
    if ahead.isEmpty { try readOn() }
    guard let block = ahead.first else { return nil }
    while !isCovered(block.records.last), try readOn() {}
    ahead.removeFirst()
    let own = behind + block.records.filter(\.isCarried)
    guard let end = block.records.last else {
      return PhasedBlock(lines: block.lines, records: [], carried: [], reach: reach)
    }
    behind = own.filter { $0.isWithin(reach, of: end) }
    let following = ahead.flatMap(\.records).filter { $0.isCarried && $0.isWithin(reach, of: end) }
    return PhasedBlock(
      lines: block.lines, records: block.records, carried: own + following, reach: reach)
  }

  /// Whether all that is near a record has been read.
  private func isCovered(_ record: PhasedRecord?) -> Bool {
    guard let record, let last else { return true }
    return !last.isWithin(reach, of: record)
  }

  /// - Returns: Whether there was another block.
  @discardableResult
  private mutating func readOn() throws -> Bool {
    guard let sample, let block = try reader.nextBlock() else { return false }
    let records = try block.records()
    var phased: [PhasedRecord] = []
    for (record, genotype) in zip(records, try block.genotypes(of: records, sample: sample)) {
      let next = phasing.add(record.variant, line: record.line, genotype)
      try check(next)
      phased.append(next)
      last = next
    }
    ahead.append((block, phased))
    return true
  }

  /// Whether a record stands behind the last one.
  private mutating func check(_ record: PhasedRecord) throws {
    guard let last else { return }
    let variant = record.variant
    let isNew = variant.sequence != last.variant.sequence
    if isNew { endedSequences.insert(last.variant.sequence) }
    guard
      isNew
        ? !endedSequences.contains(variant.sequence)
        : variant.position >= last.variant.position
    else {
      throw VCFError(
        file: reader.header.file, line: record.line,
        .unsorted("\(variant.sequence):\(variant.position + 1)"))
    }
  }
}
