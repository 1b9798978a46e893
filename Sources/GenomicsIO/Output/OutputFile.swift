import Genomics
import Glibc

/// An output that appears whole or not at all.
///
/// Bytes go to a hidden file in the same folder, which takes the output's name when `commit` is
/// called and is removed when it isn't. Pipes and devices are written directly.
///
///     var output = try OutputFile(path: "sites.bed", replacing: false)
///     try output.write("chr20\t100\t120\n")
///     try output.commit()
public struct OutputFile: ~Copyable {
  public enum Compression: Sendable {
    case none
    /// Blocked gzip, which gzip reads and tabix indexes.
    case bgzf

    /// What a file's name asks for: BGZF if it ends in `.gz` or `.bgz`, in letters of either case.
    public init(path: String) {
      let name = path.lowercased()
      self = name.hasSuffix(".gz") || name.hasSuffix(".bgz") ? .bgzf : .none
    }
  }

  public let path: String
  private var target: OutputTarget
  private var compressor: BlockCompressor?
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 16

  /// - Parameters:
  ///   - path: `-` is the standard output. A pipe or a device is written directly.
  ///   - replacing: Whether a file that stands there may be replaced.
  ///   - compression: What the name asks for, unless given.
  ///   - threads: How many compress; the bytes are the same for any number.
  /// - Throws: `OutputError`: `.exists`, `.isFolder`, `.busy` where another process makes the same
  ///   output, or `.notCreated`.
  public init(
    path: String, replacing: Bool, compression: Compression? = nil, threads: Int = 1
  ) throws {
    target = try OutputTarget(path: path, replacing: replacing)
    compressor =
      (compression ?? Compression(path: path)) == .bgzf ? BlockCompressor(threads: threads) : nil
    self.path = path
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// - Throws: `OutputError` with `.notWritten`: a full disk, a closed pipe.
  public mutating func write(_ bytes: [UInt8]) throws {
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count < Self.bufferSize {
      buffer.append(contentsOf: bytes)
    } else {
      try send(bytes)
    }
  }

  /// Writes text as UTF-8.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Puts the output in its place, complete and on the disk.
  ///
  /// - Throws: `OutputError` with `.notWritten`; `path` then holds what it held before, or all of the
  ///   new output where only its folder couldn't be synchronized.
  public consuming func commit() throws {
    try flush()
    for block in compressor?.lastBlocks() ?? [] { try target.write(block) }
    try target.commit()
  }

  private mutating func flush() throws {
    try send(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func send(_ bytes: [UInt8]) throws {
    guard let blocks = compressor?.blocks(adding: bytes) else { return try target.write(bytes) }
    for block in blocks { try target.write(block) }
  }
}
