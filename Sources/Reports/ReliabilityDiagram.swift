import Motifs

/// A bin of probability: the mean prediction, the share of positives, and the number of examples.
public struct ReliabilityPoint: Sendable {
  public let predicted, observed: Double
  public let count: Int

  public init(predicted: Double, observed: Double, count: Int) {
    self.predicted = predicted
    self.observed = observed
    self.count = count
  }
}

/// Draws how often what was predicted came true: a disc a bin, whose area grows with the share of
/// the examples that it holds, beside the diagonal of perfect calibration.
package func reliabilitySVG(_ points: [ReliabilityPoint], title: String = "Reliability") -> String {
  let largestRadius = 14.0
  let unit = Axis(spanning: [0, 1])
  let diagonal = PlotMark(reference: "perfectly calibrated")
  let bins = PlotMark("bins, area by count", index: 0)
  let frame = PlotFrame(
    title: title, xLabel: "Mean prediction", yLabel: "Share of positives", xAxis: unit, yAxis: unit,
    legend: [bins, diagonal])
  let most = Double(points.reduce(1) { max($0, $1.count) })
  func place(_ x: Double, _ y: Double) -> String {
    "\(frame.x(x).coordinate) \(frame.y(y).coordinate)"
  }
  let line = points.enumerated().map { index, point in
    (index == 0 ? "M" : "L") + place(point.predicted, point.observed)
  }.joined()
  let discs = points.map { point in
    let radius = largestRadius * (Double(point.count) / most).squareRoot()
    return "<circle cx=\"\(frame.x(point.predicted).coordinate)\" "
      + "cy=\"\(frame.y(point.observed).coordinate)\" r=\"\(max(radius, 1.5).coordinate)\" "
      + "fill=\"\(bins.color)\" fill-opacity=\"0.4\" \(bins.stroke)/>"
  }
  let marks =
    [
      "<path d=\"M\(place(0, 0))L\(place(1, 1))\" fill=\"none\" \(diagonal.stroke)/>",
      "<path d=\"\(line)\" fill=\"none\" \(bins.stroke)/>",
    ] + discs
  return frame.svg(marks: marks.joined(separator: "\n"))
}
