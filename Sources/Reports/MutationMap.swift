internal import Genomics
internal import Motifs

/// Draws what every substitution in a sequence does, as SVG (Alipanahi et al. 2015, Fig. 4): a letter a
/// base, as high as the output falls at most when it is replaced, over a heat map of the substitutions.
///
/// - Parameters:
///   - codes: 0…3 for A, C, G, T; 4 unknown, which has no letter.
///   - deltas: What a base in a place adds to the output, `[position][4]`.
///   - firstPosition: What the first base's position is called.
public func mutationMapSVG(
  codes: [UInt8], deltas: [Float], title: String, firstPosition: Int = 1
) -> String {
  precondition(
    deltas.count == Alphabet.dna.count * codes.count,
    "\(deltas.count) deltas of \(codes.count) bases")
  let map = MutationMap(codes: codes, deltas: deltas.map(Double.init), first: firstPosition)
  return sequenceMapSVG(
    title: title, left: map.left, width: map.width, height: map.height,
    marks: map.legend + "\n" + (0..<map.rowCount).map(map.row).joined())
}

/// Where things stand in a map; the unit is a pixel, and y grows downward. Long sequences are broken into rows.
private struct MutationMap {
  let codes: [UInt8]
  let deltas: [Double]
  let first: Int

  let left = 48.0
  private let top = 58.0
  private let cell = 11.0
  private let letters = 60.0
  private var basesPerRow: Int { rowLength(of: codes.count, most: 101) }
  private let alphabet = Alphabet.dna

  private var rowHeight: Double { letters + Double(alphabet.count) * cell + 40 }
  private var columns: Int { min(basesPerRow, max(24, codes.count)) }
  var rowCount: Int { codes.count.dividedRoundingUp(by: basesPerRow) }
  var width: Double { left + Double(columns) * cell + 16 }
  var height: Double { top + Double(rowCount) * rowHeight }

  /// The largest delta of either sign.
  private var largest: Double { deltas.reduce(0) { max($0, abs($1)) } }
  /// The furthest that the output falls.
  private var deepest: Double { deltas.reduce(0) { max($0, -$1) } }

  /// How far the output falls at most when a base is replaced.
  private func importance(_ position: Int) -> Double {
    deltas[alphabet.count * position..<alphabet.count * (position + 1)].reduce(0) { max($0, -$1) }
  }

  /// One row of the map: letters, heat map, positions.
  func row(_ row: Int) -> String {
    let positions = row * basesPerRow..<min((row + 1) * basesPerRow, codes.count)
    let base = top + Double(row) * rowHeight + letters
    let right = (left + Double(positions.count) * cell).coordinate
    var svg = """
      <path d="M\(left.coordinate) \(base.coordinate)H\(right)" fill="none" stroke="currentColor" \
      stroke-opacity="0.4"/>

      """
    for (index, letter) in alphabet.text.enumerated() {
      let y = base + 3 + (Double(index) + 0.8) * cell
      svg += mapText("\(letter)", x: left - 8, y: y, anchor: "end")
    }
    for position in positions {
      let x = left + Double(position - positions.lowerBound) * cell
      svg += column(position, x: x, base: base)
      let offset = position - positions.lowerBound
      if isLabelled(position: first + position, offset: offset, cell: cell) {
        svg += mapText(
          "\(first + position)", x: x + cell / 2, y: base + Double(alphabet.count) * cell + 18,
          anchor: "middle")
      }
    }
    return svg
  }

  /// The letter of a base, and its four cells.
  private func column(_ position: Int, x: Double, base: Double) -> String {
    var svg = ""
    let height = deepest > 0 ? importance(position) / deepest * (letters - 6) : 0
    if codes[position] != alphabet.unknown, height >= 0.25 {
      svg += letterSVG(
        Int(codes[position]), x: x + 0.5, y: base - 1 - height, width: cell - 1, height: height)
    }
    for substitute in 0..<alphabet.count {
      let y = base + 3 + Double(substitute) * cell
      svg += square(x: x, y: y, share: share(deltas[alphabet.count * position + substitute]))
      guard substitute == Int(codes[position]) else { continue }
      svg += """
        <circle cx="\((x + cell / 2).coordinate)" cy="\((y + cell / 2).coordinate)" r="1.5" \
        fill="#777777"/>

        """
    }
    return svg
  }

  private func share(_ delta: Double) -> Double { largest > 0 ? delta / largest : 0 }

  private func square(x: Double, y: Double, share: Double) -> String {
    """
    <rect x="\(x.coordinate)" y="\(y.coordinate)" width="\(cell.coordinate)" \
    height="\(cell.coordinate)" fill="\(color(share))"/>

    """
  }

  /// From blue (-1) over white (0) to orange (1), which people with any colour vision can tell apart.
  private func color(_ share: Double) -> String {
    let end = share < 0 ? [0x05, 0x4f, 0x9c] : [0xc4, 0x4e, 0x00]
    let channels = end.map { Int((255 + (Double($0) - 255) * min(1, abs(share))).rounded()) }
    return "rgb(\(channels.map(String.init).joined(separator: ",")))"
  }

  /// The colours and what they stand for.
  var legend: String {
    let steps = (-5...5).map { step in
      square(x: left + Double(step + 5) * cell, y: 30, share: Double(step) / 5)
    }
    let names =
      "\((-largest).coordinate) to +\(largest.coordinate): what a substitution adds to the output"
    return steps.joined() + mapText(names, x: left + 11 * cell + 8, y: 39.5, anchor: "start")
  }
}
