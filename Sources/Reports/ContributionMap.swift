internal import Genomics
internal import Motifs

/// What each base of a sequence contributes to an output.
public struct SequenceTrack: Sendable {
  /// 0…3 for A, C, G, T; 4 unknown, which has no letter.
  public var codes: [UInt8]
  /// One per base.
  public var contributions: [Float]
  /// What the first base's position is called.
  public var firstPosition = 1
  /// The bases that stand in a row.
  public var basesPerRow = 101
  /// Stretches to name below the letters, counted from the first base.
  public var marks: [(place: Range<Int>, name: String)] = []

  /// - Precondition: One contribution per base.
  public init(codes: [UInt8], contributions: [Float]) {
    precondition(
      contributions.count == codes.count,
      "\(contributions.count) contributions of \(codes.count) bases")
    (self.codes, self.contributions) = (codes, contributions)
  }
}

/// Draws what each base of a sequence contributes to an output, as SVG: a letter per base, as high as its contribution;
/// letters with a negative one hang upside down below the axis.
///
/// - Parameters:
///   - codes: 0…3 for A, C, G, T; 4 unknown, which has no letter.
///   - contributions: One per base.
///   - firstPosition: What the first base's position is called.
public func contributionMapSVG(
  codes: [UInt8], contributions: [Float], title: String, firstPosition: Int = 1
) -> String {
  var track = SequenceTrack(codes: codes, contributions: contributions)
  track.firstPosition = firstPosition
  return contributionMapSVG(track, title: title)
}

/// Draws what each base of a sequence contributes to an output, with names of stretches, as SVG.
func contributionMapSVG(_ track: SequenceTrack, title: String) -> String {
  let map = ContributionMap(
    codes: track.codes, contributions: track.contributions.map(Double.init),
    first: track.firstPosition,
    basesPerRow: rowLength(of: track.codes.count, most: track.basesPerRow), marks: track.marks)
  return sequenceMapSVG(
    title: title, left: map.left, width: map.width, height: map.height,
    marks: (0..<map.rowCount).map(map.row).joined())
}

/// Where things stand in a map; the unit is a pixel, and y grows downward. Long sequences are broken into rows.
private struct ContributionMap {
  let codes: [UInt8]
  let contributions: [Double]
  let first: Int
  let basesPerRow: Int
  let marks: [(place: Range<Int>, name: String)]

  let left = 48.0
  private let top = 34.0
  private let cell = 11.0
  private let letters = 80.0

  private var rowHeight: Double { letters + (marks.isEmpty ? 34 : 56) }
  var rowCount: Int { codes.count.dividedRoundingUp(by: basesPerRow) }
  var width: Double { left + Double(min(basesPerRow, max(24, codes.count))) * cell + 16 }
  var height: Double { top + Double(rowCount) * rowHeight }

  private var highest: Double { contributions.reduce(0, max) }
  private var lowest: Double { contributions.reduce(0, min) }

  /// Pixels per unit.
  private var scale: Double { highest > lowest ? letters / (highest - lowest) : 0 }

  /// One row of the map: the axis, letters, positions.
  func row(_ row: Int) -> String {
    let positions = row * basesPerRow..<min((row + 1) * basesPerRow, codes.count)
    let rowTop = top + Double(row) * rowHeight
    let axis = rowTop + highest * scale
    let right = (left + Double(positions.count) * cell).coordinate
    var svg = """
      <path d="M\(left.coordinate) \(axis.coordinate)H\(right)" fill="none" stroke="currentColor" \
      stroke-opacity="0.4"/>

      """
    svg += mapText(label(highest), x: left - 6, y: rowTop + 8, anchor: "end")
    if lowest < 0 { svg += mapText(label(lowest), x: left - 6, y: rowTop + letters, anchor: "end") }
    for position in positions {
      let x = left + Double(position - positions.lowerBound) * cell
      svg += letter(position, x: x, axis: axis)
      let offset = position - positions.lowerBound
      if isLabelled(position: first + position, offset: offset, cell: cell) {
        svg += mapText(
          "\(first + position)", x: x + cell / 2, y: rowTop + letters + 18, anchor: "middle")
      }
    }
    return svg + marks.map { mark($0, positions, y: rowTop + letters + 26) }.joined()
  }

  /// The part of a named stretch that stands in a row.
  private func mark(_ mark: (place: Range<Int>, name: String), _ row: Range<Int>, y: Double)
    -> String
  {
    let own = mark.place.clamped(to: row)
    guard !own.isEmpty else { return "" }
    let start = left + Double(own.lowerBound - row.lowerBound) * cell
    let end = start + Double(own.count) * cell
    return """
      <path d="M\((start + 1).coordinate) \(y.coordinate)H\((end - 1).coordinate)" fill="none" \
      stroke="currentColor" stroke-width="2" stroke-opacity="0.6"/>

      """ + mapText(mark.name, x: (start + end) / 2, y: y + 14, anchor: "middle")
  }

  private func letter(_ position: Int, x: Double, axis: Double) -> String {
    let height = contributions[position] * scale
    guard codes[position] != Alphabet.dna.unknown, abs(height) >= 0.25 else { return "" }
    return letterSVG(
      Int(codes[position]), x: x + 0.5, y: axis - height, width: cell - 1, height: height)
  }

  private func label(_ value: Double) -> String {
    (value * 100).rounded() == 0 ? "0" : value.coordinate
  }
}
