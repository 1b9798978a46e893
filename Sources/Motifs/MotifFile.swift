/// The motifs of a file, in MEME or in JASPAR's format, which its first letter tells.
public struct MotifFile: Sendable {
  /// At least one, in the order of the file.
  public let motifs: [Motif]
  /// The background frequencies that the file gives, as MEME's may.
  public let background: Background?

  /// - Parameters:
  ///   - text: The contents.
  ///   - file: What errors call the file.
  /// - Throws: `MEMEError`, `JASPARError`.
  public init(_ text: [UInt8], file: String) throws {
    if text.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: ">") {
      motifs = try readJASPAR(text, file: file)
      background = nil
    } else {
      var reader = MEMEReader(text, file: file)
      motifs = try reader.motifs()
      background = reader.background
    }
  }
}
