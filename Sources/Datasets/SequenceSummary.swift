public import Genomics
internal import GenomicsIO

/// What a FASTA file holds.
public struct SequenceSummary: Codable, Equatable, Sendable {
  public let records: Int
  public let bases: Int
  public let shortest, longest: Int
  /// The length of the middle record by length, of two the longer.
  public let median: Int
  /// The share of G and C among the known bases; missing if none is known.
  public let gc: Double?
  /// The number of bases that aren't known for certain.
  public let unknown: Int
  /// The records of which more than half of the bases is unknown, which training drops.
  public let mostlyUnknown: Int
  /// The records whose names state where they stand in a genome.
  public let placed: Int
  /// The records whose name an earlier one has, which a genome may not have.
  public let repeatedNames: Int
  /// The endings of the indices beside the file that describe it.
  public let indices: [String]
  /// The names and lengths of all sequences, if an index makes the file a genome.
  public let sequences: [NamedCount]?

  /// Reads and checks every base, and the `.fai` and `.gzi` beside the file.
  ///
  /// - Throws: `ByteError`, `FASTAError` with the line, `IndexError` for an index that doesn't describe the
  ///   file.
  public init(path: String) throws {
    var tally = Tally()
    var stream = try GenomeStream(path: path, chunkLength: 1 << 20, uniqueNames: false)
    while let chunk = try stream.next() { tally.add(chunk) }
    indices = try Self.indices(of: path, describing: tally.sequences)
    sequences = indices.contains(".fai") ? tally.sequences : nil
    let lengths = tally.sequences.map(\.count).sorted()
    records = lengths.count
    bases = lengths.reduce(0, +)
    (shortest, median, longest) = (
      lengths[0], lengths[lengths.count / 2], lengths[lengths.count - 1]
    )
    unknown = tally.unknown
    gc = unknown < bases ? Double(tally.codes[1] + tally.codes[2]) / Double(bases - unknown) : nil
    mostlyUnknown = tally.mostlyUnknown
    placed = tally.sequences.count { GenomicInterval(statedIn: $0.name, length: $0.count) != nil }
    repeatedNames = records - Set(tally.sequences.map(\.name)).count
  }

  /// The indices beside a file, which must describe it.
  private static func indices(of path: String, describing sequences: [NamedCount]) throws
    -> [String]
  {
    let indices = [".fai", ".gzi"].filter { isFile(path + $0) }
    guard !indices.isEmpty, let genome = try Genome(inPlace: path) else { return [] }
    let indexed = genome.sequences.map { NamedCount(name: $0.name, count: $0.length) }
    guard indexed == sequences else {
      throw IndexError(
        file: path + indices[0], .stale(what: "lists other sequences than \(path.quoted) has"))
    }
    return indices
  }

  /// What is counted while the file is read.
  private struct Tally {
    /// Names and lengths.
    var sequences: [NamedCount] = []
    /// How often each code comes up.
    var codes = [Int](repeating: 0, count: Int(EncodedSequence.unknown) + 1)
    var mostlyUnknown = 0
    private var unknownInRecord = 0

    var unknown: Int { codes[Int(EncodedSequence.unknown)] }

    mutating func add(_ chunk: GenomeChunk) {
      let before = unknown
      for code in chunk.codes { codes[Int(code)] += 1 }
      unknownInRecord += unknown - before
      guard chunk.isLast else { return }
      let length = chunk.start + chunk.codes.count
      sequences.append(NamedCount(name: chunk.sequence, count: length))
      if 2 * unknownInRecord > length { mostlyUnknown += 1 }
      unknownInRecord = 0
    }
  }
}
