/// The place of the minimum of a convex function, by L-BFGS (Nocedal 1980) with steps that are halved until they lower the value
/// enough (Armijo 1966).
///
/// - Parameters:
///   - tolerance: It ends when no component of the gradient is larger in absolute value.
///   - loss: The value and the gradient at a place.
func minimized(
  from start: [Double], tolerance: Double, mostSteps: Int,
  _ loss: ([Double]) -> (value: Double, gradient: [Double])
) -> [Double] {
  var place = start
  var (value, gradient) = loss(place)
  var history = CurvatureHistory()
  for _ in 0..<mostSteps {
    guard gradient.contains(where: { abs($0) > tolerance }) else { break }
    var direction = history.direction(against: gradient)
    var slope = dot(direction, gradient)
    if slope >= 0 {
      history = CurvatureHistory()
      direction = history.direction(against: gradient)
      slope = dot(direction, gradient)
    }
    var length = history.isEmpty ? min(1, 1 / dot(gradient, gradient).squareRoot()) : 1
    var next = moved(place, along: direction, by: length)
    var found = loss(next)
    while found.value > value + 1e-4 * length * slope, length > 1e-12 {
      length /= 2
      next = moved(place, along: direction, by: length)
      found = loss(next)
    }
    guard found.value < value else { break }
    history.add(step: difference(next, place), change: difference(found.gradient, gradient))
    (place, value, gradient) = (next, found.value, found.gradient)
  }
  return place
}

/// The last steps and what they did to the gradient, which stand for the curvature.
private struct CurvatureHistory {
  private static let most = 10
  private var pairs: [(step: [Double], change: [Double], product: Double)] = []

  var isEmpty: Bool { pairs.isEmpty }

  mutating func add(step: [Double], change: [Double]) {
    let product = dot(step, change)
    guard product > 1e-14 * dot(change, change) else { return }
    pairs.append((step, change, product))
    if pairs.count > Self.most { pairs.removeFirst() }
  }

  /// The direction of the next step: against the gradient, times the inverse of the curvature.
  func direction(against gradient: [Double]) -> [Double] {
    var direction = gradient.map { -$0 }
    guard let last = pairs.last else { return direction }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = dot(pair.step, direction) / pair.product
      factors.append(factor)
      direction = moved(direction, along: pair.change, by: -factor)
    }
    let scale = last.product / dot(last.change, last.change)
    direction = direction.map { $0 * scale }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let correction = factor - dot(pair.change, direction) / pair.product
      direction = moved(direction, along: pair.step, by: correction)
    }
    return direction
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

private func difference(_ a: [Double], _ b: [Double]) -> [Double] {
  a.indices.map { a[$0] - b[$0] }
}

private func moved(_ place: [Double], along direction: [Double], by length: Double) -> [Double] {
  place.indices.map { place[$0] + length * direction[$0] }
}
