import Glibc

/// The range of an axis and the round numbers on it.
struct Axis {
  let range: ClosedRange<Double>
  let ticks: [(value: Double, label: String)]

  /// An axis that spans the finite ones of some values, widened to whole steps of 1, 2 or 5 times a
  /// power of 10; from 0 to 1 where no value is finite.
  init(spanning values: some Sequence<Double>, steps: Int = 5) {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if high - low <= abs(high) * 1e-9 {
      let margin = max(abs(high) * 0.1, 0.5)
      (low, high) = (low - margin, high + margin)
    }
    self.init(low: low, high: high, step: Self.roundStep(above: (high - low) / Double(steps)))
  }

  /// Where a number takes more characters, all are written with a power of ten.
  private static let longestLabel = 7

  private init(low: Double, high: Double, step: Double) {
    let first = (low / step + 1e-9).rounded(.down)
    let last = (high / step - 1e-9).rounded(.up)
    let places = Int(-log10(step).rounded(.down))
    let decimals = max(0, places)
    range = first * step...last * step
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    let plain = values.map { $0.text(decimals: decimals) }
    guard plain.contains(where: { $0.count > Self.longestLabel }) else {
      ticks = zip(values, plain).map { ($0, $1) }
      return
    }
    let power = Int(log10(max(abs(range.lowerBound), abs(range.upperBound))).rounded(.down))
    ticks = values.map { value in
      let digits = (value / pow(10, Double(power))).text(decimals: max(0, places + power))
      return (value, value == 0 ? "0" : "\(digits)e\(power)")
    }
  }

  /// The least of 1, 2 or 5 times a power of 10 that is at least `step`.
  private static func roundStep(above step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    return [1, 2, 5].map { $0 * power }.first { $0 >= step * (1 - 1e-9) } ?? 10 * power
  }
}

extension Double {
  /// The number with a fixed count of decimals; in Swift's own notation where that would be long.
  func text(decimals: Int) -> String {
    guard isFinite, abs(self) < 1e9, decimals <= 9 else { return "\(self)" }
    let scale = Int(pow(10, Double(decimals)))
    let units = Int((self * Double(scale)).rounded())
    let sign = units < 0 ? "-" : ""
    let whole = "\(sign)\(units.magnitude / scale.magnitude)"
    guard decimals > 0 else { return whole }
    return "\(whole)." + String(scale.magnitude + units.magnitude % scale.magnitude).dropFirst()
  }
}
