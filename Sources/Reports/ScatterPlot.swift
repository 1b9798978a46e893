import Motifs

/// Predicted against measured numbers, drawn as SVG beside the line on which they are equal.
public struct ScatterPlot: Sendable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// A point that isn't finite is left out.
  public var points: [(x: Double, y: Double)]

  /// More points, evenly spread over the list, make the page larger and not clearer.
  private static let mostPoints = 3000

  public init(title: String, xLabel: String, yLabel: String, points: [(x: Double, y: Double)]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.points = points
  }

  public func svg() -> String {
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    let count = min(finite.count, Self.mostPoints)
    let shown = (0..<count).map { finite[$0 * finite.count / count] }
    let (xAxis, yAxis) = (Axis(spanning: shown.map(\.x)), Axis(spanning: shown.map(\.y)))
    let mark = PlotMark(
      count < finite.count ? "\(count) of \(finite.count)" : "\(count) examples", index: 0,
      isPoint: true)
    let equal = PlotMark(reference: "equal")
    let frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: yLabel, xAxis: xAxis, yAxis: yAxis,
      legend: [mark, equal])
    let discs = shown.map {
      "<circle cx=\"\(frame.x($0.x).coordinate)\" cy=\"\(frame.y($0.y).coordinate)\" r=\"2\"/>"
    }
    let low = max(xAxis.range.lowerBound, yAxis.range.lowerBound)
    let high = min(xAxis.range.upperBound, yAxis.range.upperBound)
    let line =
      low < high
      ? "<path d=\"M\(frame.x(low).coordinate) \(frame.y(low).coordinate)"
        + "L\(frame.x(high).coordinate) \(frame.y(high).coordinate)\" fill=\"none\" \(equal.stroke)/>"
      : ""
    return frame.svg(
      marks: "<g fill=\"\(mark.color)\" fill-opacity=\"0.35\">\n"
        + discs.joined(separator: "\n") + "\n</g>\n\(line)")
  }
}
