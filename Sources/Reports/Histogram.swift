import Motifs

/// The scores of one class of examples.
public struct ScoreClass: Sendable {
  public var name: String
  public var scores: [Double]

  public init(_ name: String, scores: [Double]) {
    self.name = name
    self.scores = scores
  }
}

/// Draws how the scores of each class are distributed, each as a share of its class, since classes
/// differ in size; scores that aren't finite are left out.
///
/// - Parameter binCount: The number of bins across the x axis; at least 1.
package func histogramSVG(
  _ classes: [ScoreClass], xLabel: String = "Score", yLabel: String = "Share of class",
  binCount: Int = 40, title: String = "Scores by class"
) -> String {
  precondition(binCount >= 1, "\(binCount) bins")
  let xAxis = Axis(spanning: classes.lazy.flatMap(\.scores))
  let shares = classes.map { $0.shares(of: binCount, over: xAxis.range) }
  let frame = PlotFrame(
    title: title, xLabel: xLabel, yLabel: yLabel,
    xAxis: xAxis, yAxis: Axis(spanning: shares.joined() + [0]),
    legend: classes.enumerated().map { PlotMark($1.name, index: $0) })
  let binWidth = (xAxis.range.upperBound - xAxis.range.lowerBound) / Double(binCount)
  let areas = zip(frame.legend, shares).map { mark, shares in
    var path = "M\(frame.x(xAxis.range.lowerBound).coordinate) \(frame.y(0).coordinate)"
    for (bin, share) in shares.enumerated() {
      let end = xAxis.range.lowerBound + Double(bin + 1) * binWidth
      path += "V\(frame.y(share).coordinate)H\(frame.x(end).coordinate)"
    }
    path += "V\(frame.y(0).coordinate)Z"
    return "<path d=\"\(path)\" fill=\"\(mark.color)\" fill-opacity=\"0.3\" \(mark.stroke)/>"
  }
  return frame.svg(marks: areas.joined(separator: "\n"))
}

/// The share of each class in each bin, at the middle of the bin.
func histogramShares(_ classes: [ScoreClass], binCount: Int = 40) -> [Curve] {
  let range = Axis(spanning: classes.lazy.flatMap(\.scores)).range
  let width = (range.upperBound - range.lowerBound) / Double(binCount)
  return classes.map { own in
    Curve(
      own.name,
      points: own.shares(of: binCount, over: range).enumerated().map {
        (range.lowerBound + (Double($0.offset) + 0.5) * width, $0.element)
      })
  }
}

extension ScoreClass {
  /// The share of the finite scores that each bin of a range holds.
  fileprivate func shares(of binCount: Int, over range: ClosedRange<Double>) -> [Double] {
    var counts = [Int](repeating: 0, count: binCount)
    let finite = scores.filter(\.isFinite)
    let scale = Double(binCount) / (range.upperBound - range.lowerBound)
    for score in finite {
      counts[min(Int((score - range.lowerBound) * scale), binCount - 1)] += 1
    }
    return counts.map { Double($0) / Double(max(finite.count, 1)) }
  }
}
