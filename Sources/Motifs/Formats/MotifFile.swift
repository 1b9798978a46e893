public import Genomics
internal import GenomicsIO

/// A motif of a file that can't be used, and why.
public struct PassedOverMotif: Sendable {
  /// `nil` if it has none.
  public let name: String?
  public let error: any Failure
}

/// The motifs of a file, whose contents tell the format: behind `<` MEME's XML and XMS; behind `>`, or the header of
/// a table, those of JASPAR, HOMER, Cluster-Buster, GimmeMotifs and CIS-BP; behind a line `P0 A C G T` that of
/// TRANSFAC; behind `AlignACE` its report; else MEME's text.
public struct MotifFile: Sendable {
  /// At least one, in the order of the file.
  public let motifs: [Motif]
  /// The motifs that can't be used, in the order of the file.
  public let passedOver: [PassedOverMotif]
  /// How matrices were read that may be read in two ways, a line each.
  public let notes: [String]
  /// What the file says before its motifs, if it is MEME's.
  public let header: MEMEHeader?
  /// The background frequencies that the file gives, as MEME's may.
  public var background: Background? { header?.background }

  private static let largestSize = 1 << 28

  /// Reads a file, gzipped or not; `-` is standard input.
  ///
  /// - Throws: What reading it throws, and what the other initializer throws.
  public init(path: String) throws {
    try self.init(
      readBytes(path, limit: Self.largestSize, readsXML: true),
      file: Ledger(source: path).sourceName)
  }

  /// - Parameters:
  ///   - text: The contents.
  ///   - file: What errors call the file.
  /// - Throws: `MEMEError`, `JASPARError`, `TRANSFACError`, `MotifXMLError` if no motif can be used.
  public init(_ text: [UInt8], file: String) throws {
    let text = text.starts(with: byteOrderMark) ? Array(text.dropFirst(byteOrderMark.count)) : text
    if text.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: "<") {
      self = try Self.xml(text, file: file)
      return
    }
    let lines = text.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
      .map { String(decoding: $0, as: UTF8.self) }
    if AlignACEReader.recognizes(lines) {
      let reader = try AlignACEReader(lines, file: file)
      self.init(reader.motifs, reader.passedOver)
    } else if MatrixBlocks.recognizes(lines) {
      self = try Self.matrices(lines, file: file)
    } else if TRANSFACReader.recognizes(lines) {
      let reader = try TRANSFACReader(lines, file: file)
      self.init(reader.motifs, reader.passedOver)
    } else {
      if lines.prefix(40).contains(where: { $0.contains("MAST - Motif") }) {
        throw MEMEError(file: file, .otherFormat(hitsOfMAST))
      }
      var reader = MEMEReader(text, file: file)
      let motifs = try reader.motifs()
      self.init(motifs, reader.passedOver, header: reader.header)
    }
  }

  private init(
    _ motifs: [Motif], _ passedOver: [PassedOverMotif], notes: [String] = [],
    header: MEMEHeader? = nil
  ) {
    (self.motifs, self.passedOver) = (motifs, passedOver)
    (self.notes, self.header) = (notes, header)
  }

  private static func matrices(_ lines: [String], file: String) throws -> MotifFile {
    let name = baseName(of: file)
    let blocks = MatrixBlocks(lines, unnamed: name).blocks
    if let sites = SitesReader(
      blocks, unnamed: name, isNamedSites: file.lowercased().hasSuffix(".sites"))
    {
      let found = try sites.motifs(file: file)
      return MotifFile(found.read, found.passedOver)
    }
    let found = try MatrixReader(file: file, blocks: blocks).motifs
    return MotifFile(found.read, found.passedOver, notes: found.notes)
  }

  private static func xml(_ text: [UInt8], file: String) throws -> MotifFile {
    let root = try XMLReader.root(of: text, file: file)
    switch root.name {
    case "MEME":
      let reader = try MEMEXMLReader(root, file: file)
      return MotifFile(reader.motifs, reader.passedOver, header: reader.header)
    case "motifset", "motif":
      let reader = try XMSReader(root, file: file)
      return MotifFile(reader.motifs, reader.passedOver)
    case "mast": throw MEMEError(file: file, .otherFormat(hitsOfMAST))
    default: throw MotifXMLError(file: file, line: root.line, .foreign(root.name))
    }
  }
}

private let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

/// What MAST's report is, and what to give instead.
private let hitsOfMAST =
  "MAST's report of hits, which has no probabilities; give the motifs that MAST read"

/// The name of a file without its folders and endings.
private func baseName(of file: String) -> String {
  splitPath(file).name.split(separator: ".").first.map(String.init) ?? file
}
