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
  /// The contributions between which letters are drawn, so that maps can be compared; `nil` for those of the track.
  public var range: ClosedRange<Float>?

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
  let map = ContributionMap(track)
  return sequenceMapSVG(
    title: title, left: map.left, width: map.width, height: map.height,
    marks: (0..<map.rowCount).map(map.row).joined())
}

/// Where things stand in a map; the unit is a pixel, and y grows downward. Long sequences are broken into rows.
private struct ContributionMap {
  private let codes: [UInt8]
  private let contributions: [Double]
  private let first: Int
  private let basesPerRow: Int
  private let marks: [(place: Range<Int>, name: String)]
  private let highest, lowest: Double
  /// With the lanes of the row that needs most.
  private var rowHeight = 0.0

  let left = 48.0
  private let top = 34.0
  private let cell = 11.0
  private let letters = 80.0
  private let lane = 22.0
  /// That of a letter of a name, about.
  private let letterWidth = 6.5

  init(_ track: SequenceTrack) {
    codes = track.codes
    contributions = track.contributions.map(Double.init)
    first = track.firstPosition
    basesPerRow = rowLength(of: track.codes.count, most: track.basesPerRow)
    marks = track.marks.sorted {
      ($0.place.lowerBound, $0.place.upperBound) < ($1.place.lowerBound, $1.place.upperBound)
    }
    highest = track.range.map { Double($0.upperBound) } ?? contributions.reduce(0, max)
    lowest = track.range.map { Double($0.lowerBound) } ?? contributions.reduce(0, min)
    let lanes = (0..<rowCount).flatMap { bars(in: positions(of: $0)).map { $0.lane + 1 } }
    rowHeight = letters + 34 + lane * Double(lanes.max() ?? 0)
  }

  var rowCount: Int { codes.count.dividedRoundingUp(by: basesPerRow) }
  var width: Double { left + Double(min(basesPerRow, max(24, codes.count))) * cell + 16 }
  var height: Double { top + Double(rowCount) * rowHeight }

  private func positions(of row: Int) -> Range<Int> {
    row * basesPerRow..<min((row + 1) * basesPerRow, codes.count)
  }

  /// Pixels per unit.
  private var scale: Double { highest > lowest ? letters / (highest - lowest) : 0 }

  /// One row of the map: the axis, letters, positions.
  func row(_ row: Int) -> String {
    let positions = positions(of: row)
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
    return svg
      + bars(in: positions).map { bar in
        let y = rowTop + letters + 26 + Double(bar.lane) * lane
        return """
          <path d="M\((bar.start + 1).coordinate) \(y.coordinate)H\((bar.end - 1).coordinate)" fill="none" \
          stroke="currentColor" stroke-width="2" stroke-opacity="0.6"/>

          """ + mapText(bar.name, x: bar.middle, y: y + 14, anchor: "middle")
      }.joined()
  }

  /// The part of a named stretch that stands in a row.
  private struct Bar {
    let name: String
    let start, end: Double
    /// That of the name, which stays within the map.
    let middle: Double
    let lane: Int
  }

  /// The named stretches of a row, in as many lanes as keep names apart.
  private func bars(in row: Range<Int>) -> [Bar] {
    var ends: [Double] = []
    return marks.compactMap { mark in
      let own = mark.place.clamped(to: row)
      guard !own.isEmpty else { return nil }
      let start = left + Double(own.lowerBound - row.lowerBound) * cell
      let end = start + Double(own.count) * cell
      let half = letterWidth * Double(mark.name.count) / 2
      let middle = max(half, min((start + end) / 2, width - half))
      let first = min(start, middle - half)
      let lane = ends.firstIndex { $0 <= first } ?? ends.count
      if lane == ends.count { ends.append(0) }
      ends[lane] = max(end, middle + half) + letterWidth
      return Bar(name: mark.name, start: start, end: end, middle: middle, lane: lane)
    }
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
