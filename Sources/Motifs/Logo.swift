/// Draws a sequence logo as SVG (Schneider & Stephens 1990, NAR 18:6097).
///
/// Each position's stack is as high as its information, and shared among the letters by their
/// probabilities, the most probable on top. Letters are outlines, so that no font is needed.
///
/// - Parameters:
///   - title: What screen readers and tool tips say; by default the width.
///   - background: What the information is relative to.
public func logoSVG(
  _ matrix: ProbabilityMatrix, title: String? = nil, background: Background = .uniform
) -> String {
  let information = matrix.informationInBits(background: background)
  let bits = max(2, information.max()!.rounded(.up))
  let frame = LogoFrame(columns: matrix.width, bits: bits)
  let title = title ?? "Sequence logo of \(matrix.width) positions"
  var svg = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(frame.width) \(frame.height)" \
    width="\(frame.width)" height="\(frame.height)" role="img">
    <title>\(title.escapedForHTML)</title>
    \(frame.axes)

    """
  for (position, column) in matrix.columns.enumerated() {
    var height = 0.0
    for base in column.indices.sorted(by: { column[$0] < column[$1] }) {
      let letterHeight = column[base] * information[position]
      svg += frame.letter(base, position: position, from: height, to: height + letterHeight)
      height += letterHeight
    }
  }
  return svg + "</svg>\n"
}

/// Where things stand in a logo; the unit is a pixel, and y grows downward.
private struct LogoFrame {
  let columns: Int
  /// The bits at the top of the axis.
  let bits: Double

  let left = 40.0
  let top = 10.0
  let bottom = 110.0
  let columnWidth = 20.0

  var width: Int { Int(left + columnWidth * Double(columns)) + 10 }
  var height: Int { Int(bottom) + 22 }

  func y(bits value: Double) -> Double { bottom - value / bits * (bottom - top) }

  /// The axes, in the colour of the text around the logo.
  var axes: String {
    let right = left + columnWidth * Double(columns)
    var lines = "M\(left.coordinate) \(top.coordinate)V\(bottom.coordinate)H\(right.coordinate)"
    var labels = ""
    for bit in 0...Int(bits) {
      let y = y(bits: Double(bit))
      lines += "M\(left.coordinate) \(y.coordinate)h-4"
      labels +=
        "<text x=\"\((left - 7).coordinate)\" y=\"\((y + 4).coordinate)\" text-anchor=\"end\">\(bit)</text>"
    }
    for position in 1...columns where position == 1 || position % 5 == 0 {
      let x = left + (Double(position) - 0.5) * columnWidth
      labels +=
        "<text x=\"\(x.coordinate)\" y=\"\((bottom + 15).coordinate)\" text-anchor=\"middle\">\(position)</text>"
    }
    let middle = y(bits: bits / 2).coordinate
    return """
      <path d="\(lines)" fill="none" stroke="currentColor"/>
      <g font-family="sans-serif" font-size="11" fill="currentColor">\(labels)\
      <text transform="translate(12 \(middle)) rotate(-90)" text-anchor="middle">bits</text></g>
      """
  }

  /// One letter, stretched from one height to another, in bits; empty if it is too low to see.
  func letter(_ base: Int, position: Int, from low: Double, to high: Double) -> String {
    let height = y(bits: low) - y(bits: high)
    guard height >= 0.25 else { return "" }
    return letterSVG(
      base, x: left + columnWidth * Double(position) + 0.5, y: y(bits: high),
      width: columnWidth - 1,
      height: height)
  }
}

/// The letter of a base, 0…3, stretched to a rectangle, of which `x` and `y` are the left upper corner.
package func letterSVG(_ base: Int, x: Double, y: Double, width: Double, height: Double) -> String {
  let glyph = glyphs[base]
  let place = "translate(\(x.coordinate) \(y.coordinate))"
  let stretch = "scale(\(width.coordinate) \(height.coordinate)) scale(0.01)"
  return """
    <path fill="\(glyph.color)" d="\(glyph.outline)" transform="\(place) \(stretch)"/>

    """
}

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
