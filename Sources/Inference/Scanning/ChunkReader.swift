internal import GenomicsIO
internal import Synchronization

/// The chunks of a genome, one of which may be read ahead on any thread.
final class ChunkReader: Sendable {
  private struct State: ~Copyable {
    var stream: GenomeStream?
    var planned: PlannedChunks?
    /// What was read ahead: a chunk, the end, or an error.
    var ahead: Result<GenomeChunk?, any Error>?

    mutating func read() -> Result<GenomeChunk?, any Error> {
      do {
        return .success(try stream == nil ? planned?.read() : stream?.next())
      } catch { return .failure(error) }
    }
  }

  private let state: Mutex<State>
  /// How much of the genome's file has been read; `nil` for parts of it.
  let progress: ReadingProgress?

  /// - Throws: What opening the genome throws.
  init(genome path: String, chunkLength: Int) throws {
    let stream = try GenomeStream(path: path, chunkLength: chunkLength)
    progress = stream.progress
    state = Mutex(State(stream: stream, ahead: nil))
  }

  init(_ plan: ScanPlan) {
    progress = nil
    state = Mutex(State(planned: PlannedChunks(plan)))
  }

  /// Reads the next chunk and keeps it, or the error met, for `takeChunk`.
  func readAhead() {
    state.withLock { $0.ahead = $0.read() }
  }

  /// The next chunk; `nil` at the end.
  ///
  /// - Throws: What reading the genome throws.
  func takeChunk() throws -> GenomeChunk? {
    let chunk = state.withLock { state in
      let chunk = state.ahead ?? state.read()
      state.ahead = nil
      return chunk
    }
    return try chunk.get()
  }
}
