/// An output of one number a position along sequences.
public protocol TrackWriter: ~Copyable {
  /// Writes the values of the positions from `start` on; not-a-number means no value.
  ///
  /// - Precondition: Sequences come in the order in which they were named, positions from low to
  ///   high and at most once, and none past the sequence's end.
  /// - Throws: `OutputError` with `.notWritten`.
  mutating func append(_ values: [Float], sequence: String, start: Int) throws

  /// Ends the writing: the output can be put in its place.
  ///
  /// - Throws: `OutputError`, as `OutputFile.finish()` does.
  consuming func finish() throws -> FinishedOutput
}

extension TrackWriter where Self: ~Copyable {
  /// Puts the output in its place.
  ///
  /// - Throws: `OutputError`, as `OutputFile.commit()` does.
  public consuming func commit() throws { try finish().commit() }
}

/// The order of what a track holds, and where it stands.
struct TrackCursor {
  /// The names and lengths of the sequences, in their order.
  let sequences: [(name: String, length: Int)]
  private let numbers: [String: Int]
  private var sequence = 0
  private var position = 0

  init(sequences: [(name: String, length: Int)]) {
    self.sequences = sequences
    numbers = Dictionary(
      sequences.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    precondition(numbers.count == sequences.count, "two sequences of one name")
  }

  /// Moves on behind `count` positions.
  ///
  /// - Returns: The sequence's number.
  mutating func advance(sequence name: String, start: Int, count: Int) -> Int {
    guard let number = numbers[name] else { preconditionFailure("no sequence \(name)") }
    precondition(
      number > sequence || number == sequence && start >= position,
      "\(name):\(start) after \(sequences[sequence].name):\(position)")
    precondition(
      start >= 0 && start + count <= sequences[number].length, "values past the end of \(name)")
    (sequence, position) = (number, start + count)
    return number
  }
}
