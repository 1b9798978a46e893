internal import Glibc
public import Tensors

/// What a recipe asks of a loss beyond its objective.
public struct LossSettings: Equatable, Sendable {
  /// The share of a class's label that is spread over all classes (Szegedy et al. 2016, section 7).
  public var labelSmoothing: Float = 0
  /// By how much the variance of counts exceeds their mean, as a share of its square; with 0 they are Poisson's.
  public var dispersion: Float = 0
  /// The weight of a task's positives, or of a class; empty if all weigh 1.
  public var classWeights: [Float] = []

  public init(
    labelSmoothing: Float = 0, dispersion: Float = 0, classWeights: [Float] = []
  ) {
    (self.labelSmoothing, self.dispersion) = (labelSmoothing, dispersion)
    self.classWeights = classWeights
  }

  /// The weight of a positive of a task.
  fileprivate func weight(ofPositivesOf task: Int) -> Float {
    classWeights.isEmpty ? 1 : classWeights[task]
  }
}

extension Objective {
  /// The weighted sum of the losses over examples and measured tasks, and its gradient.
  ///
  /// For an output `z` and a label `y`:
  /// - `binary`: the logistic loss, `log(1 + e^z) - y z`, that of a positive times its class's weight.
  /// - `number`: half the squared error.
  /// - `categorical`: the cross-entropy, `-Σ w_c t_c log softmax(z)_c` over the measured classes, with the label `t`
  ///   smoothed.
  /// - `ordinal`: minus the logarithm of the level's probability, `σ(z_k) - σ(z_k+1)` (McCullagh 1980).
  /// - `count`: minus the logarithm of Poisson's probability, `e^z - y z`, or of the negative binomial's with the
  ///   variance `μ + α μ²`, `(y + 1/α) log(1 + α e^z) - y z`; what doesn't depend on `z` is left out (Hilbe 2011,
  ///   eq. 8.11).
  ///
  /// - Parameters:
  ///   - outputs: `[batch, task]`.
  ///   - labels: As many, in the same order; not a number if a task wasn't measured.
  ///   - weights: One per example.
  ///   - scale: The factor of loss and gradient, such as one over the batch's size.
  public func loss(
    _ outputs: Tensor, labels: [Float], weights: [Float], scale: Float,
    settings: LossSettings = LossSettings()
  ) -> LossGradient {
    precondition(labels.count == outputs.scalars.count && weights.count == outputs.shape[0])
    let tasks = outputs.shape[1]
    precondition(settings.classWeights.isEmpty || settings.classWeights.count == tasks)
    guard self != .categorical else {
      return crossEntropy(outputs, labels: labels, weights: weights, scale: scale, settings)
    }
    guard self != .ordinal else {
      return levelLoss(outputs, labels: labels, weights: weights, scale: scale)
    }
    let (shrink, shift) = (1 - settings.labelSmoothing, settings.labelSmoothing / 2)
    let dispersion = Double(settings.dispersion)
    var (sum, logistic) = (0.0, LogisticLoss())
    var gradient = Tensor(zeros: outputs.shape)
    for (row, own) in weights.enumerated() {
      let weight = own * scale
      for task in 0..<tasks {
        let index = row * tasks + task
        let (output, label) = (outputs.scalars[index], labels[index])
        guard !label.isNaN else { continue }
        switch self {
        case .binary:
          let target = shrink * label + shift
          let heavy = label > 0.5 ? weight * settings.weight(ofPositivesOf: task) : weight
          gradient.scalars[index] = logistic.add(output, target: target, weight: heavy)
        case .number, .score:
          let error = output - label
          sum += Double(weight) * Double(error) * Double(error) / 2
          gradient.scalars[index] = weight * error
        case .count:
          let (loss, slope) = countLoss(Double(output), Double(label), dispersion: dispersion)
          sum += Double(weight) * loss
          gradient.scalars[index] = Float(Double(weight) * slope)
        case .categorical, .ordinal: preconditionFailure("a class by itself")
        }
      }
    }
    return LossGradient(loss: sum + logistic.total, gradient: gradient)
  }
}

/// A weighted sum of logistic losses, `softplus(z) - y z` with `softplus(z) = max(z, 0) + log(1 + e^-|z|)`. Of examples
/// that weigh the same it takes one logarithm, that of a product: one for each would be some three
/// hundredths of the time of a step of a small network.
private struct LogisticLoss {
  private static let largest = 1e300
  private var ended = 0.0
  private var product = 1.0
  private var weight = 0.0

  /// - Returns: The derivative with respect to the output, `weight · (σ(z) - y)`.
  mutating func add(_ output: Float, target: Float, weight: Float) -> Float {
    let (share, decay) = (Double(weight), exp(-Double(abs(output))))
    if share != self.weight || product > Self.largest {
      ended = total
      (product, self.weight) = (1, share)
    }
    product *= 1 + decay
    ended += share * (Double(max(output, 0)) - Double(target) * Double(output))
    return weight * (Float((output < 0 ? decay : 1) / (1 + decay)) - target)
  }

  var total: Double { ended + weight * log(product) }
}

/// The loss of a count whose mean has the logarithm `output`, and its derivative.
private func countLoss(_ output: Double, _ label: Double, dispersion: Double) -> (
  loss: Double, slope: Double
) {
  guard dispersion > 0 else {
    let mean = exp(output)
    return (mean - label * output, mean - label)
  }
  // log(1 + α e^z) = softplus(z + log α)
  let shifted = output + log(dispersion)
  let trials = label + 1 / dispersion
  return (
    trials * softplus(shifted) - label * output, trials / (1 + exp(-shifted)) - label
  )
}

/// The cross-entropy of each example's label and the softmax of its outputs.
private func crossEntropy(
  _ outputs: Tensor, labels: [Float], weights: [Float], scale: Float, _ settings: LossSettings
) -> LossGradient {
  let classes = outputs.shape[1]
  let smoothing = Double(settings.labelSmoothing)
  var sum = 0.0
  var gradient = Tensor(zeros: outputs.shape)
  for row in weights.indices {
    let measured = (row * classes..<(row + 1) * classes).filter { !labels[$0].isNaN }
    guard !measured.isEmpty else { continue }
    let logarithms = logSoftmax(measured.map { Double(outputs.scalars[$0]) })
    let shares = measured.map { index in
      let target = (1 - smoothing) * Double(labels[index]) + smoothing / Double(measured.count)
      return target * Double(settings.weight(ofPositivesOf: index % classes))
    }
    let (total, weight) = (shares.reduce(0, +), Double(weights[row] * scale))
    for (place, index) in measured.enumerated() {
      sum -= weight * shares[place] * logarithms[place]
      gradient.scalars[index] = Float(weight * (total * exp(logarithms[place]) - shares[place]))
    }
  }
  return LossGradient(loss: sum, gradient: gradient)
}

/// Minus the logarithm of the probability of each example's level; examples of which a label wasn't measured are left out.
private func levelLoss(_ outputs: Tensor, labels: [Float], weights: [Float], scale: Float)
  -> LossGradient
{
  let tasks = outputs.shape[1]
  var sum = 0.0
  var gradient = Tensor(zeros: outputs.shape)
  for row in weights.indices {
    let first = row * tasks
    let own = labels[first..<first + tasks]
    guard !own.contains(where: \.isNaN) else { continue }
    let (level, weight) = (own.count { $0 > 0.5 }, Double(weights[row] * scale))
    // log(σ(a) - σ(b)) = log σ(a) + log σ(-b) + log(1 - e^(b - a)), with a infinite for the first level and -b for the last.
    let lower = level > 0 ? Double(outputs.scalars[first + level - 1]) : nil
    let upper = level < tasks ? Double(outputs.scalars[first + level]) : nil
    var (loss, slopes) = (0.0, (lower: 0.0, upper: 0.0))
    if let lower {
      loss += softplus(-lower)
      slopes.lower -= 1 / (1 + exp(lower))
    }
    if let upper {
      loss += softplus(upper)
      slopes.upper += 1 / (1 + exp(-upper))
    }
    if let lower, let upper {
      let (own, slope) = gapLoss(lower - upper)
      loss += own
      slopes = (slopes.lower + slope, slopes.upper - slope)
    }
    sum += weight * loss
    if level > 0 { gradient.scalars[first + level - 1] = Float(weight * slopes.lower) }
    if level < tasks { gradient.scalars[first + level] = Float(weight * slopes.upper) }
  }
  return LossGradient(loss: sum, gradient: gradient)
}

/// Gaps between two levels are at least this wide; what is narrower is moved apart.
private let leastGap = 1e-3

/// `-log(1 - e^-gap)` and its derivative; below the least gap the straight line that touches it there.
private func gapLoss(_ gap: Double) -> (loss: Double, slope: Double) {
  let wide = max(gap, leastGap)
  let slope = -1 / expm1(wide)
  return (-log(-expm1(-wide)) + slope * (gap - wide), slope)
}

/// The logarithms of the softmax of some numbers, without overflow.
package func logSoftmax(_ numbers: [Double]) -> [Double] {
  let largest = numbers.max() ?? 0
  let rest = log(numbers.reduce(0) { $0 + exp($1 - largest) })
  return numbers.map { $0 - largest - rest }
}

/// The softmax of some numbers: probabilities that add up to 1.
func softmax(_ numbers: [Float]) -> [Float] {
  logSoftmax(numbers.map(Double.init)).map { Float(exp($0)) }
}
