internal import Motifs

/// Groups of points, drawn as SVG.
public struct PointPlot: Sendable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// Points under the name of their group; those that aren't finite are left out.
  public var groups: [Curve]

  /// More points of a group, evenly spread over the list, make the page larger and not clearer.
  private static let mostPoints = 2000

  public init(title: String, xLabel: String, yLabel: String, groups: [Curve]) {
    (self.title, self.xLabel, self.yLabel, self.groups) = (title, xLabel, yLabel, groups)
  }

  public func svg() -> String {
    let shown = groups.map { group in
      let finite = group.points.filter { $0.x.isFinite && $0.y.isFinite }
      let count = min(finite.count, Self.mostPoints)
      return Curve(
        count < finite.count ? "\(group.name), \(count) of \(finite.count)" : group.name,
        points: (0..<count).map { finite[$0 * finite.count / count] })
    }
    let marks = shown.enumerated().map { PlotMark($1.name, index: $0, isPoint: true) }
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel,
      xAxis: Axis(spanning: shown.flatMap { $0.points.map(\.x) }),
      yAxis: Axis(spanning: shown.flatMap { $0.points.map(\.y) }), legend: marks)
    let discs = zip(marks, shown).map { mark, group in
      "<g fill=\"\(mark.color)\" fill-opacity=\"0.5\">\n"
        + group.points.map {
          "<circle cx=\"\(frame.x($0.x).coordinate)\" cy=\"\(frame.y($0.y).coordinate)\" r=\"2\"/>\n"
        }.joined() + "</g>"
    }
    return frame.svg(marks: discs.joined(separator: "\n"))
  }
}

extension ReportFigure {
  public init(_ plot: PointPlot) {
    self.init(title: plot.title, svg: plot.svg(), series: plot.groups)
  }

  /// Lines through points, on axes that span at least some ranges.
  public static func lines(
    title: String, xLabel: String, yLabel: String, curves: [Curve],
    yRange: ClosedRange<Double>? = nil
  ) -> ReportFigure {
    var plot = LinePlot(title: title, xLabel: xLabel, yLabel: yLabel, curves: curves)
    plot.yRange = yRange
    return ReportFigure(plot)
  }

  /// What every substitution in a sequence does.
  public static func mutations(
    codes: [UInt8], deltas: [Float], title: String, firstPosition: Int
  ) -> ReportFigure {
    var figure = ReportFigure(
      title: title,
      svg: mutationMapSVG(
        codes: codes, deltas: deltas, title: title, firstPosition: firstPosition),
      series: "ACGT".enumerated().map { base, letter in
        Curve(
          "\(letter)",
          points: codes.indices.map {
            (Double(firstPosition + $0), Double(deltas[4 * $0 + base]))
          })
      })
    figure.isWide = true
    return figure
  }
}
