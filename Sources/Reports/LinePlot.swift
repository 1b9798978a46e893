import Motifs

/// A named line through points.
public struct Curve: Sendable {
  public var name: String
  /// From first to last; a point that isn't finite leaves a gap.
  public var points: [(x: Double, y: Double)]

  public init(_ name: String, points: [(x: Double, y: Double)]) {
    self.name = name
    self.points = points
  }
}

/// A plot of lines, drawn as SVG.
package struct LinePlot: Sendable {
  package var title: String
  package var xLabel: String
  package var yLabel: String
  package var curves: [Curve]
  /// A line to compare with, drawn dashed and in grey.
  package var reference: Curve?
  /// The ranges that the axes must span at least.
  package var xRange: ClosedRange<Double>?
  package var yRange: ClosedRange<Double>?

  package init(
    title: String, xLabel: String, yLabel: String, curves: [Curve], reference: Curve? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.curves = curves
    self.reference = reference
  }

  package func svg() -> String {
    let series =
      curves.enumerated().map { (mark: PlotMark($1.name, index: $0), curve: $1) }
      + (reference.map { [(mark: PlotMark(reference: $0.name), curve: $0)] } ?? [])
    let points = series.flatMap { $0.curve.points.filter(Self.isFinite) }
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel,
      xAxis: Axis(spanning: points.map(\.x) + Self.ends(of: xRange)),
      yAxis: Axis(spanning: points.map(\.y) + Self.ends(of: yRange)),
      legend: series.map(\.mark))
    let lines = series.reversed().map { series in
      "<path d=\"\(Self.path(series.curve.points, in: frame))\" fill=\"none\" \(series.mark.stroke)/>"
    }
    return frame.svg(marks: lines.joined(separator: "\n"))
  }

  /// The line, without points closer than a quarter of a pixel to the one before.
  private static func path(_ points: [(x: Double, y: Double)], in frame: PlotFrame) -> String {
    var path = ""
    var last: SIMD2<Double>?
    for (index, point) in points.enumerated() {
      guard isFinite(point) else {
        last = nil
        continue
      }
      let place = SIMD2(frame.x(point.x), frame.y(point.y))
      if let last {
        let isLast = index == points.count - 1 || !isFinite(points[index + 1])
        let way = place - last
        guard isLast || (way * way).sum() >= 0.0625 else { continue }
      }
      path += "\(last == nil ? "M" : "L")\(place.x.coordinate) \(place.y.coordinate)"
      last = place
    }
    return path
  }

  private static func isFinite(_ point: (x: Double, y: Double)) -> Bool {
    point.x.isFinite && point.y.isFinite
  }

  private static func ends(of range: ClosedRange<Double>?) -> [Double] {
    range.map { [$0.lowerBound, $0.upperBound] } ?? []
  }
}

/// Draws receiver operating characteristics: true against false positive rates, from `(0, 0)` to
/// `(1, 1)`.
package func rocCurveSVG(_ curves: [Curve], title: String = "ROC curve") -> String {
  var plot = LinePlot(
    title: title, xLabel: "False positive rate", yLabel: "True positive rate", curves: curves,
    reference: Curve("chance", points: [(0, 0), (1, 1)]))
  plot.xRange = 0...1
  plot.yRange = 0...1
  return plot.svg()
}

/// Draws precision against recall.
///
/// - Parameter positiveFraction: The share of positives, which is the precision of chance.
package func precisionRecallSVG(
  _ curves: [Curve], positiveFraction: Double?, title: String = "Precision and recall"
) -> String {
  var plot = LinePlot(
    title: title, xLabel: "Recall", yLabel: "Precision", curves: curves,
    reference: positiveFraction.map { Curve("chance", points: [(0, $0), (1, $0)]) })
  plot.xRange = 0...1
  plot.yRange = 0...1
  return plot.svg()
}

/// Draws losses by epoch, from a `y` axis that starts at 0.
package func lossCurveSVG(_ curves: [Curve], title: String = "Loss") -> String {
  var plot = LinePlot(title: title, xLabel: "Epoch", yLabel: "Loss", curves: curves)
  plot.yRange = 0...0
  return plot.svg()
}
