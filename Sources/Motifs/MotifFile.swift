public import Genomics
internal import GenomicsIO

/// A motif of a file that can't be used, and why.
public struct PassedOverMotif: Sendable {
  /// `nil` if it has none.
  public let name: String?
  public let error: any Failure
}

/// The motifs of a file: in MEME's format, or in that of JASPAR or HOMER if the first line that is no comment
/// begins with `>`.
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
  /// - Throws: What reading it throws; `MEMEError`, `JASPARError` if no motif can be used.
  public init(path: String) throws {
    try self.init(
      readBytes(path, limit: Self.largestSize), file: Ledger(source: path).sourceName)
  }

  /// - Parameters:
  ///   - text: The contents.
  ///   - file: What errors call the file.
  /// - Throws: `MEMEError`, `JASPARError` if no motif can be used.
  public init(_ text: [UInt8], file: String) throws {
    let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let first = lines.lazy.compactMap { $0.first { $0 > UInt8(ascii: " ") } }
      .first { $0 != UInt8(ascii: "#") }
    if first == UInt8(ascii: ">") {
      (motifs, passedOver, notes) = try MatrixReader(text, file: file).motifs
      background = nil
    } else {
      var reader = MEMEReader(text, file: file)
      motifs = try reader.motifs()
      (passedOver, notes) = (reader.passedOver, [])
      background = reader.background
    }
  }
}
