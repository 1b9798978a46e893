import Genomics
import Glibc

/// An output that appears whole or not at all.
///
/// Bytes go to a hidden file in the same folder, which takes the output's name when `commit` is
/// called and is removed if it isn't; several outputs of a run go through an `OutputTransaction`.
/// Pipes and devices are written directly. A file that is replaced keeps its permissions, a symbolic
/// link stays and its file is replaced.
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
  /// Whether the file stays locked from when it is finished until it is in its place.
  private let keepsLock: Bool

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
    try self.init(
      path: path, replacing: replacing, compression: compression, threads: threads, keepsLock: true)
  }

  init(
    path: String, replacing: Bool, compression: Compression? = nil, threads: Int = 1,
    keepsLock: Bool
  ) throws {
    target = try OutputTarget(path: path, replacing: replacing)
    compressor =
      (compression ?? Compression(path: path)) == .bgzf ? BlockCompressor(threads: threads) : nil
    self.path = path
    self.keepsLock = keepsLock
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

  /// Writes over bytes that were written before.
  ///
  /// - Precondition: The output isn't compressed.
  /// - Throws: `OutputError` with `.notWritten`, also for a pipe.
  mutating func replace(at offset: Int, with bytes: [UInt8]) throws {
    precondition(compressor == nil, "compressed output can't be written over")
    try flush()
    try target.write(bytes, at: offset)
  }

  /// Ends the writing: the output is complete, on the disk, and can be put in its place.
  ///
  /// - Throws: `OutputError`, such as `.notWritten`.
  public consuming func finish() throws -> FinishedOutput {
    try flush()
    for block in compressor?.lastBlocks() ?? [] { try target.write(block) }
    return try target.finish(keepsLock: keepsLock)
  }

  /// Puts the output in its place, complete and on the disk.
  ///
  /// - Throws: `OutputError` with `.notWritten`; `path` then holds what it held before.
  public consuming func commit() throws {
    try finish().commit()
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
