/// The columns of a line of BED.
///
/// Where there are tabs they separate the columns, so that a name may hold spaces. A line is split at spaces
/// too if its first three columns need that, or if only then it has as many columns as the lines before.
/// Spaces at the ends of a column are left out.
struct BEDColumns {
  let fields: [ArraySlice<UInt8>]
  /// The number of columns up to the last that isn't empty.
  let filledCount: Int

  private init(_ fields: [ArraySlice<UInt8>]) {
    self.fields = fields
    filledCount = (fields.lastIndex { !$0.isEmpty } ?? -1) + 1
  }

  /// - Parameter layout: That of the lines before; `nil` for the first.
  /// - Returns: `nil` for a line of nothing but spaces and tabs.
  init?(_ line: [UInt8], like layout: BEDLayout?) {
    let atTabs = BEDColumns(
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map(Self.trimmed))
    guard atTabs.filledCount > 0 else { return nil }
    let areColumns = Self.areColumns(atTabs.fields)
    guard !areColumns || layout.map({ !$0.fits(atTabs) }) ?? false else {
      self = atTabs
      return
    }
    let atBlanks = BEDColumns(line.split(whereSeparator: isBlank))
    self = areColumns && layout.map { !$0.fits(atBlanks) } ?? false ? atTabs : atBlanks
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

  /// A field; `nil` if the line has no such column, or nothing or a `.` in it.
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
