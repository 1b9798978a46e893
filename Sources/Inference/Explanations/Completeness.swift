/// How far contributions are from adding up to the difference of outputs.
public struct Completeness: Equatable, Sendable {
  /// The sum of the errors over the sum of the differences, both without their signs.
  public let error: Double
  /// The largest error of a sequence as a share of its difference.
  public let largestError: Double

  /// - Returns: `nil` if no explanation is complete by its method.
  public init?(of explanations: [Explanation]) {
    let read = explanations.compactMap { explanation in
      explanation.difference.map { (error: abs(explanation.sum - $0), difference: abs($0)) }
    }
    guard !read.isEmpty else { return nil }
    let total = read.reduce(0) { $0 + $1.difference }
    error = total > 0 ? read.reduce(0) { $0 + $1.error } / total : 0
    largestError = read.map { $0.difference > 0 ? $0.error / $0.difference : 0 }.max() ?? 0
  }
}
