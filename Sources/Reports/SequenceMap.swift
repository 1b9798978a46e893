internal import Genomics
internal import Motifs

/// The frame of a map of a sequence, as SVG: the title above what is drawn.
///
/// - Parameters:
///   - left: Where the title begins, in pixels like the size.
///   - marks: What is drawn, as SVG.
func sequenceMapSVG(
  title: String, left: Double, width: Double, height: Double, marks: String
) -> String {
  let (width, height) = (width.coordinate, height.coordinate)
  return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
    height="\(height)" role="img" font-family="system-ui, sans-serif" font-size="11" \
    fill="currentColor">
    <title>\(title.escapedForHTML)</title>
    <text x="\(left.coordinate)" y="20" font-size="15" font-weight="600">\
    \(title.escapedForHTML)</text>
    \(marks)</svg>

    """
}

/// A line of text in a map.
///
/// - Parameter anchor: Which of its ends, or its middle, stands at `x`: `start`, `middle` or `end`.
func mapText(_ text: String, x: Double, y: Double, anchor: String) -> String {
  "<text x=\"\(x.coordinate)\" y=\"\(y.coordinate)\" text-anchor=\"\(anchor)\">"
    + "\(text.escapedForHTML)</text>\n"
}

/// Whether the position of a base is written below it: of the first in a row, and of round ones that leave it room.
///
/// - Parameters:
///   - offset: The bases before it in its row.
///   - cell: The width of a base, in pixels.
func isLabelled(position: Int, offset: Int, cell: Double) -> Bool {
  offset == 0
    || position.isMultiple(of: 10) && Double(offset) * cell > 7 * Double("\(position)".count)
}

/// The bases in each row of a map, so that rows are about equally long and none holds more than `most`.
func rowLength(of bases: Int, most: Int) -> Int {
  max(1, bases.dividedRoundingUp(by: max(1, bases.dividedRoundingUp(by: most))))
}
