internal import Networks
internal import Tensors

/// Finds how much of the difference of two outputs each feature makes: its change times the mean of the output's
/// gradient on the straight line between both (integrated gradients: Sundararajan, Taly & Yan 2017, eq. 1).
///
///     effect(i) = (z1(i) - z0(i)) · ∫ ∂f/∂z(i) (z0 + t · (z1 - z0)) dt,  t from 0 to 1
///
/// The effects add up to `f(z1) - f(z0)`. A network of rectifiers is linear between turns, so the integral needs no
/// grid: a segment turns where the tangents at its ends meet, if it turns once. If the output there is another
/// one, the segment is divided.
struct FeaturePaths {
  /// One per pair of windows.
  let paths: [FeaturePath]
  private let network: Network
  private let task: Int
  private let readings: WindowReadings
  /// The shape of a row of features.
  private let rowShape: [Int]
  /// The numbers beside each window, `[window, number]`; those of a pair are equal. `nil` if there are none.
  private let side: Tensor?

  /// How often segments are divided: down to a 256th of the way, or less.
  private static let mostDivisions = 8

  init(
    _ network: Network, task: Int, _ readings: WindowReadings, rowShape: [Int], beside side: Tensor?
  ) {
    (self.network, self.task, self.side) = (network, task, side)
    (self.readings, self.rowShape) = (readings, rowShape)
    paths = (0..<readings.layout.windowCount / 2).map { FeaturePath(between: readings, pair: $0) }
  }

  /// For each path the effect of each feature that differs, on the way from its start to its end.
  var effects: [[Double]] {
    var effects = paths.map { [Double](repeating: 0, count: $0.changes.count) }
    var open = paths.indices.filter { !paths[$0].changes.isEmpty }.map {
      PathSegment(path: $0, from: paths[$0].start, to: paths[$0].end)
    }
    for _ in 0..<Self.mostDivisions where !open.isEmpty {
      var turning: [PathSegment] = []
      for segment in open {
        if segment.isStraight(on: paths[segment.path]) {
          segment.add(to: &effects[segment.path])
        } else {
          turning.append(segment)
        }
      }
      open = []
      for (segment, point) in zip(turning, points(dividing: turning)) {
        if segment.turnsOnly(at: point, on: paths[segment.path]) {
          segment.add(to: &effects[segment.path])
        } else {
          open.append(PathSegment(path: segment.path, from: segment.from, to: point))
          open.append(PathSegment(path: segment.path, from: point, to: segment.to))
        }
      }
    }
    for segment in open { segment.add(to: &effects[segment.path]) }
    return effects
  }

  /// What the network makes of the points that divide some segments.
  private func points(dividing segments: [PathSegment]) -> [PathPoint] {
    guard !segments.isEmpty else { return [] }
    let known = readings.layout
    let layout = FeatureLayout(
      windowCount: segments.count, rowCount: known.rowCount, rowSize: known.rowSize)
    var features = Tensor(zeros: Shape([layout.rowCount * segments.count] + rowShape))
    for (window, segment) in segments.enumerated() {
      let path = paths[segment.path]
      for row in 0..<layout.rowCount {
        let place = row * layout.rowSize
        let (start, end) = (layout.index(place, of: window), known.index(place, of: path.first))
        for offset in 0..<layout.rowSize {
          features.scalars[start + offset] = readings.features[end + offset]
        }
      }
      for (place, rise) in path.changes {
        features.scalars[layout.index(place, of: window)] += Float(segment.division) * rise
      }
    }
    let read = network.featureGradient(at: features, beside: side(of: segments), task: task)
    let between = WindowReadings(
      layout: layout, features: features.scalars,
      outputs: read.logits.column(task, of: network.taskCount), gradients: read.gradient.scalars)
    return segments.enumerated().map { window, segment in
      PathPoint(
        position: segment.division, window: window, of: between, paths[segment.path].changes)
    }
  }

  /// The numbers beside the windows of some segments.
  private func side(of segments: [PathSegment]) -> Tensor? {
    side.map { side in
      let numbers = side.shape[1]
      return Tensor(
        shape: [segments.count, numbers],
        scalars: segments.flatMap { segment in
          let first = paths[segment.path].first * numbers
          return side.scalars[first..<first + numbers]
        })
    }
  }
}

extension Tensor {
  /// The numbers of one column.
  func column(_ column: Int, of count: Int) -> [Float] {
    stride(from: column, to: scalars.count, by: count).map { scalars[$0] }
  }
}
