/// A stretch of a named sequence: 0-based, half-open `[start, end)`.
public struct GenomicInterval: Hashable, Sendable {
  /// The name of the sequence (a chromosome, a contig).
  public let sequence: String
  public let start: Int
  public let end: Int

  /// - Precondition: `start <= end`. An interval may reach past the ends of its sequence, before 0
  ///   too; the caller that knows the length checks that.
  public init(_ sequence: String, start: Int, end: Int) {
    precondition(start <= end, "an interval from \(start) to \(end)")
    self.sequence = sequence
    self.start = start
    self.end = end
  }

  /// Reads `NAME:FIRST-LAST`, the 1-based, inclusive form that samtools and browsers use.
  ///
  /// - Returns: `nil` if the text is not of that form. `chr1:5-8` gives `[4, 8)`.
  public init?(region text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let bounds = text[text.index(after: colon)...].split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard colon > text.startIndex, bounds.count == 2, let first = Int(bounds[0]),
      let last = Int(bounds[1]), first >= 1, last >= first - 1
    else { return nil }
    self.init(String(text[..<colon]), start: first - 1, end: last)
  }

  public var length: Int { end - start }

  /// The same positions of a sequence of another name.
  public func renamed(_ name: String) -> GenomicInterval {
    GenomicInterval(name, start: start, end: end)
  }

  /// Whether the two share at least one base.
  public func overlaps(_ other: GenomicInterval) -> Bool {
    sequence == other.sequence && start < other.end && other.start < end
  }

  /// The interval of `length` bases around `center`: `[center - length / 2, … + length)`.
  ///
  /// The division rounds down, so the base `center` stands at offset `length / 2` of the interval.
  public static func centered(on center: Int, length: Int, in sequence: String)
    -> GenomicInterval
  {
    let start = center - length / 2
    return GenomicInterval(sequence, start: start, end: start + length)
  }
}
