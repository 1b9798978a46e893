internal import FoundationEssentials

/// The names and lengths of the sequences of a FASTA file: from its index if there is one, else
/// in one pass over the file, which holds a small part of it at a time.
///
/// - Throws: What opening and reading the file or its index throws.
public func sequenceLengths(ofFASTA path: String) throws -> [GenomeSequence] {
  if FileManager.default.fileExists(atPath: path + ".fai") {
    return try Genome(path: path).sequences
  }
  var stream = try GenomeStream(path: path, chunkLength: 1 << 20)
  var sequences: [GenomeSequence] = []
  while let chunk = try stream.next() {
    guard chunk.isLast else { continue }
    sequences.append(
      GenomeSequence(name: chunk.sequence, length: chunk.start + chunk.codes.count))
  }
  return sequences
}
