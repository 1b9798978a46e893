import CHTSlib
import Genomics
import Glibc

/// Writes BCF from the lines of the VCF file that it stands for; it appears whole or not at all.
public struct BCFWriter: ~Copyable {
  private let path: String
  private var target: OutputTarget
  /// `nil` once finished.
  private var file: UnsafeMutablePointer<htsFile>?
  private let header: UnsafeMutablePointer<bcf_hdr_t>
  private let record: UnsafeMutablePointer<bcf1_t>

  /// - Parameter text: The header's lines, each ended.
  /// - Throws: `OutputError`; `VCFError` with `.headerNotBCF`.
  public init(path: String, header text: [UInt8], replacing: Bool) throws {
    HTSlib.silence()
    let target = try OutputTarget(path: path, replacing: replacing)
    guard let header = bcf_hdr_init("r"), let record = bcf_init() else {
      throw OutputError(file: path, .notCreated(code: ENOMEM))
    }
    var file: UnsafeMutablePointer<htsFile>?
    do {
      var bytes = Self.header(from: text).map { CChar(bitPattern: $0) } + [0]
      guard bcf_hdr_parse(header, &bytes) == 0 else { throw VCFError(file: path, .headerNotBCF) }
      file = try Self.opened(target.descriptor, path: path)
      guard bcf_hdr_write(file, header) == 0 else { throw Self.failure(path) }
    } catch {
      file.map { _ = hts_close($0) }
      bcf_destroy(record)
      bcf_hdr_destroy(header)
      throw error
    }
    self.file = file
    self.header = header
    self.record = record
    self.target = target
    self.path = path
  }

  deinit {
    file.map { _ = hts_close($0) }
    bcf_destroy(record)
    bcf_hdr_destroy(header)
  }

  /// Writes records.
  ///
  /// - Parameter lines: As VCF has them, each ended.
  /// - Throws: `OutputError`; `VCFError` with `.recordNotBCF` for a record with a sequence or a key
  ///   that the header doesn't declare, and with `.positionNotBCF`.
  public mutating func write(lines: [UInt8]) throws {
    for line in lines.split(separator: lineFeed) {
      var text = withoutReturn(Array(line)).map { CChar(bitPattern: $0) } + [0]
      let length = text.count - 1
      let isParsed = text.withUnsafeMutableBufferPointer { text in
        var string = kstring_t(l: length, m: text.count, s: text.baseAddress)
        return vcf_parse(&string, header, record) == 0
      }
      var place: String {
        line.split(separator: UInt8(ascii: "\t")).prefix(2).map {
          String(decoding: $0, as: UTF8.self)
        }.joined(separator: ":")
      }
      guard isParsed, record.pointee.errcode == 0 else {
        throw VCFError(file: path, .recordNotBCF(place))
      }
      guard record.pointee.pos < Int32.max else {
        throw VCFError(file: path, .positionNotBCF(place))
      }
      guard bcf_write(file, header, record) == 0 else { throw Self.failure(path) }
    }
  }

  /// Ends the writing: the output can be put in its place.
  ///
  /// - Throws: `OutputError`.
  public consuming func finish() throws -> FinishedOutput {
    errno = 0
    let status = hts_close(file)
    file = nil
    guard status == 0 else { throw Self.failure(path) }
    return try target.finish()
  }

  /// Puts the output in its place.
  ///
  /// - Throws: `OutputError`.
  public consuming func commit() throws {
    try finish().commit()
  }

  /// The lines as htslib is to read them: without carriage returns and without numbers of its own.
  private static func header(from text: [UInt8]) -> [UInt8] {
    text.split(separator: lineFeed).flatMap { line in
      let line = withoutReturn(Array(line))
      let isMeta = line.starts(with: Array("##".utf8))
      return ((isMeta ? try? VCFMetaLine(line).withoutIDX : nil) ?? Array(line)) + [lineFeed]
    }
  }

  /// htslib's handle of a file that stays the caller's.
  private static func opened(_ descriptor: Int32, path: String) throws
    -> UnsafeMutablePointer<htsFile>
  {
    let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard duplicate >= 0, let stream = hdopen(duplicate, "w") else {
      let code = errno
      if duplicate >= 0 { close(duplicate) }
      throw OutputError(file: path, .notCreated(code: code))
    }
    guard let file = hts_hopen(stream, "-", "wb") else {
      hclose_abruptly(stream)
      throw OutputError(file: path, .notCreated(code: ENOMEM))
    }
    return file
  }

  /// The reason of a call that failed, which htslib leaves in `errno`.
  private static func failure(_ path: String) -> OutputError {
    OutputError(file: path, .notWritten(code: errno == 0 ? EIO : errno))
  }
}
