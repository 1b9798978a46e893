/// A kind of file that nothing here reads, told by its first bytes.
struct FileKind: Equatable, Sendable {
  /// What the file is, as in `is NAME`.
  let name: String
  /// What to give instead.
  let mend: String
  private let signatures: [[UInt8]]
  /// Where the signature stands.
  private let offset: Int

  private init(_ name: String, _ mend: String, at offset: Int = 0, _ signatures: [UInt8]...) {
    (self.name, self.mend, self.offset, self.signatures) = (name, mend, offset, signatures)
  }

  /// How many bytes of a file are looked at.
  static let prefixLength = 1024

  /// What a file that begins so is.
  ///
  /// - Returns: `nil` for text that may be data, gzip, safetensors and whatever isn't known.
  static func of(_ start: some Collection<UInt8>) -> FileKind? {
    let start = Array(start.prefix(prefixLength))
    guard !isSafetensors(start) else { return nil }
    if start.starts(with: zipSignature) { return zip(start) }
    return markup(start) ?? known.first { $0.matches(start) }
  }

  private func matches(_ start: [UInt8]) -> Bool {
    signatures.contains { start.dropFirst(offset).starts(with: $0) }
  }

  /// Whether a file is safetensors: the length of its header may look like the signature of another kind.
  static func isSafetensors(_ start: [UInt8]) -> Bool {
    start.count > 8 && start[8] == UInt8(ascii: "{") && start[4..<8].allSatisfy { $0 == 0 }
  }

  private static let data = "give the data as text or gzip"
  private static let zipSignature: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
  private static let pyTorch = FileKind(
    "a model or data of PyTorch (pickle), which can hold code",
    "give the model.safetensors of `seqcnn train`")

  static let xml = FileKind("XML", "give plain text")

  private static let known: [FileKind] = [
    FileKind("zstd-compressed", "decompress it or gzip it", [0x28, 0xb5, 0x2f, 0xfd]),
    FileKind("xz-compressed", "decompress it or gzip it", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
    FileKind("bzip2-compressed", "decompress it or gzip it", at: 4, Array("1AY&SY".utf8)),
    FileKind("a 7z archive", "unpack it", Array("7z".utf8) + [0xbc, 0xaf, 0x27, 0x1c]),
    FileKind("a RAR archive", "unpack it", Array("Rar!".utf8) + [0x1a, 0x07]),
    FileKind("a tar archive", "unpack it and give a file of it", at: 257, Array("ustar".utf8)),
    FileKind(
      "a BAM file, alignments of reads",
      "give what was made of them: peaks, variants, or FASTA (samtools fasta)",
      Array("BAM".utf8) + [1]),
    FileKind(
      "a CRAM file, alignments of reads",
      "give what was made of them: peaks, variants, or FASTA (samtools fasta)",
      Array("CRAM".utf8) + [2], Array("CRAM".utf8) + [3]),
    FileKind(
      "an index of another file", "give that file itself", Array("BAI".utf8) + [1],
      Array("TBI".utf8) + [1], Array("CSI".utf8) + [1]),
    FileKind(
      "a 2bit file", "convert it to FASTA with twoBitToFa", [0x43, 0x27, 0x41, 0x1a],
      [0x1a, 0x41, 0x27, 0x43]),
    FileKind(
      "a bigBed file", "convert it to BED with bigBedToBed", [0xeb, 0xf2, 0x89, 0x87],
      [0x87, 0x89, 0xf2, 0xeb]),
    FileKind(
      "a bigWig file, a track", "give the peaks that were called on it", [0x26, 0xfc, 0x8f, 0x88],
      [0x88, 0x8f, 0xfc, 0x26]),
    FileKind(
      "an HDF5 file (Keras, h5ad, loom)", data, [0x89] + Array("HDF\r\n".utf8) + [0x1a, 0x0a]),
    FileKind("a NumPy array (.npy)", data, [0x93] + Array("NUMPY".utf8)),
    FileKind("a Parquet file", data, Array("PAR1".utf8) + [0x15]),
    FileKind("a SQLite database", data, Array("SQLite format 3".utf8)),
    FileKind("data of R (.rds, .RData)", data, Array("RDX2\n".utf8), Array("RDX3\n".utf8)),
    FileKind("data of R (.rds, .RData)", data, Array("X\n".utf8) + [0, 0, 0]),
    FileKind(
      "an Excel workbook (.xls)", "save the sheet as tab-separated text",
      [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    FileKind("a PDF document", data, Array("%PDF".utf8)),
    FileKind("reads of the SRA", "convert them to FASTA", Array("NCBI.sra".utf8)),
    FileKind(
      "a pointer of Git LFS, not the file itself", "fetch the file with `git lfs pull`",
      Array("version https://git-lfs.github.com/".utf8)),
    FileKind(
      pyTorch.name, pyTorch.mend, [0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5]),
  ]

  /// What a zip archive holds, as the names of its first files tell.
  private static func zip(_ start: [UInt8]) -> FileKind {
    let names = String(decoding: start, as: UTF8.self)
    if names.contains("data.pkl") || names.contains("/byteorder") { return pyTorch }
    if names.contains(".npy") { return FileKind("an archive of NumPy arrays (.npz)", data) }
    if names.contains("[Content_Types].xml") || names.contains("xl/") {
      return FileKind("an Excel workbook (.xlsx)", "save the sheet as tab-separated text")
    }
    if names.contains("config.json") && names.contains("metadata.json") {
      return FileKind("a model of Keras", "give the model.safetensors of `seqcnn train`")
    }
    return FileKind("zip-compressed", "decompress it or gzip it")
  }

  /// HTML or XML, behind blanks and a byte order mark.
  private static func markup(_ start: [UInt8]) -> FileKind? {
    let body = start.starts(with: [0xef, 0xbb, 0xbf]) ? start[3...] : start[...]
    let text = String(decoding: body.drop { $0 <= 0x20 }, as: UTF8.self).lowercased()
    if ["<!doctype html", "<html", "<head", "<body"].contains(where: text.hasPrefix) {
      return FileKind(
        "a web page (HTML), as a failed download leaves it", "fetch the file itself")
    }
    guard text.hasPrefix("<?xml") else { return nil }
    if text.contains("<error>") {
      return FileKind("a server's message of an error (XML)", "fetch the file itself")
    }
    return ["<html", "<!doctype html"].contains(where: text.contains)
      ? FileKind("a web page (HTML), as a failed download leaves it", "fetch the file itself")
      : xml
  }
}
