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

  private init(low: Double, high: Double, step: Double) {
    let first = (low / step + 1e-9).rounded(.down)
    let last = (high / step - 1e-9).rounded(.up)
    let decimals = max(0, Int(-log10(step).rounded(.down)))
    range = first * step...last * step
    ticks = stride(from: first, through: last, by: 1).map { index in
      (index * step, (index * step).text(decimals: decimals))
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
