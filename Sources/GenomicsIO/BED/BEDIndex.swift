import CHTSlib
import Genomics
import Glibc

/// The index of a BGZF-compressed BED file, for tabix, browsers and readers of regions: `.tbi`, or `.csi`
/// where a sequence is longer than 2²⁹ bases, which is all that `.tbi` can address.
public struct BEDIndex: ~Copyable {
  private let path: String
  private let replacing: Bool

  private static let longestOfTabix = 1 << 29
  private static let suffixes = (tabix: ".tbi", csi: ".csi")

  /// - Parameters:
  ///   - path: The BED file, which need not be there yet.
  ///   - replacing: Whether an index that stands there may be replaced.
  /// - Throws: `OutputError` with `.exists`.
  public init(of path: String, replacing: Bool) throws {
    for suffix in [Self.suffixes.tabix, Self.suffixes.csi]
    where !replacing && FileType(at: path + suffix) != nil {
      throw OutputError(file: path + suffix, .exists)
    }
    self.path = path
    self.replacing = replacing
  }

  /// Takes away the index of a file that is about to be replaced.
  public func removeOld() {
    guard replacing else { return }
    unlink(path + Self.suffixes.tabix)
    unlink(path + Self.suffixes.csi)
  }

  /// Reads the file, which is complete, and writes its index.
  ///
  /// - Parameter longest: The length of the longest sequence that the file may have lines of.
  /// - Throws: `OutputError`: `.notReadBack` where the file isn't sorted BGZF, and what writing throws.
  public consuming func commit(longest: Int) throws {
    HTSlib.silenced
    let isTabix = longest <= Self.longestOfTabix
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, let handle = bgzf_dopen(descriptor, "r") else {
      if descriptor >= 0 { close(descriptor) }
      throw OutputError(file: path, .notReadBack("it can't be opened again"))
    }
    defer { bgzf_close(handle) }
    var layout = tbx_conf_bed
    // 14: the smallest bins of a CSI hold 2¹⁴ bases, as those of a TBI do.
    guard let index = tbx_index(handle, isTabix ? 0 : 14, &layout) else {
      throw OutputError(file: path, .notReadBack("no index can be made of it"))
    }
    defer { tbx_destroy(index) }
    let indexPath = path + (isTabix ? Self.suffixes.tabix : Self.suffixes.csi)
    var target = try OutputTarget(path: indexPath, replacing: true)
    // The temporary file's name is a path, so that htslib takes it for no address of a server.
    let temporary = target.temporaryPath ?? indexPath
    let format = isTabix ? HTS_FMT_TBI : HTS_FMT_CSI
    guard hts_idx_save_as(index.pointee.idx, path, temporary, Int32(format)) == 0 else {
      throw OutputError(file: indexPath, .notWritten(code: errno == 0 ? EIO : errno))
    }
    try target.commit()
  }
}
