/// How networks lay out features, and gradients with respect to them: `[rows · window, …]`, the rows of the second
/// strand behind those of the first.
struct FeatureLayout {
  let windowCount: Int
  /// The rows of each window.
  let rowCount: Int
  /// The features of a row.
  let rowSize: Int

  /// Where a window's feature is.
  func index(_ place: Int, of window: Int) -> Int {
    (place / rowSize * windowCount + window) * rowSize + place % rowSize
  }
}

/// What a network makes of windows for one task.
struct WindowReadings {
  let layout: FeatureLayout
  let features: [Float]
  let outputs: [Float]
  /// Those of the outputs with respect to the features.
  let gradients: [Float]
}

/// The straight line between the features of two windows. It leads from the lower output to the higher, so that
/// alleles that are exchanged give exactly the negative.
struct FeaturePath {
  /// The features that differ, by their places among those of a window, and by how much they rise on the way.
  private(set) var changes: [(place: Int, rise: Float)] = []
  /// The window where it starts.
  let first: Int
  /// Whether it leads from the second window of the pair to the first.
  let isReversed: Bool
  let start: PathPoint
  let end: PathPoint

  /// - Parameter pair: The windows `2 · pair` and `2 · pair + 1`.
  init(between readings: WindowReadings, pair: Int) {
    isReversed = readings.outputs[2 * pair + 1] < readings.outputs[2 * pair]
    let (first, last) = isReversed ? (2 * pair + 1, 2 * pair) : (2 * pair, 2 * pair + 1)
    self.first = first
    let layout = readings.layout
    let features = readings.features.span
    for row in 0..<layout.rowCount {
      let place = row * layout.rowSize
      let (start, end) = (layout.index(place, of: first), layout.index(place, of: last))
      for offset in 0..<layout.rowSize where features[start + offset] != features[end + offset] {
        changes.append((place + offset, features[end + offset] - features[start + offset]))
      }
    }
    start = PathPoint(position: 0, window: first, of: readings, changes)
    end = PathPoint(position: 1, window: last, of: readings, changes)
  }

  /// By how much outputs may differ from those on a tangent: a thousandth of what they rise by.
  var tolerance: Double {
    max(rounding, 1e-3 * max(end.output - start.output, abs(start.rate), abs(end.rate)))
  }

  /// How exact outputs are, which are sums in single precision.
  var rounding: Double { 4e-6 * max(1, abs(start.output), abs(end.output)) }
}

/// A point of a path.
struct PathPoint {
  /// From 0 to 1.
  let position: Double
  let output: Double
  /// By how much the output rises for each feature that differs, per unit of the position.
  let rates: [Double]
  /// Their sum.
  let rate: Double

  /// - Parameters:
  ///   - window: The window that has the point's features.
  ///   - changes: Those of the path.
  init(
    position: Double, window: Int, of readings: WindowReadings,
    _ changes: [(place: Int, rise: Float)]
  ) {
    self.position = position
    output = Double(readings.outputs[window])
    rates = changes.map {
      Double(readings.gradients[readings.layout.index($0.place, of: window)]) * Double($0.rise)
    }
    rate = rates.reduce(0, +)
  }
}

/// A part of a path.
struct PathSegment {
  /// The path's number.
  let path: Int
  let from: PathPoint
  let to: PathPoint
  private let length: Double
  private let rise: Double
  /// Where the tangents at both ends meet, as a share of the way; no number if they are one line.
  private let meeting: Double

  init(path: Int, from: PathPoint, to: PathPoint) {
    (self.path, self.from, self.to) = (path, from, to)
    length = to.position - from.position
    rise = to.output - from.output
    meeting = (rise / length - to.rate) / (from.rate - to.rate)
  }

  private var meetsBetween: Bool { 0 < meeting && meeting < 1 }

  /// The weight of the gradient at the start with which the gradients at both ends add up to the rise: that of
  /// a turn where the tangents meet.
  private var share: Double { meeting.isNaN ? 0.5 : min(1, max(0, meeting)) }

  /// The effect of a feature.
  private func effect(_ atStart: Double, _ atEnd: Double) -> Double {
    length * (share * atStart + (1 - share) * atEnd)
  }

  /// Where it is divided, if it has to be.
  var division: Double { from.position + length * (meetsBetween ? meeting : 0.5) }

  /// Whether the output rises alike at both ends, and by what these say.
  func isStraight(on path: FeaturePath) -> Bool {
    abs(from.rate - to.rate) * length <= path.tolerance
      && abs(rise - effect(from.rate, to.rate)) <= path.rounding
  }

  /// Whether the output at the point that divides it is that of both tangents.
  func turnsOnly(at point: PathPoint, on path: FeaturePath) -> Bool {
    let tangent = from.output + from.rate * (point.position - from.position)
    return meetsBetween && abs(point.output - tangent) <= path.tolerance
  }

  /// Adds the effect of each feature that differs. Where the tangents meet outside of the segment, what the effects lack
  /// of the rise is shared out by their sizes, so that they add up to it.
  func add(to effects: inout [Double]) {
    let own = zip(from.rates, to.rates).map { effect($0, $1) }
    let (sum, size) = own.reduce((0, 0)) { ($0.0 + $1, $0.1 + abs($1)) }
    for index in effects.indices {
      let part = size > 0 ? abs(own[index]) / size : 1 / Double(own.count)
      effects[index] += own[index] + (rise - sum) * part
    }
  }
}
