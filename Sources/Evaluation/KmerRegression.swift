public import Genomics
internal import Glibc
internal import Tensors

/// Logistic regression on the 6-mers of a sequence: what a bag of words knows.
///
/// A sequence is its counts of 6-mers, one of a 6-mer and its reverse complement, scaled to length 1.
public struct KmerRegression: Sendable {
  /// One per 6-mer, by its code (two bits a base, A first); those of the greater of a 6-mer and its
  /// reverse complement are 0.
  public private(set) var weights: [Double]
  public private(set) var intercept: Double

  /// Fits by Newton's method with conjugate gradients (Lin, Weng & Keerthi 2008): minimises
  /// `½ |w|² + penalty⁻¹ · Σ loss`, without a penalty on the intercept.
  ///
  /// - Parameters:
  ///   - weights: How much each example counts.
  ///   - penalty: As scikit-learn's `1 / C`.
  /// - Precondition: Both classes are there.
  public init(
    fitting sequences: [EncodedSequence], isPositive: [Bool], weights: [Float],
    penalty: Double = Self.defaultPenalty
  ) {
    precondition(isPositive.contains(true) && isPositive.contains(false), "one class alone")
    let problem = Problem(
      profiles: KmerProfiles(sequences), targets: isPositive.map { $0 ? 1 : 0 },
      costs: weights.map { Double($0) / penalty })
    let solution = problem.solution()
    self.weights = Array(solution.dropLast())
    intercept = solution[solution.count - 1]
  }

  public static let defaultPenalty = 0.1

  /// The logit of each sequence.
  public func logits(of sequences: [EncodedSequence]) -> [Float] {
    KmerProfiles(sequences).products(weights).map { Float($0 + intercept) }
  }
}

/// The function to minimise, of the weights and, last, the intercept.
private struct Problem {
  let profiles: KmerProfiles
  let targets: [Double]
  let costs: [Double]

  private static let newtonSteps = 50
  private static let conjugateSteps = 200
  private static let tolerance = 1e-8

  func solution() -> [Double] {
    var point = [Double](repeating: 0, count: KmerProfiles.columnCount + 1)
    var logits = logits(point)
    var value = value(point, logits)
    var firstNorm: Double?
    for _ in 0..<Self.newtonSteps {
      let probabilities = logits.map { 1 / (1 + exp(-$0)) }
      let gradient = gradient(point, probabilities)
      let norm = dot(gradient, gradient).squareRoot()
      guard norm > Self.tolerance * (firstNorm ?? .infinity) || firstNorm == nil else { break }
      firstNorm = firstNorm ?? norm
      let step = newtonStep(
        against: gradient, curvature: zip(costs, probabilities).map { $0 * $1 * (1 - $1) })
      let decline = dot(step, gradient)
      var share = 1.0
      var isLower = false
      while !isLower, share > 1e-10 {
        let next = added(point, step, times: share)
        let nextLogits = self.logits(next)
        let nextValue = self.value(next, nextLogits)
        isLower = nextValue <= value + 1e-4 * share * decline
        if isLower { (point, logits, value) = (next, nextLogits, nextValue) }
        share /= 2
      }
      guard isLower else { break }
    }
    return point
  }

  private func logits(_ point: [Double]) -> [Double] {
    let intercept = point[point.count - 1]
    return profiles.products(point).map { $0 + intercept }
  }

  private func value(_ point: [Double], _ logits: [Double]) -> Double {
    let penalty = point.dropLast().reduce(0) { $0 + $1 * $1 } / 2
    return logits.indices.reduce(penalty) {
      $0 + costs[$1] * (softplus(logits[$1]) - targets[$1] * logits[$1])
    }
  }

  /// The penalty's part of a derivative and that of the rows, each times a factor.
  private func combined(_ point: [Double], _ factors: [Double]) -> [Double] {
    var result = profiles.sum(weighted: factors)
    for index in result.indices { result[index] += point[index] }
    result.append(factors.reduce(0, +))
    return result
  }

  private func gradient(_ point: [Double], _ probabilities: [Double]) -> [Double] {
    combined(point, probabilities.indices.map { costs[$0] * (probabilities[$0] - targets[$0]) })
  }

  /// Solves `H s = -g` by conjugate gradients until a tenth of the gradient is left, where the
  /// Hessian is `I + Xᵀ D X`, with no `I` for the intercept.
  private func newtonStep(against gradient: [Double], curvature: [Double]) -> [Double] {
    var step = [Double](repeating: 0, count: gradient.count)
    var residual = gradient.map { -$0 }
    var direction = residual
    var square = dot(residual, residual)
    let limit = 0.01 * square
    for _ in 0..<Self.conjugateSteps where square > limit {
      let image = combined(
        direction, zip(logits(direction), curvature).map { $0 * $1 })
      let length = square / dot(direction, image)
      step = added(step, direction, times: length)
      residual = added(residual, image, times: -length)
      let next = dot(residual, residual)
      direction = added(residual, direction, times: next / square)
      square = next
    }
    return step
  }
}

private func dot(_ first: [Double], _ second: [Double]) -> Double {
  var sum = 0.0
  for index in first.indices { sum += first[index] * second[index] }
  return sum
}

private func added(_ first: [Double], _ second: [Double], times factor: Double) -> [Double] {
  first.indices.map { first[$0] + factor * second[$0] }
}
