internal import Genomics
public import Motifs

/// A motif with its logos on both strands, beside the motif of a database that it matches.
public struct MotifCard: Sendable {
  /// A motif of a database, and how the motif lies on it.
  public struct Match: Sendable {
    public var name: String
    public var matrix: ProbabilityMatrix
    public var alignment: MotifAlignment

    public init(name: String, matrix: ProbabilityMatrix, alignment: MotifAlignment) {
      (self.name, self.matrix, self.alignment) = (name, matrix, alignment)
    }
  }

  public var heading: String
  public var motif: Motif
  public var match: Match?
  /// What is known of the motif, a sentence each.
  public var notes: [String]
  /// How far its sites are from the middles of their sequences, in bases.
  public var offsets: [Int]
  /// The length of the sequences, which limits the offsets.
  public var length: Int

  public init(
    heading: String, motif: Motif, match: Match?, notes: [String], offsets: [Int], length: Int
  ) {
    (self.heading, self.motif, self.match) = (heading, motif, match)
    (self.notes, self.offsets, self.length) = (notes, offsets, length)
  }

  var html: String {
    let notes = notes.map { "<li>\($0.escapedForHTML)</li>\n" }.joined()
    return """
      <article>
      <h3>\(heading.escapedForHTML)</h3>
      \(logo(isReversed: false))<details><summary>Other strand</summary>
      \(logo(isReversed: true))</details>
      <ul>
      \(notes)</ul>
      \(positions.map(\.svg) ?? "")</article>

      """
  }

  private func logo(isReversed: Bool) -> String {
    alignedLogoSVG(
      motif.probabilities, name: motif.name,
      match: match.map { ($0.name, $0.matrix, $0.alignment) }, isReversed: isReversed,
      title: "Logo of \(motif.name)" + (match.map { " above \($0.name)" } ?? "")
        + (isReversed ? ", other strand" : ""))
  }

  /// What has numbers: the probability of each base by the motif's position, from 1, without the drawing; and the positions of
  /// sites.
  var figures: [ReportFigure] { [logoNumbers] + (positions.map { [$0] } ?? []) }

  private var logoNumbers: ReportFigure {
    ReportFigure(
      title: "Logo of \(motif.name)", svg: "",
      series: "ACGT".enumerated().map { base, letter in
        Curve(
          "\(letter)",
          points: motif.probabilities.columns.enumerated().map {
            (Double($0.offset + 1), $0.element[base])
          })
      })
  }

  /// Where the sites are, by their distance from the middle.
  private var positions: ReportFigure? {
    guard !offsets.isEmpty, length > 0 else { return nil }
    let counts = OffsetHistogram(offsets, length: length)
    let title = "Positions of \(motif.name)"
    return ReportFigure(
      title: title, svg: counts.svg(title: title),
      series: [Curve("sites", points: counts.points)])
  }
}

/// Sites by their distance from the middle of a sequence, in 31 bins or fewer.
struct OffsetHistogram {
  private let counts: [Int]
  private let width: Double
  private let reach: Double

  private static let mostBins = 31

  /// - Parameter length: Of the sequences.
  init(_ offsets: [Int], length: Int) {
    let bins = min(Self.mostBins, length | 1)
    reach = Double(length) / 2
    width = Double(length) / Double(bins)
    var counts = [Int](repeating: 0, count: bins)
    for offset in offsets {
      let bin = Int(((Double(offset) + Double(length) / 2) / width).rounded(.down))
      counts[max(0, min(bins - 1, bin))] += 1
    }
    self.counts = counts
  }

  /// The middles of the bins, and the sites in them.
  var points: [(x: Double, y: Double)] {
    counts.enumerated().map {
      ((Double($0.offset) + 0.5) * width - reach, Double($0.element))
    }
  }

  /// A small plot: bars over an axis from one end of the sequences to the other.
  func svg(title: String) -> String {
    let (left, top, plotWidth, plotHeight) = (8.0, 16.0, 264.0, 36.0)
    let bar = plotWidth / Double(counts.count)
    let most = Double(max(1, counts.max() ?? 1))
    let base = (top + plotHeight).coordinate
    let bars = counts.enumerated().map { index, count in
      let height = Double(count) / most * plotHeight
      let x = left + Double(index) * bar
      return "M\(x.coordinate) \(base)v\((-height).coordinate)h\((bar - 1).coordinate)V\(base)Z"
    }.joined()
    let end = Int(reach.rounded(.down))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 280 70" width="280" height="70" role="img" \
      font-family="system-ui, sans-serif" font-size="11" fill="currentColor">
      <title>\(title.escapedForHTML)</title>
      <text x="8" y="11">sites by distance from the middle</text>
      <path d="\(bars)" fill="#0072b2"/>
      <path d="M\(left.coordinate) \(base)H\((left + plotWidth).coordinate)" fill="none" \
      stroke="currentColor" stroke-opacity="0.4"/>
      <text x="8" y="66">-\(end)</text><text x="140" y="66" text-anchor="middle">0</text>\
      <text x="272" y="66" text-anchor="end">\(end)</text>
      </svg>

      """
  }
}
