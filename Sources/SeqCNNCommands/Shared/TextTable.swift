/// Lines of text in columns that stand one under the other, within 80 columns.
struct TextTable {
  static let width = 80

  /// The columns whose texts stand at their right end: numbers.
  private let rightAligned: Set<Int>
  /// The column that is wrapped.
  private let wrapped: Int
  private var rows: [[String]] = []

  init(wrapping wrapped: Int, rightAligned: Set<Int> = []) {
    (self.wrapped, self.rightAligned) = (wrapped, rightAligned)
  }

  /// - Parameter row: As many fields as the other rows have.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, each behind two spaces and with two between columns.
  var text: String {
    guard let first = rows.first else { return "" }
    var widths = first.indices.map { column in
      rows.reduce(0) { max($0, $1[column].count) }
    }
    let others = widths.indices.reduce(0) { $0 + (($1 == wrapped) ? 0 : widths[$1]) }
    let room = Self.width - 2 * widths.count - others
    widths[wrapped] = min(widths[wrapped], max(16, room))
    return rows.flatMap { lines(of: $0, widths: widths) }.map { $0 + "\n" }.joined()
  }

  private func lines(of row: [String], widths: [Int]) -> [String] {
    let parts = row[wrapped].wrapped(at: widths[wrapped])
    return parts.indices.map { line in
      let fields = row.indices.map { column in
        let text = column == wrapped ? parts[line] : line == 0 ? row[column] : ""
        let padding = String(repeating: " ", count: max(0, widths[column] - text.count))
        return rightAligned.contains(column) ? padding + text : text + padding
      }
      let text = "  " + fields.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }
}

extension String {
  /// The text in lines of a width, broken at spaces; longer words stay whole.
  func wrapped(at width: Int) -> [String] {
    var lines = [""]
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
