/// What is wrong with a number, as `NAME is VALUE; take LOWEST to HIGHEST`; `nil` if it lies in its range.
public func rangeProblem<Number: Comparable>(
  _ name: String, _ value: Number, _ range: ClosedRange<Number>
) -> String? {
  range.contains(value)
    ? nil : "\(name) is \(value); take \(range.lowerBound) to \(range.upperBound)"
}
