import Motifs

/// The title, axes, grid and legend around the marks of a plot; the unit is a pixel, and y grows
/// downward.
///
/// Text and axes take the colour of the text around the plot, so that it suits light and dark pages.
struct PlotFrame {
  let title: String
  let xLabel: String
  let yLabel: String
  let xAxis: Axis
  let yAxis: Axis
  /// What the legend names, in the order of the colours.
  let legend: [PlotMark]

  private let width = 480.0
  /// Room for the labels of the y axis, about 7 pixels a character, and its name.
  private var left: Double { max(58, 24 + 7 * Double(yAxis.longestLabel)) }
  /// Room for half of the last label of the x axis.
  private var right: Double { width - max(16, 4 * Double(xAxis.longestLabel)) }
  private let top = 38.0
  private let bottom = 290.0
  private let legendTop = 342.0
  private let legendRow = 20.0

  func x(_ value: Double) -> Double {
    left + (value - xAxis.range.lowerBound) / xAxis.length * (right - left)
  }

  func y(_ value: Double) -> Double {
    bottom - (value - yAxis.range.lowerBound) / yAxis.length * (bottom - top)
  }

  /// The whole plot, with its marks drawn over the grid.
  func svg(marks: String) -> String {
    let rows = (legend.count + 1) / 2
    let height = legend.isEmpty ? legendTop - 8 : legendTop + Double(rows) * legendRow
    let size = "\(width.coordinate) \(height.coordinate)"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(width.coordinate)" \
      height="\(height.coordinate)" role="img" font-family="system-ui, sans-serif" font-size="12" \
      fill="currentColor">
      <title>\(title.escapedForHTML)</title>
      <text x="\(left.coordinate)" y="22" font-size="15" font-weight="600">\
      \(title.shortened(to: 46).escapedForHTML)</text>
      \(grid)
      \(marks)
      \(labels)
      \(legendEntries)
      </svg>

      """
  }

  private var grid: String {
    let lines =
      xAxis.ticks.map { "M\(x($0.value).coordinate) \(top.coordinate)V\(bottom.coordinate)" }
      + yAxis.ticks.map { "M\(left.coordinate) \(y($0.value).coordinate)H\(right.coordinate)" }
    let axes = "M\(left.coordinate) \(top.coordinate)V\(bottom.coordinate)H\(right.coordinate)"
    return """
      <path d="\(lines.joined())" fill="none" stroke="currentColor" stroke-opacity="0.13"/>
      <path d="\(axes)" fill="none" stroke="currentColor" stroke-opacity="0.6"/>
      """
  }

  private var labels: String {
    let xTicks = xAxis.ticks.map { tick in
      text(tick.label, x: x(tick.value), y: bottom + 17, anchor: "middle")
    }
    let yTicks = yAxis.ticks.map { tick in
      text(tick.label, x: left - 7, y: y(tick.value) + 4, anchor: "end")
    }
    let middle = ((top + bottom) / 2).coordinate
    let names = [
      text(xLabel, x: (left + right) / 2, y: bottom + 37, anchor: "middle"),
      "<text transform=\"translate(14 \(middle)) rotate(-90)\" text-anchor=\"middle\">"
        + "\(yLabel.escapedForHTML)</text>",
    ]
    return (xTicks + yTicks + names).joined(separator: "\n")
  }

  private var legendEntries: String {
    legend.enumerated().map { index, mark in
      let x = left + Double(index % 2) * (right - left) / 2
      let y = legendTop + Double(index / 2) * legendRow
      let sample =
        mark.isPoint
        ? "<circle cx=\"\((x + 11).coordinate)\" cy=\"\(y.coordinate)\" r=\"4\" fill=\"\(mark.color)\" fill-opacity=\"0.7\"/>"
        : "<path d=\"M\(x.coordinate) \(y.coordinate)h22\" fill=\"none\" \(mark.stroke)/>"
      return """
        \(sample)
        \(text(mark.name.shortened(to: 22), x: x + 29, y: y + 4, anchor: "start"))
        """
    }.joined(separator: "\n")
  }

  private func text(_ text: String, x: Double, y: Double, anchor: String) -> String {
    "<text x=\"\(x.coordinate)\" y=\"\(y.coordinate)\" text-anchor=\"\(anchor)\">"
      + "\(text.escapedForHTML)</text>"
  }
}

/// How one series of a plot looks and what it is called.
struct PlotMark {
  let name: String
  let color: String
  var opacity = 1.0
  let dashes: String
  /// Whether the series is points rather than a line.
  var isPoint = false

  /// The colours of Okabe & Ito (2008), which people with any colour vision can tell apart, without
  /// black and yellow; from the eighth series on, dashes tell those of one colour apart.
  private static let palette = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a",
  ]
  private static let dashes = ["", "7 4", "2 3", "9 3 2 3"]

  /// The look of a plot's series number `index`, from 0.
  init(_ name: String, index: Int, isPoint: Bool = false) {
    (self.name, self.isPoint) = (name, isPoint)
    color = Self.palette[index % Self.palette.count]
    dashes = Self.dashes[index / Self.palette.count % Self.dashes.count]
  }

  /// The look of a line to compare with, such as chance.
  init(reference name: String) {
    self.name = name
    color = "currentColor"
    opacity = 0.55
    dashes = "3 4"
  }

  var stroke: String {
    "stroke=\"\(color)\" stroke-width=\"2\" stroke-linejoin=\"round\""
      + (opacity == 1 ? "" : " stroke-opacity=\"\(opacity)\"")
      + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
  }
}

extension Axis {
  fileprivate var length: Double { range.upperBound - range.lowerBound }

  /// The number of characters of the longest label.
  fileprivate var longestLabel: Int { ticks.reduce(0) { max($0, $1.label.count) } }
}

extension String {
  /// The text, cut to `count` characters if it is longer.
  func shortened(to count: Int) -> String {
    self.count > count ? prefix(count - 1) + "…" : self
  }
}
