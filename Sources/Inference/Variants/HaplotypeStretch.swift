internal import Genomics

/// A haplotype around a place of the reference.
struct HaplotypeStretch {
  private(set) var codes: [UInt8] = []
  /// Where the placing change is in `codes`. If other changes replace or delete its place, in what is there instead, or
  /// behind it.
  private(set) var place = 0
  /// What was put in, in `codes`; empty for deletions.
  private var alternates: [Range<Int>] = []

  /// - Parameters:
  ///   - placing: The change whose place is told. What another change puts in before its first base lies before it.
  ///   - flank: The bases that are wanted on both sides at least.
  ///   - changes: What the haplotype has instead of the reference, in order and apart from each other. Changes of
  ///     bases that the reference hasn't are left out.
  init(
    around placing: AlleleChange, flank: Int, of source: SequenceSource,
    with changes: [AlleleChange]
  ) throws {
    let place = placing.start
    let range = Self.range(around: place, flank: flank, of: changes)
    var (cursor, isPlaced) = (range.lowerBound, false)
    for change in changes where change.start >= range.lowerBound && change.end <= range.upperBound {
      guard try change.agrees(with: source) else { continue }
      if !isPlaced, place < change.end || place == change.start && placing.reference.isEmpty {
        isPlaced = true
        self.place =
          codes.count + min(place, change.start) - cursor
          + min(max(0, place - change.start), change.alternate.count)
      }
      codes += try source.codes(cursor, change.start)
      if change.alternate != change.reference {
        alternates.append(codes.count..<codes.count + change.alternate.count)
      }
      codes += change.alternate
      cursor = change.end
    }
    if !isPlaced { self.place = codes.count + place - cursor }
    codes += try source.codes(cursor, range.upperBound)
  }

  /// What of the reference gives so many bases on both sides when the changes have been made.
  private static func range(around place: Int, flank: Int, of changes: [AlleleChange]) -> Range<Int>
  {
    var (start, end) = (place - flank, place + flank)
    for change in changes.reversed() where change.start < place && change.end > start {
      start = min(change.start, start - max(0, change.reference.count - change.alternate.count))
    }
    for change in changes where change.end > place && change.start < end {
      end = max(change.end, end + max(0, change.reference.count - change.alternate.count))
    }
    return start..<end
  }

  /// How many changes a part of it holds; of a deletion the bases on both sides.
  func changeCount(in range: Range<Int>) -> Int {
    alternates.count {
      $0.isEmpty
        ? range.lowerBound < $0.lowerBound && $0.lowerBound < range.upperBound : range.overlaps($0)
    }
  }
}

extension AlleleChange {
  /// Whether the reference can have what is replaced: unknown bases agree with anything.
  func agrees(with source: SequenceSource) throws -> Bool {
    guard start >= 0, end <= source.length else { return false }
    return EncodedSequence(codes: reference).agrees(with: try source.codes(start, end))
  }
}
