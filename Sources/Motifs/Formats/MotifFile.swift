public import Genomics
internal import GenomicsIO

/// A motif of a file that can't be used, and why.
public struct PassedOverMotif: Sendable {
  /// `nil` if it has none.
  public let name: String?
  public let error: any Failure
}

/// The motifs of a file, whose contents tell the format: behind `>` those of JASPAR, HOMER, Cluster-Buster and
/// GimmeMotifs; behind a line `P0 A C G T` that of TRANSFAC; else that of MEME.
public struct MotifFile: Sendable {
  /// At least one, in the order of the file.
  public let motifs: [Motif]
  /// The motifs that can't be used, in the order of the file.
  public let passedOver: [PassedOverMotif]
  /// How matrices were read that may be read in two ways, a line each.
  public let notes: [String]
  /// The background frequencies that the file gives, as MEME's may.
  public let background: Background?

  private static let largestSize = 1 << 28

  /// Reads a file, gzipped or not; `-` is standard input.
  ///
  /// - Throws: What reading it throws, and what the other initializer throws.
  public init(path: String) throws {
    try self.init(
      readBytes(path, limit: Self.largestSize), file: Ledger(source: path).sourceName)
  }

  /// - Parameters:
  ///   - text: The contents.
  ///   - file: What errors call the file.
  /// - Throws: `MEMEError`, `JASPARError`, `TRANSFACError` if no motif can be used.
  public init(_ text: [UInt8], file: String) throws {
    let lines = text.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
      .map { String(decoding: $0, as: UTF8.self) }
    let first = lines.lazy.compactMap { $0.first { !$0.isWhitespace } }.first { $0 != "#" }
    if first == ">" || beginsWithCounts(lines) {
      let reader = MatrixReader(lines, file: file, unnamed: baseName(of: file))
      (motifs, passedOver, notes) = try reader.motifs
      background = nil
    } else if TRANSFACReader.recognizes(lines) {
      let reader = try TRANSFACReader(lines, file: file)
      (motifs, passedOver, notes, background) = (reader.motifs, reader.passedOver, [], nil)
    } else {
      if let other = otherFormat(of: lines) { throw MEMEError(file: file, .otherFormat(other)) }
      var reader = MEMEReader(text, file: file)
      motifs = try reader.motifs()
      (passedOver, notes) = (reader.passedOver, [])
      background = reader.background
    }
  }
}

/// Whether the first line that is no comment is one of numbers, which may follow the letter of a base.
private func beginsWithCounts(_ lines: [String]) -> Bool {
  let words = lines.lazy.map { $0.split { $0.isWhitespace || "[]|".contains($0) } }
    .first { !($0.first?.hasPrefix("#") ?? true) }
  guard let words else { return false }
  let numbers = words[0] == "A" ? words.dropFirst() : words[...]
  return !numbers.isEmpty && numbers.allSatisfy { Double($0) != nil }
}

/// The name of a file without its folders and endings.
private func baseName(of file: String) -> String {
  splitPath(file).name.split(separator: ".").first.map(String.init) ?? file
}

/// What a file of motifs or of their hits is that isn't read, and what to give instead; `nil` for others.
private func otherFormat(of lines: [String]) -> String? {
  let text = lines.prefix(40).map {
    $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
  .joined(separator: "\n")
  return [
    ("MAST - Motif", "MAST's report of hits, which holds no motif; give the motifs"),
    ("<weightmatrix", "XMS, the format of NestedMICA; convert it to MEME's"),
    ("Pos A C G T", "CIS-BP's format; write `>NAME` instead of each header, and no column `Pos`"),
    ("AlignACE", "AlignACE's report of sites; convert it to MEME's format"),
  ].first { text.contains($0.0) }?.1
}
