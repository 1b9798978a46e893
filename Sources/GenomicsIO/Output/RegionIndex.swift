import CHTSlib
import Genomics
import Glibc

/// The index of a BGZF-compressed file, for tabix, bcftools, browsers and other readers of regions: `.tbi`, or
/// `.csi` for BCF and where a sequence is longer than 2²⁹ bases, which is all that `.tbi` can address.
public struct RegionIndex {
  /// What the lines of the file are.
  public enum Layout: Sendable {
    case bed, vcf, bcf
  }

  private let path: String
  private let layout: Layout
  private let replacing: Bool

  private static let longestOfTabix = 1 << 29
  /// Where a record may end at most, whatever the kind of index; htslib makes a CSI of text no deeper.
  public static let furthestEnd = 1 << 32
  /// The smallest bins of a CSI hold 2¹⁴ bases, as those of a TBI do.
  private static let smallestBin: Int32 = 14
  private static let suffixes = (tabix: ".tbi", csi: ".csi")

  /// - Parameters:
  ///   - path: The file, which need not be there yet.
  ///   - replacing: Whether an index that stands there may be replaced.
  /// - Throws: `OutputError` with `.exists`.
  public init(of path: String, layout: Layout, replacing: Bool) throws {
    for suffix in [Self.suffixes.tabix, Self.suffixes.csi] {
      guard try replacing || FileType(at: path + suffix) == nil else {
        throw OutputError(file: path + suffix, .exists)
      }
    }
    self.path = path
    self.layout = layout
    self.replacing = replacing
  }

  /// Reads the file, which is complete, and makes its index. A pipe or a device has none.
  ///
  /// - Parameters:
  ///   - file: The file of this index.
  ///   - longest: The length of the longest sequence that the file may have lines of, or the furthest end
  ///     of a line if that lies beyond it; at most `furthestEnd`; `nil` if there is to be no index.
  ///   - transaction: Takes the index, and has an old one removed.
  /// - Throws: `OutputError`: `.notReadBack` if the file isn't sorted BGZF, and what writing throws.
  public func finish(
    of file: FinishedOutput, longest: Int?, in transaction: inout OutputTransaction
  ) throws {
    guard file.isFile else { return }
    if replacing {
      transaction.remove(path + Self.suffixes.tabix)
      transaction.remove(path + Self.suffixes.csi)
    }
    guard let longest else { return }
    HTSlib.silence()
    let isTabix = layout != .bcf && longest <= Self.longestOfTabix
    var target = try OutputTarget(
      path: path + (isTabix ? Self.suffixes.tabix : Self.suffixes.csi), replacing: true)
    guard let temporary = target.temporaryPath else {
      throw OutputError(file: target.path, .notSeekable)
    }
    let contents = file.contentsPath
    switch layout {
    case .bed: try writeIndex(tbx_conf_bed, of: contents, isTabix: isTabix, to: temporary)
    case .vcf: try writeIndex(tbx_conf_vcf, of: contents, isTabix: isTabix, to: temporary)
    case .bcf: try writeIndexOfBCF(contents, longest: longest, to: temporary)
    }
    transaction.add(try target.finish())
  }

  /// - Parameter temporary: An absolute path, which htslib takes for no address of a server.
  private func writeIndex(
    _ layout: tbx_conf_t, of contents: String, isTabix: Bool, to temporary: String
  ) throws {
    let descriptor = try opened(contents)
    guard let handle = bgzf_dopen(descriptor, "r") else {
      close(descriptor)
      throw unusable
    }
    defer { bgzf_close(handle) }
    var layout = layout
    guard let index = tbx_index(handle, isTabix ? 0 : Self.smallestBin, &layout) else {
      throw unusable
    }
    defer { tbx_destroy(index) }
    try requireWhole(handle.pointee.fp, descriptor)
    try save(index.pointee.idx, as: Int32(isTabix ? HTS_FMT_TBI : HTS_FMT_CSI), to: temporary)
  }

  /// Records may end behind the sequence that they are on, where INFO/END belongs to another one. So the
  /// index is as deep as the records need; htslib's own would be as deep as the header says.
  private func writeIndexOfBCF(_ contents: String, longest: Int, to temporary: String) throws {
    let (file, descriptor) = try openedBCF(contents)
    defer { hts_close(file) }
    guard let header = bcf_hdr_read(file), let record = bcf_init() else { throw unusable }
    defer {
      bcf_destroy(record)
      bcf_hdr_destroy(header)
    }
    var offset: UInt64 {
      let block = file.pointee.fp.bgzf.pointee
      return UInt64(block.block_address) << 16 | UInt64(block.block_offset & 0xFFFF)
    }
    var levels: Int32 = 1
    while 1 << (Self.smallestBin + 3 * levels) < longest { levels += 1 }
    guard
      let index = hts_idx_init(
        header.pointee.n.1, Int32(HTS_FMT_CSI), offset, Self.smallestBin, levels)
    else { throw unusable }
    defer { hts_idx_destroy(index) }
    var status = bcf_read(file, header, record)
    while status == 0 {
      let (start, length) = (record.pointee.pos, record.pointee.rlen)
      guard hts_idx_push(index, record.pointee.rid, start, start + length, offset, 1) == 0 else {
        throw unusable
      }
      status = bcf_read(file, header, record)
    }
    guard status == -1, hts_idx_finish(index, offset) == 0 else { throw unusable }
    try requireWhole(file.pointee.fp.bgzf.pointee.fp, descriptor)
    try save(index, as: Int32(HTS_FMT_CSI), to: temporary)
  }

  /// htslib's handle of the file: it gets a descriptor, never a name.
  private func openedBCF(_ contents: String) throws -> (
    file: UnsafeMutablePointer<htsFile>, descriptor: Int32
  ) {
    let descriptor = try opened(contents)
    guard let stream = hdopen(descriptor, "r") else {
      close(descriptor)
      throw unusable
    }
    guard let file = hts_hopen(stream, "-", "r") else {
      hclose_abruptly(stream)
      throw unusable
    }
    return (file, descriptor)
  }

  /// Makes sure that htslib has read the file to its end, and took nothing else for it.
  private func requireWhole(_ stream: UnsafeMutablePointer<hFILE>?, _ descriptor: Int32) throws {
    var status = stat()
    guard let stream, fstat(descriptor, &status) == 0, htell(stream) == status.st_size else {
      throw unusable
    }
  }

  private func opened(_ contents: String) throws -> Int32 {
    let descriptor = open(contents, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw OutputError(file: path, .notReadBack("it can't be opened again"))
    }
    return descriptor
  }

  private func save(_ index: OpaquePointer?, as format: Int32, to temporary: String) throws {
    errno = 0
    guard hts_idx_save_as(index, temporary, temporary, format) == 0 else { throw failure }
  }

  private var unusable: OutputError {
    OutputError(file: path, .notReadBack("no index can be made of it"))
  }

  /// The reason why the index can't be written, which htslib leaves in `errno`.
  private var failure: OutputError {
    OutputError(file: path, .notWritten(code: errno == 0 ? EIO : errno))
  }
}
