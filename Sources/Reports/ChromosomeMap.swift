internal import Genomics
internal import Motifs

/// How many sites lie in each stretch of a genome's sequences.
public struct ChromosomeMap: Sendable {
  private let sequences: [(name: String, length: Int)]
  private let numbers: [String: Int]
  private let binWidth: Int
  private var counts: [[Int]]

  /// The stretches of the longest sequence, and the sequences that are drawn.
  private static let (bins, mostDrawn) = (150, 40)

  /// - Parameter sequences: All that sites lie on, in the order of the genome.
  public init(_ sequences: [(name: String, length: Int)]) {
    self.sequences = sequences
    numbers = Dictionary(
      sequences.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let longest = sequences.map(\.length).max() ?? 1
    let binWidth = max(1, longest.dividedRoundingUp(by: Self.bins))
    self.binWidth = binWidth
    counts = sequences.map {
      [Int](repeating: 0, count: max(1, $0.length.dividedRoundingUp(by: binWidth)))
    }
  }

  /// Counts a site; one on a sequence that isn't known doesn't count.
  public mutating func add(sequence: String, position: Int) {
    guard let number = numbers[sequence] else { return }
    let bin = max(0, min(counts[number].count - 1, position / binWidth))
    counts[number][bin] += 1
  }

  /// The map, a band per sequence: those that are drawn are the longest.
  public func figure(title: String) -> ReportFigure {
    let drawn = drawnSequences
    var figure = ReportFigure(
      title: title, svg: svg(drawn, title: title),
      series: drawn.map { number in
        Curve(
          sequences[number].name,
          points: counts[number].enumerated().map {
            (Double($0.offset * binWidth), Double($0.element))
          })
      })
    figure.isWide = true
    let rest = sequences.count - drawn.count
    figure.caption =
      "The darker, the more sites per stretch of \(binWidth) bases; most sites in one: \(most)."
      + (rest > 0 ? " \(rest) shorter sequences aren't drawn." : "")
    return figure
  }

  private var most: Int { counts.joined().max() ?? 0 }

  private var drawnSequences: [Int] {
    sequences.indices.sorted { (sequences[$1].length, $0) < (sequences[$0].length, $1) }
      .prefix(Self.mostDrawn).sorted()
  }

  private func svg(_ drawn: [Int], title: String) -> String {
    let (left, cell, row, top) = (86.0, 6.0, 16.0, 34.0)
    let width = left + cell * Double(Self.bins) + 70
    let most = Double(max(1, most))
    let rows = drawn.enumerated().map { rank, number in
      let y = top + Double(rank) * row
      let own = counts[number]
      let end = left + Double(own.count) * cell
      let cells = own.enumerated().filter { $0.element > 0 }.map { bin, count in
        let shade = (0.15 + 0.85 * (Double(count) / most).squareRoot()).coordinate
        return "<path d=\"M\((left + Double(bin) * cell).coordinate) \(y.coordinate)h6v11h-6Z\" "
          + "fill-opacity=\"\(shade)\"/>\n"
      }.joined()
      return """
        <path d="M\(left.coordinate) \(y.coordinate)H\(end.coordinate)v11H\(left.coordinate)Z" \
        fill="none" stroke="currentColor" stroke-opacity="0.3"/>
        <g fill="#0072b2">
        \(cells)</g>
        \(mapText(sequences[number].name.shortened(to: 12), x: left - 6, y: y + 10, anchor: "end"))\
        \(mapText("\(own.reduce(0, +))", x: end + 6, y: y + 10, anchor: "start"))
        """
    }
    return sequenceMapSVG(
      title: title, left: left, width: width, height: top + Double(drawn.count) * row + 8,
      marks: rows.joined())
  }
}
