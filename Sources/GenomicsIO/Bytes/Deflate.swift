import CDeflate

/// Compresses and expands blocks of known sizes with libdeflate; streams go through `Inflater`.
///
/// Each call makes a handle of its own: threads can't share one, and making it takes little time beside a
/// block's work.
enum Deflate {
  /// What stands around the compressed bytes.
  enum Format {
    case bare
    /// A header of two bytes, and a checksum (RFC 1950).
    case zlib
    /// A header, a checksum and the length (RFC 1952).
    case gzip
  }

  /// One of libdeflate's 1 to 12. Level 7, which htslib takes, costs about twice the time for files 1 % smaller.
  private static let level: Int32 = 5

  static func compressed(_ bytes: ArraySlice<UInt8>, as format: Format) -> [UInt8] {
    let compressor = libdeflate_alloc_compressor(level)
    defer { libdeflate_free_compressor(compressor) }
    let compress =
      switch format {
      case .bare: libdeflate_deflate_compress
      case .zlib: libdeflate_zlib_compress
      case .gzip: libdeflate_gzip_compress
      }
    // The longest of the three.
    let capacity = libdeflate_gzip_compress_bound(compressor, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      count = bytes.withUnsafeBytes {
        compress(compressor, $0.baseAddress, $0.count, output.baseAddress, capacity)
      }
    }
  }

  /// Expands a whole block, and checks its checksum and its length where the format has them.
  ///
  /// - Returns: The number of bytes written to `output`; `nil` if the block is damaged, ends before `block`
  ///   does, or holds more bytes than there is room for.
  static func expand(
    _ block: ArraySlice<UInt8>, as format: Format, into output: inout [UInt8]
  ) -> Int? {
    let expander = libdeflate_alloc_decompressor()
    defer { libdeflate_free_decompressor(expander) }
    let expand =
      switch format {
      case .bare: libdeflate_deflate_decompress_ex
      case .zlib: libdeflate_zlib_decompress_ex
      case .gzip: libdeflate_gzip_decompress_ex
      }
    var (taken, given) = (0, 0)
    let result = output.withUnsafeMutableBytes { output in
      block.withUnsafeBytes {
        expand(
          expander, $0.baseAddress, $0.count, output.baseAddress, output.count, &taken, &given)
      }
    }
    return result == LIBDEFLATE_SUCCESS && taken == block.count ? given : nil
  }

  /// The CRC-32 that gzip takes.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
  }
}
