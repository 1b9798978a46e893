internal import Genomics
internal import Motifs

/// A picture with the numbers that it shows.
public struct ReportFigure: Sendable {
  /// What the numbers are listed under.
  public var title: String
  /// A word about it, below.
  public var caption = ""
  /// Whether it takes the whole width of the page.
  public var isWide = false
  let svg: String
  private let series: [Curve]

  /// - Parameter series: The numbers.
  public init(title: String, svg: String, series: [Curve]) {
    (self.title, self.svg, self.series) = (title, svg, series)
  }

  var html: String {
    let caption =
      caption.isEmpty ? "" : "<figcaption>\(caption.escapedForHTML)</figcaption>\n"
    // On a phone a wide figure scrolls, which the keyboard must be able to do too.
    return "<figure\(isWide ? " class=\"wide\" tabindex=\"0\"" : "")>\n\(svg)\(caption)</figure>\n"
  }

  /// A line per point.
  var numbers: String {
    series.map { curve in
      curve.points.map {
        "\(title.escapedForTerminal)\t\(curve.name.escapedForTerminal)\t\($0.x)\t\($0.y)\n"
      }.joined()
    }.joined()
  }
}

extension ReportFigure {
  /// Lines through points.
  package init(_ plot: LinePlot) {
    self.init(title: plot.title, svg: plot.svg(), series: plot.curves)
  }

  public init(_ plot: ScatterPlot) {
    self.init(
      title: plot.title, svg: plot.svg(), series: [Curve("examples", points: plot.points)])
  }

  /// Receiver operating characteristics.
  public static func roc(_ curves: [Curve], title: String = "ROC curve") -> ReportFigure {
    ReportFigure(title: title, svg: rocCurveSVG(curves, title: title), series: curves)
  }

  /// Precision against recall.
  public static func precisionRecall(
    _ curves: [Curve], positiveFraction: Double?, title: String = "Precision and recall"
  ) -> ReportFigure {
    ReportFigure(
      title: title,
      svg: precisionRecallSVG(curves, positiveFraction: positiveFraction, title: title),
      series: curves)
  }

  /// How often what was predicted came true.
  public static func reliability(_ points: [ReliabilityPoint], title: String = "Reliability")
    -> ReportFigure
  {
    ReportFigure(
      title: title, svg: reliabilitySVG(points, title: title),
      series: [Curve("bins", points: points.map { ($0.predicted, $0.observed) })])
  }

  /// How scores of classes are distributed; the numbers are those of the bins.
  public static func histogram(
    _ classes: [ScoreClass], xLabel: String = "Score", yLabel: String = "Share of class",
    title: String = "Scores by class"
  ) -> ReportFigure {
    ReportFigure(
      title: title, svg: histogramSVG(classes, xLabel: xLabel, yLabel: yLabel, title: title),
      series: histogramShares(classes))
  }

  /// Losses by epoch.
  public static func loss(_ curves: [Curve], title: String = "Loss") -> ReportFigure {
    ReportFigure(title: title, svg: lossCurveSVG(curves), series: curves)
  }

  /// What each base of a sequence contributes; the series are named by the bases.
  public static func contributions(_ track: SequenceTrack, title: String) -> ReportFigure {
    ReportFigure(
      title: title, svg: contributionMapSVG(track, title: title),
      series: "ACGTN".enumerated().map { base, letter in
        Curve(
          "\(letter)",
          points: track.codes.indices.filter { Int(track.codes[$0]) == base }.map {
            (Double(track.firstPosition + $0), Double(track.contributions[$0]))
          })
      })
  }
}
