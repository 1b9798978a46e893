/// The columns of a line of BED.
///
/// Where there are tabs they separate the columns, so that a name may hold spaces; a line whose first three
/// columns hold spaces between them is split at those too. Spaces at the ends of a column are left out.
struct BEDColumns {
  let fields: [ArraySlice<UInt8>]
  /// The number of columns up to the last that isn't empty.
  let filledCount: Int

  /// - Returns: `nil` for a line of nothing but spaces and tabs.
  init?(_ line: [UInt8]) {
    let atTabs = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map(Self.trimmed)
    guard let last = atTabs.lastIndex(where: { !$0.isEmpty }) else { return nil }
    if Self.areColumns(atTabs) {
      fields = atTabs
      filledCount = last + 1
    } else {
      fields = line.split(whereSeparator: isBlank)
      filledCount = fields.count
    }
  }

  /// Whether tabs alone separate the first three columns.
  private static func areColumns(_ fields: [ArraySlice<UInt8>]) -> Bool {
    guard fields.count >= 3 else { return false }
    return fields[1...2].allSatisfy(isDigits) || !fields[0...2].joined().contains(where: isBlank)
  }

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var field = field.drop(while: isBlank)
    while field.last.map(isBlank) ?? false { field.removeLast() }
    return field
  }

  /// A field; `nil` where the line has no such column, or nothing or a `.` in it.
  func present(_ column: Int) -> ArraySlice<UInt8>? {
    guard column < filledCount, !fields[column].isEmpty, !fields[column].elementsEqual(".".utf8)
    else { return nil }
    return fields[column]
  }
}

/// Whether a text is made of digits, at least one.
func isDigits(_ field: ArraySlice<UInt8>) -> Bool {
  !field.isEmpty && field.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}
