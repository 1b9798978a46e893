import CHTSlib
import Genomics
import Glibc

/// A BCF file as the lines of the VCF file that it stands for.
struct BCFLines: ~Copyable {
  /// What every BCF 2 file starts with, once expanded (VCF 4.2 specification, section 6.2).
  static let signature = Array("BCF\u{2}".utf8)

  private let name: String
  let progress: ReadingProgress
  private let file: UnsafeMutablePointer<htsFile>
  private let header: UnsafeMutablePointer<bcf_hdr_t>
  private let record: UnsafeMutablePointer<bcf1_t>
  private var text = kstring_t(l: 0, m: 0, s: nil)
  private var headerLines: ArraySlice<[UInt8]>

  /// - Parameters:
  ///   - descriptor: The file, at its start; closed here.
  ///   - name: What messages call the file.
  init(descriptor: Int32, name: String) throws {
    HTSlib.silence()
    let file = try Self.opened(descriptor, name: name)
    guard let header = bcf_hdr_read(file) else {
      defer { hts_close(file) }
      throw Self.problem(hts_get_bgzfp(file).pointee.fp, name: name)
    }
    guard bcf_hdr_format(header, 0, &text) == 0, let record = bcf_init() else {
      free(text.s)
      bcf_hdr_destroy(header)
      hts_close(file)
      throw VCFError(file: name, .corruptBCF)
    }
    headerLines =
      Array(UnsafeRawBufferPointer(start: text.s, count: text.l))
      .split(separator: lineFeed).map(Array.init)[...]
    self.file = file
    self.header = header
    self.record = record
    self.name = name
    progress = ReadingProgress(descriptor: descriptor)
  }

  deinit {
    free(text.s)
    bcf_destroy(record)
    bcf_hdr_destroy(header)
    hts_close(file)
  }

  mutating func next() throws -> [UInt8]? {
    if let line = headerLines.popFirst() { return line }
    text.l = 0
    switch bcf_read(file, header, record) {
    case 0: break
    case -1: return nil
    default: throw Self.problem(hts_get_bgzfp(file).pointee.fp, name: name)
    }
    guard vcf_format(header, record, &text) == 0, text.l > 0 else {
      throw VCFError(file: name, .corruptBCF)
    }
    return Array(UnsafeRawBufferPointer(start: text.s, count: text.l - 1))
  }

  /// htslib's handle of an open file: it gets a descriptor, never a name, so it opens no URL.
  private static func opened(_ descriptor: Int32, name: String) throws
    -> UnsafeMutablePointer<htsFile>
  {
    guard let stream = hdopen(descriptor, "r") else {
      let code = errno
      close(descriptor)
      throw ByteError(file: name, .unreadable(code: code))
    }
    guard let file = hts_hopen(stream, "-", "r") else {
      defer { hclose_abruptly(stream) }
      throw problem(stream, name: name)
    }
    // What htslib takes for something else has no such handle, and would be read as if it had.
    guard let blocks = hts_get_bgzfp(file) else {
      hts_close(file)
      throw VCFError(file: name, .corruptBCF)
    }
    guard bgzf_compression(blocks) != 0 else { return file }
    switch bgzf_check_EOF(blocks) {
    case 0:
      hts_close(file)
      throw VCFError(file: name, .truncatedBCF)
    case ..<0:
      let code = errno
      hts_close(file)
      throw ByteError(file: name, .unreadable(code: code))
    default:
      return file
    }
  }

  /// Why a file can't be read on: because of the system, or of its contents.
  private static func problem(_ stream: UnsafeMutablePointer<hFILE>, name: String) -> any Error {
    let code = herrno(stream)
    return code == 0
      ? VCFError(file: name, .corruptBCF) : ByteError(file: name, .unreadable(code: code))
  }
}
