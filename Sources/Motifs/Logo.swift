/// What the height of a letter in a logo stands for.
public enum LogoHeight: String, CaseIterable, Sendable {
  /// The position's information, shared among the letters by their probabilities (Schneider & Stephens 1990,
  /// NAR 18:6097).
  case information
  case probability
  /// What the letter adds to the position's information, `p log2 (p / b)`: negative, and below the axis, for those
  /// that are rarer than in the background.
  case contribution
}

/// Draws a sequence logo as SVG. Each position's letters are stacked, the highest outermost. Letters are outlines, so
/// that no font is needed.
///
/// - Parameters:
///   - height: What the heights of letters stand for.
///   - title: What screen readers and tool tips say; by default the width.
///   - background: What the information is relative to.
public func logoSVG(
  _ matrix: ProbabilityMatrix, height: LogoHeight = .information, title: String? = nil,
  background: Background = .uniform
) -> String {
  logoSVG(
    heights: matrix.letterHeights(height, background: background),
    unit: height == .probability ? "probability" : "bits",
    title: title ?? "Sequence logo of \(matrix.width) positions")
}

/// - Parameter heights: Of A, C, G and T at each position.
private func logoSVG(heights: [SIMD4<Double>], unit: String, title: String) -> String {
  let frame = LogoFrame(heights, unit: unit)
  var svg = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(frame.width) \(frame.height)" \
    width="\(frame.width)" height="\(frame.height)" role="img">
    <title>\(title.escapedForHTML)</title>
    \(frame.axes)

    """
  for (position, column) in heights.enumerated() {
    var (above, below) = (0.0, 0.0)
    for base in column.indices.sorted(by: { abs(column[$0]) < abs(column[$1]) }) {
      let start = column[base] < 0 ? below : above
      let end = start + column[base]
      svg += frame.letter(base, position: position, from: start, to: end)
      if column[base] < 0 { below = end } else { above = end }
    }
  }
  return svg + "</svg>\n"
}

/// Draws what A, C, G and T contribute at each position, as SVG; negative contributions hang below the axis.
///
/// - Precondition: There is a position.
public func contributionLogoSVG(_ contributions: [SIMD4<Float>], title: String) -> String {
  logoSVG(heights: contributions.map { SIMD4<Double>($0) }, unit: "contribution", title: title)
}

extension ProbabilityMatrix {
  /// The heights of A, C, G and T at each position.
  fileprivate func letterHeights(_ height: LogoHeight, background: Background) -> [SIMD4<Double>] {
    switch height {
    case .probability: columns
    case .information:
      zip(columns, informationInBits(background: background)).map { $0 * $1 }
    case .contribution: informationTerms(background: background)
    }
  }
}

/// Where things stand in a logo; the unit is a pixel, and y grows downward.
private struct LogoFrame {
  let columns: Int
  /// What is written beside the axis.
  let unit: String
  /// The value at the bottom of the axis, 0 or less, and the one at its top.
  let lowest, highest: Double
  /// The values that are written beside the axis.
  private let ticks: [Double]

  let left = 40.0
  let top = 10.0
  let bottom = 110.0
  let columnWidth = 20.0

  /// - Parameter heights: Of A, C, G and T at each position.
  init(_ heights: [SIMD4<Double>], unit: String) {
    columns = heights.count
    self.unit = unit
    let above = heights.map { $0.replacing(with: 0, where: $0 .< 0).sum() }
    let below = heights.map { $0.replacing(with: 0, where: $0 .> 0).sum() }
    let (most, least) = (above.max()!, below.min()!)
    if unit == "contribution" {
      highest = max(0.1, (10 * most).rounded(.up) / 10)
      lowest = (10 * least).rounded(.down) / 10
      ticks = lowest < 0 ? [lowest, 0, highest] : [0, highest]
    } else {
      highest = unit == "bits" ? max(2, (most - 1e-9).rounded(.up)) : 1
      lowest = (2 * least).rounded(.down) / 2
      ticks = (0...Int(highest)).map(Double.init)
    }
  }

  var width: Int { Int(left + columnWidth * Double(columns)) + 10 }
  var height: Int { Int(bottom) + 22 }

  func y(_ value: Double) -> Double {
    bottom - (value - lowest) / (highest - lowest) * (bottom - top)
  }

  /// The axes, in the colour of the text around the logo.
  var axes: String {
    let right = left + columnWidth * Double(columns)
    var lines =
      "M\(left.coordinate) \(top.coordinate)V\(bottom.coordinate)"
      + "M\(left.coordinate) \(y(0).coordinate)H\(right.coordinate)"
    var labels = ""
    for tick in ticks {
      let y = y(tick)
      lines += "M\(left.coordinate) \(y.coordinate)h-4"
      labels +=
        "<text x=\"\((left - 7).coordinate)\" y=\"\((y + 4).coordinate)\" text-anchor=\"end\">\(tick.coordinate)</text>"
    }
    for position in 1...columns where position == 1 || position % 5 == 0 {
      let x = left + (Double(position) - 0.5) * columnWidth
      labels +=
        "<text x=\"\(x.coordinate)\" y=\"\((bottom + 15).coordinate)\" text-anchor=\"middle\">\(position)</text>"
    }
    let middle = ((top + bottom) / 2).coordinate
    return """
      <path d="\(lines)" fill="none" stroke="currentColor"/>
      <g font-family="sans-serif" font-size="11" fill="currentColor">\(labels)\
      <text transform="translate(12 \(middle)) rotate(-90)" text-anchor="middle">\(unit)</text></g>
      """
  }

  /// One letter, stretched from one value to another, upside down below 0; empty if it is too low to see.
  func letter(_ base: Int, position: Int, from start: Double, to end: Double) -> String {
    let height = y(start) - y(end)
    guard abs(height) >= 0.25 else { return "" }
    return letterSVG(
      base, x: left + columnWidth * Double(position) + 0.5, y: y(end), width: columnWidth - 1,
      height: height)
  }
}

/// The letter of a base, 0…3, stretched to a rectangle, of which `x` and `y` are the left upper corner; of a negative
/// height the left lower one, and the letter is upside down.
package func letterSVG(_ base: Int, x: Double, y: Double, width: Double, height: Double) -> String {
  let place = "translate(\(x.coordinate) \(y.coordinate))"
  let stretch = "scale(\(width.coordinate) \(height.coordinate)) scale(0.01)"
  return """
    \(letterOutlines[base]) transform="\(place) \(stretch)"/>

    """
}

/// The beginnings of the paths that draw A, C, G and T in a square of side 100.
package let letterOutlines = glyphs.map { "<path fill=\"\($0.color)\" d=\"\($0.outline)\"" }

/// The letters A, C, G, T: their colour, and their outline in a square of side 100.
private let glyphs: [(color: String, outline: String)] = [
  ("#109648", "M0 100 38 0H62L100 100H78L70 77H30L22 100ZM36 60H64L50 19Z"),
  (
    "#255c99",
    "M100 36C96 14 77 0 52 0 20 0 0 20 0 50 0 80 20 100 52 100 77 100 96 86 100 64H78"
      + "C75 75 66 82 52 82 33 82 22 70 22 50 22 30 33 18 52 18 66 18 75 25 78 36Z"
  ),
  (
    "#f7a51b",
    "M100 36C96 14 77 0 52 0 20 0 0 20 0 50 0 80 20 100 52 100 72 100 90 90 100 78V46H54V63H79V70"
      + "C73 77 65 82 52 82 33 82 22 70 22 50 22 30 33 18 52 18 66 18 75 25 78 36Z"
  ),
  ("#d62839", "M0 0H100V18H61V100H39V18H0Z"),
]
