import Genomics

extension GenomicInterval {
  /// The place that a record's name states, as `bedtools getfasta` (0-based) or `samtools faidx`
  /// (1-based) write it; which one it is the record's length tells.
  ///
  /// What stands before `::` is another name, as `bedtools getfasta -name` writes it. A strand may follow:
  /// `(+)`, `(-)` or `(.)` of `bedtools getfasta -s`, `/rc` or `(-)` of `samtools faidx -i`.
  init?(namedBy record: DNASequence) {
    self.init(statedIn: record.name, length: record.length)
  }

  /// The place that the name of a record of so many bases states.
  init?(statedIn name: String, length: Int) {
    let name = name.withoutStrand
    guard let colon = name.lastIndex(of: ":"),
      let bounds = StatedBounds(name[name.index(after: colon)...], length: length)
    else { return nil }
    let label = name[..<colon]
    let sequence = label[(label.ranges(of: "::").last?.upperBound ?? label.startIndex)...]
    guard let last = sequence.last, last != ":" else { return nil }
    self.init(String(sequence), start: bounds.start, end: bounds.start + length)
  }
}

/// `START-END` of bedtools, `FIRST-LAST` or `FIRST-` of samtools, numbers with or without commas.
private struct StatedBounds {
  let start: Int

  /// - Returns: `nil` if the text is of neither form or states another length.
  init?(_ text: Substring, length: Int) {
    let numbers = text.split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let first = Self.number(numbers[0]) else { return nil }
    guard !numbers[1].isEmpty else {
      guard first >= 1 else { return nil }
      start = first - 1
      return
    }
    guard let end = Self.number(numbers[1]), end >= length else { return nil }
    start = end - length
    guard first == start || first == start + 1 else { return nil }
  }

  /// A number of digits, with commas between some of them.
  private static func number(_ text: Substring) -> Int? {
    guard let first = text.first, first != ",", text.last != ",",
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 44 })
    else { return nil }
    return Int(text.filter { $0 != "," })
  }
}

extension String {
  /// The name without the strand that bedtools or samtools put behind it.
  fileprivate var withoutStrand: Substring {
    for strand in ["(+)", "(-)", "(.)", "()", "/rc"] where hasSuffix(strand) {
      return dropLast(strand.count)
    }
    return self[...]
  }
}
