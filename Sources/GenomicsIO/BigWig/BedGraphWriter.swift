import Genomics

/// Writes a bedGraph file: a line for each run of equal values; BGZF where the path ends in `.gz` or
/// `.bgz`. Numbers are the shortest that read as the same Float.
public struct BedGraphWriter: TrackWriter, ~Copyable {
  private var output: OutputFile
  private var cursor: TrackCursor
  private var run: Run?
  private var line: [UInt8] = []

  private struct Run {
    let sequence: Int
    let start: Int
    var end: Int
    let value: Float
  }

  /// - Parameters:
  ///   - path: `-` is the standard output.
  ///   - sequences: All that may come, in the order in which they come.
  ///   - replacing: Whether a file that stands there may be replaced.
  ///   - threads: How many compress; the bytes are the same for any number.
  /// - Throws: `OutputError`: `.exists`, `.isFolder`, `.busy`, `.notCreated`.
  public init(
    path: String, sequences: [(name: String, length: Int)], replacing: Bool, threads: Int = 1
  ) throws {
    output = try OutputFile(path: path, replacing: replacing, threads: threads)
    cursor = TrackCursor(sequences: sequences)
  }

  public mutating func append(_ values: [Float], sequence: String, start: Int) throws {
    let number = cursor.advance(sequence: sequence, start: start, count: values.count)
    for (position, value) in zip(start..., values) where !value.isNaN {
      if let run, run.sequence == number, run.end == position, run.value == value {
        self.run?.end += 1
      } else {
        try endRun()
        run = Run(sequence: number, start: position, end: position + 1, value: value)
      }
    }
  }

  public consuming func finish() throws -> FinishedOutput {
    try endRun()
    return try output.finish()
  }

  private mutating func endRun() throws {
    guard let run else { return }
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: cursor.sequences[run.sequence].name.utf8)
    line.append(UInt8(ascii: "\t"))
    line.append(decimal: run.start)
    line.append(UInt8(ascii: "\t"))
    line.append(decimal: run.end)
    line.append(UInt8(ascii: "\t"))
    line.append(contentsOf: run.value.description.utf8)
    line.append(UInt8(ascii: "\n"))
    try output.write(line)
  }
}
