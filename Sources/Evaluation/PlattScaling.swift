internal import Glibc
internal import Tensors

/// A map of scores to logits, `logit = slope · score + intercept`, that makes probabilities of them.
public struct PlattScaling: Equatable, Sendable {
  /// Above 0, so that no order changes.
  public let slope: Double
  public let intercept: Double

  private static let steps = 50
  private static let leastSlope = 1e-3

  /// Leaves scores as they are.
  public static let identity = PlattScaling(slope: 1, intercept: 0)

  init(slope: Double, intercept: Double) {
    self.slope = slope
    self.intercept = intercept
  }

  /// Fits by maximum likelihood, with Platt's targets (1999, §2.2): with positives and negatives of
  /// weights `p` and `n` they are `(p + 1) / (p + 2)` and `1 / (n + 2)`, which bounds the slope even where
  /// scores tell the classes apart. Newton's method, halving steps that don't help.
  ///
  /// The identity where a class or any difference between scores is absent.
  public init(scores: [Float], isPositive: [Bool], weights: [Float]) {
    precondition(scores.count == isPositive.count && scores.count == weights.count)
    let (positives, negatives) = zip(isPositive, weights).reduce(into: (0.0, 0.0)) {
      sums, example in
      if example.0 { sums.0 += Double(example.1) } else { sums.1 += Double(example.1) }
    }
    guard positives > 0, negatives > 0, let first = scores.first,
      scores.contains(where: { $0 != first })
    else {
      self = .identity
      return
    }
    let problem = Problem(
      scores: scores.map(Double.init), weights: weights.map(Double.init),
      targets: isPositive.map { $0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2) })
    var best = PlattScaling(slope: 0, intercept: log((positives + 1) / (negatives + 1)))
    var loss = problem.loss(best)
    for _ in 0..<Self.steps {
      let (slope, intercept) = problem.newtonStep(best)
      var share = 1.0
      var next = best
      var nextLoss = loss
      repeat {
        next = PlattScaling(
          slope: best.slope - share * slope, intercept: best.intercept - share * intercept)
        nextLoss = problem.loss(next)
        share /= 2
      } while nextLoss > loss && share > 1e-6
      guard nextLoss < loss else { break }
      (best, loss) = (next, nextLoss)
    }
    self.init(slope: max(Self.leastSlope, best.slope), intercept: best.intercept)
  }

  public func logit(of score: Double) -> Double { slope * score + intercept }

  /// Logistic regression on one number.
  private struct Problem {
    let scores: [Double]
    let weights: [Double]
    let targets: [Double]

    func loss(_ map: PlattScaling) -> Double {
      scores.indices.reduce(0) { sum, index in
        let logit = map.logit(of: scores[index])
        return sum + weights[index] * (softplus(logit) - targets[index] * logit)
      }
    }

    func newtonStep(_ map: PlattScaling) -> (slope: Double, intercept: Double) {
      // A trace of curvature keeps the step finite where all probabilities are near 0 or 1.
      var (gradient, curvature) = (SIMD2(0.0, 0.0), SIMD3(1e-9, 0.0, 1e-9))
      for index in scores.indices {
        let score = scores[index]
        let probability = 1 / (1 + exp(-map.logit(of: score)))
        let slope = weights[index] * (probability - targets[index])
        let bend = weights[index] * probability * (1 - probability)
        gradient += slope * SIMD2(score, 1)
        curvature += bend * SIMD3(score * score, score, 1)
      }
      let determinant = curvature.x * curvature.z - curvature.y * curvature.y
      return (
        (curvature.z * gradient.x - curvature.y * gradient.y) / determinant,
        (curvature.x * gradient.y - curvature.y * gradient.x) / determinant
      )
    }
  }
}
