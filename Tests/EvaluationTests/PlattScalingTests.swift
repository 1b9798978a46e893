import Evaluation
import Genomics
import Models
import Tensors
import Testing

@Suite struct PlattScalingTests {
  /// Scores whose logits are `2 · score - 1`, as a random stream draws their classes.
  func data(_ count: Int) -> (scores: [Float], isPositive: [Bool]) {
    var random = RandomStream(seed: 3, .background)
    let scores = (0..<count).map { _ in Float(random.normal()) }
    return (scores, scores.map { (random.uniform() as Float) < sigmoid(2 * $0 - 1) })
  }

  @Test func findsTheMapThatMadeTheClasses() {
    let (scores, isPositive) = data(20_000)
    let map = PlattScaling(
      scores: scores, isPositive: isPositive, weights: scores.map { _ in 1 })
    // Four standard errors, about 0.03 each.
    #expect(abs(map.slope - 2) < 0.12 && abs(map.intercept + 1) < 0.12)
  }

  /// At the maximum of Platt's likelihood the weighted residuals, and their products with the scores,
  /// sum to 0: his targets are `(p + 1) / (p + 2)` and `1 / (n + 2)`.
  @Test func standsAtTheMaximum() {
    let (scores, isPositive) = data(50)
    let weights = scores.indices.map { Float($0 % 3 + 1) / 2 }
    let map = PlattScaling(scores: scores, isPositive: isPositive, weights: weights)
    func total(_ wanted: Bool) -> Double {
      zip(isPositive, weights).reduce(0) { $0 + ($1.0 == wanted ? Double($1.1) : 0) }
    }
    let targets = (
      (total(true) + 1) / (total(true) + 2), 1 / (total(false) + 2)
    )
    var sums = (0.0, 0.0)
    for index in scores.indices {
      let probability = Double(sigmoid(Float(map.logit(of: Double(scores[index])))))
      let residual =
        Double(weights[index]) * (probability - (isPositive[index] ? targets.0 : targets.1))
      sums.0 += residual
      sums.1 += residual * Double(scores[index])
    }
    #expect(abs(sums.0) < 1e-4 && abs(sums.1) < 1e-4)
  }

  /// Classes that scores tell apart have no largest likelihood without Platt's targets.
  @Test func separableClassesHaveABound() {
    let map = PlattScaling(
      scores: [-1, -0.5, 0.5, 1], isPositive: [false, false, true, true],
      weights: [1, 1, 1, 1])
    #expect(map.slope.isFinite && map.slope > 0)
    #expect(abs(map.intercept) < 1e-6)
    // Both positives have the target 3/4, both negatives 1/4: odds of 3 at most, about 0.75.
    #expect(map.logit(of: 0.75) < 1.2 && map.logit(of: 0.75) > 0.9)
  }

  /// An order is never turned round, whatever the data say.
  @Test func keepsTheOrder() {
    let map = PlattScaling(
      scores: [-1, 0, 1, 2], isPositive: [true, true, false, false], weights: [1, 1, 1, 1])
    #expect(map.slope > 0)
  }

  @Test func oneClassOrOneScoreChangesNothing() {
    #expect(
      PlattScaling(scores: [1, 2], isPositive: [true, true], weights: [1, 1]) == .identity)
    #expect(
      PlattScaling(scores: [2, 2], isPositive: [true, false], weights: [1, 1]) == .identity)
    #expect(PlattScaling(scores: [], isPositive: [], weights: []) == .identity)
  }
}
