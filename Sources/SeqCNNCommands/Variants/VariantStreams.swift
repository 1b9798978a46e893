internal import GenomicsIO
internal import Inference
internal import Synchronization

/// The blocks of a file, one of which may be read ahead on any thread.
final class ReadAhead: Sendable {
  private struct State: ~Copyable {
    var reader: PhasedReader
    /// What was read ahead: a block, the end, or an error.
    var ahead: Result<PhasedBlock?, any Error>?

    mutating func read() -> Result<PhasedBlock?, any Error> {
      do { return .success(try reader.next()) } catch { return .failure(error) }
    }
  }

  let header: VCFHeader
  /// How much of the file has been read.
  let progress: ReadingProgress
  private let state: Mutex<State>

  /// - Parameter sample: The number of the sample whose haplotypes are wanted, if any.
  /// - Throws: What opening the file throws, and `sample`.
  init(path: String, windowLength: Int, sample: (VCFHeader) throws -> Int?) throws {
    let reader = try VCFReader(path: path)
    (header, progress) = (reader.header, reader.progress)
    let phased = PhasedReader(reader, sample: try sample(header), windowLength: windowLength)
    state = Mutex(State(reader: phased, ahead: nil))
  }

  /// Reads the next block and keeps it, or the error met, for `takeBlock`.
  func readAhead() {
    state.withLock { $0.ahead = $0.read() }
  }

  /// The next block; `nil` at the end.
  func takeBlock() throws -> PhasedBlock? {
    let block = state.withLock { state in
      let block = state.ahead ?? state.read()
      state.ahead = nil
      return block
    }
    return try block.get()
  }
}

/// An output that any thread may write to, one at a time.
final class WriteBehind: Sendable {
  private struct State: ~Copyable {
    var output: VariantOutput
    /// Where lines wait for their q-values; `nil` if there are none.
    var awaiting: AwaitingLines?

    mutating func write(_ lines: VariantLines) throws {
      if awaiting == nil { try output.write(lines.bytes) } else { try awaiting?.add(lines) }
    }

    consuming func commit(longest: Int?) throws {
      try awaiting?.forEachFilled { try output.write($0) }
      try output.commit(longest: longest)
    }
  }

  private let state: Mutex<State?>
  /// Whether there is to be an index, if the records are sorted.
  let isIndexed: Bool
  /// Whether the output is BCF.
  let isBinary: Bool

  /// - Parameter awaiting: Where lines wait for their q-values, if they have any.
  /// - Throws: What making the output throws.
  init(
    path: String, header: [UInt8], replacing: Bool, threads: Int,
    awaiting: consuming sending AwaitingLines?
  ) throws {
    let output = try VariantOutput(
      path: path, header: header, replacing: replacing, threads: threads)
    isIndexed = output.isIndexed
    isBinary = output.isBinary
    state = Mutex(State(output: output, awaiting: awaiting))
  }

  func write(_ lines: VariantLines) throws {
    try state.withLock { try $0?.write(lines) }
  }

  /// Puts the output in its place; nothing can be written after that.
  ///
  /// - Parameter longest: As for `IndexedOutput`.
  func commit(longest: Int?) throws {
    try state.withLock { try $0.take()?.commit(longest: longest) }
  }
}
