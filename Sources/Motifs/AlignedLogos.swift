internal import Genomics

/// Draws a motif as a logo, and below it the motif that it matches, column under column, as SVG.
///
/// - Parameters:
///   - name: What the motif is called; both names stand above their logos.
///   - match: The motif that it matches, and how it lies on that; `nil` if there is none.
///   - isReversed: Whether both are drawn as on the other strand.
///   - title: What screen readers say.
public func alignedLogoSVG(
  _ motif: ProbabilityMatrix, name: String,
  match: (name: String, matrix: ProbabilityMatrix, alignment: MotifAlignment)?,
  isReversed: Bool = false, title: String
) -> String {
  let offset = match?.alignment.offset ?? 0
  var rows = [LogoRow(name: name, matrix: motif, start: max(0, offset))]
  if let match {
    let turned =
      match.alignment.strand == .forward ? match.matrix : match.matrix.reverseComplement
    rows.append(LogoRow(name: match.name, matrix: turned, start: max(0, -offset)))
  }
  let columns = rows.map { $0.start + $0.matrix.width }.max()!
  if isReversed { rows = rows.map { $0.reversed(in: columns) } }
  let width = max(180, LogoRow.left + Double(columns) * LogoRow.columnWidth + 4)
  // Pages draw wide logos smaller; their names stay legible.
  let fontSize = max(11, width / 26)
  let rowHeight = LogoRow.letters + fontSize + 11
  let height = (Double(rows.count) * rowHeight).coordinate
  let size = "\(width.coordinate) \(height)"
  return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(width.coordinate)" \
    height="\(height)" role="img" font-family="system-ui, sans-serif" \
    font-size="\(fontSize.coordinate)" fill="currentColor">
    <title>\(title.escapedForHTML)</title>
    \(rows.enumerated().map { $1.svg(top: Double($0) * rowHeight, fontSize: fontSize) }.joined())</svg>

    """
}

/// A logo among others of one width.
private struct LogoRow {
  let name: String
  let matrix: ProbabilityMatrix
  /// The number of columns before the first one.
  let start: Int

  static let left = 4.0
  static let columnWidth = 16.0
  /// The height of two bits.
  static let letters = 52.0

  func reversed(in columns: Int) -> LogoRow {
    LogoRow(
      name: name, matrix: matrix.reverseComplement, start: columns - start - matrix.width)
  }

  /// - Parameter top: Where the row begins, with the name.
  func svg(top: Double, fontSize: Double) -> String {
    let base = top + fontSize + 6 + Self.letters
    let first = Self.left + Double(start) * Self.columnWidth
    let last = first + Double(matrix.width) * Self.columnWidth
    var svg = """
      <text x="\(Self.left.coordinate)" y="\((top + fontSize).coordinate)">\(name.escapedForHTML)</text>
      <path d="M\(first.coordinate) \(base.coordinate)H\(last.coordinate)" fill="none" \
      stroke="currentColor" stroke-opacity="0.4"/>

      """
    for (position, bits) in matrix.informationInBits().enumerated() {
      let column = matrix.columns[position]
      var y = base
      for letter in column.indices.sorted(by: { column[$0] < column[$1] }) {
        let height = column[letter] * bits / 2 * Self.letters
        guard height >= 0.5 else { continue }
        y -= height
        svg += letterSVG(
          letter, x: first + Double(position) * Self.columnWidth + 0.5, y: y,
          width: Self.columnWidth - 1, height: height)
      }
    }
    return svg
  }
}
