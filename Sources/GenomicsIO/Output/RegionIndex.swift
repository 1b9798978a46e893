import CHTSlib
import Genomics
import Glibc

/// The index of a BGZF-compressed file, for tabix, bcftools, browsers and other readers of regions: `.tbi`, or
/// `.csi` for BCF and where a sequence is longer than 2²⁹ bases, which is all that `.tbi` can address.
public struct RegionIndex: ~Copyable {
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
    for suffix in [Self.suffixes.tabix, Self.suffixes.csi]
    where !replacing && FileType(at: path + suffix) != nil {
      throw OutputError(file: path + suffix, .exists)
    }
    self.path = path
    self.layout = layout
    self.replacing = replacing
  }

  /// Takes away the index of a file that is about to be replaced.
  public func removeOld() {
    guard replacing else { return }
    unlink(path + Self.suffixes.tabix)
    unlink(path + Self.suffixes.csi)
  }

  /// Reads the file, which is complete, and writes its index. A pipe or a device has none.
  ///
  /// - Parameter longest: The length of the longest sequence that the file may have lines of, or the
  ///   furthest end of a line where that lies beyond it; at most `furthestEnd`.
  /// - Throws: `OutputError`: `.notReadBack` where the file isn't sorted BGZF, and what writing throws.
  public consuming func commit(longest: Int) throws {
    guard FileType(at: path) == .regular else { return }
    HTSlib.silence()
    let isTabix = layout != .bcf && longest <= Self.longestOfTabix
    let indexPath = path + (isTabix ? Self.suffixes.tabix : Self.suffixes.csi)
    var target = try OutputTarget(path: indexPath, replacing: true)
    // A path with a folder, so that htslib takes it for no address of a server.
    let temporary = target.temporaryPath ?? indexPath
    switch layout {
    case .bed: try writeIndex(tbx_conf_bed, isTabix: isTabix, to: temporary)
    case .vcf: try writeIndex(tbx_conf_vcf, isTabix: isTabix, to: temporary)
    case .bcf: try writeIndexOfBCF(longest: longest, to: temporary)
    }
    try target.commit()
  }

  private func writeIndex(_ layout: tbx_conf_t, isTabix: Bool, to temporary: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, let handle = bgzf_dopen(descriptor, "r") else {
      if descriptor >= 0 { close(descriptor) }
      throw OutputError(file: path, .notReadBack("it can't be opened again"))
    }
    defer { bgzf_close(handle) }
    var layout = layout
    guard let index = tbx_index(handle, isTabix ? 0 : Self.smallestBin, &layout) else {
      throw unusable
    }
    defer { tbx_destroy(index) }
    let format = isTabix ? HTS_FMT_TBI : HTS_FMT_CSI
    guard hts_idx_save_as(index.pointee.idx, path, temporary, Int32(format)) == 0 else {
      throw failure
    }
  }

  /// Records may end behind the sequence that they are on, where INFO/END belongs to another one. So the
  /// index is as deep as the records need; htslib's own would be as deep as the header says.
  private func writeIndexOfBCF(longest: Int, to temporary: String) throws {
    guard let file = openedBCF() else { throw unusable }
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
    guard hts_idx_save_as(index, path, temporary, Int32(HTS_FMT_CSI)) == 0 else { throw failure }
  }

  /// htslib's handle of the file: it gets a descriptor, never a name.
  private func openedBCF() -> UnsafeMutablePointer<htsFile>? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard let stream = hdopen(descriptor, "r") else {
      close(descriptor)
      return nil
    }
    guard let file = hts_hopen(stream, "-", "r") else {
      hclose_abruptly(stream)
      return nil
    }
    return file
  }

  private var unusable: OutputError {
    OutputError(file: path, .notReadBack("no index can be made of it"))
  }

  /// The reason why the index can't be written, which htslib leaves in `errno`.
  private var failure: OutputError {
    OutputError(file: path, .notWritten(code: errno == 0 ? EIO : errno))
  }
}
