/// An output file and, if it is compressed, its index beside it.
public struct IndexedOutput: ~Copyable {
  private var file: OutputFile
  private var index: RegionIndex?

  /// - Parameters:
  ///   - layout: What the lines are; `nil` for those that have no index.
  ///   - replacing: Whether a file and an index that stand there may be replaced.
  ///   - threads: How many compress; the bytes are the same for any number.
  /// - Throws: What `OutputFile` and `RegionIndex` throw.
  public init(path: String, layout: RegionIndex.Layout?, replacing: Bool, threads: Int = 1) throws {
    if let layout, OutputFile.Compression(path: path) == .bgzf {
      index = try RegionIndex(of: path, layout: layout, replacing: replacing)
    }
    file = try OutputFile(path: path, replacing: replacing, threads: threads)
  }

  /// - Throws: `OutputError` with `.notWritten`.
  public mutating func write(_ bytes: [UInt8]) throws { try file.write(bytes) }

  /// - Throws: `OutputError` with `.notWritten`.
  public mutating func write(_ text: String) throws { try file.write(text) }

  /// Ends the writing, and makes the index.
  ///
  /// - Parameters:
  ///   - longest: The length of the longest sequence; `nil` if the lines aren't sorted: then there is
  ///     no index, not even an old one.
  ///   - transaction: Takes the file and the index.
  /// - Throws: What finishing the two throws.
  public consuming func finish(longest: Int?, in transaction: inout OutputTransaction) throws {
    let finished = try file.finish()
    transaction.add(finished)
    try index?.finish(of: finished, longest: longest, in: &transaction)
  }

  /// Puts the file in its place, and its index.
  ///
  /// - Throws: What `finish` and committing throw.
  public consuming func commit(longest: Int?) throws {
    var transaction = OutputTransaction()
    try finish(longest: longest, in: &transaction)
    try transaction.commit()
  }
}
