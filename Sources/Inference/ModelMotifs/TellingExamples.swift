/// Examples that show what a model does well, and what it doesn't.
public struct TellingExamples: Equatable, Sendable {
  public enum Kind: String, Sendable {
    /// Bound, with the highest predictions; bound, with the lowest; not bound, with the highest.
    case best, missed, wrong
    /// With the highest and the lowest predictions; farthest from what was measured.
    case highest, lowest, farthest
  }

  public let kind: Kind
  /// The examples' numbers; of equal ones the first.
  public let indices: [Int]

  /// - Parameters:
  ///   - predictions: One per example.
  ///   - labels: One per example; above one half for bound.
  ///   - hasClasses: Whether labels are classes, not numbers.
  ///   - count: The most examples of a kind.
  /// - Returns: The kinds that have an example.
  public static func groups(
    predictions: [Float], labels: [Float], hasClasses: Bool, count: Int
  ) -> [TellingExamples] {
    func first(_ indices: [Int], by value: (Int) -> Float) -> [Int] {
      Array(indices.sorted { (value($1), $0) < (value($0), $1) }.prefix(count))
    }
    let all = Array(predictions.indices)
    let groups: [(Kind, [Int])]
    if hasClasses {
      let bound = all.filter { labels[$0] > 0.5 }
      groups = [
        (.best, first(bound) { predictions[$0] }), (.missed, first(bound) { -predictions[$0] }),
        (.wrong, first(all.filter { labels[$0] <= 0.5 }) { predictions[$0] }),
      ]
    } else {
      groups = [
        (.highest, first(all) { predictions[$0] }), (.lowest, first(all) { -predictions[$0] }),
        (.farthest, first(all) { abs(predictions[$0] - labels[$0]) }),
      ]
    }
    return groups.filter { !$0.1.isEmpty }.map { TellingExamples(kind: $0.0, indices: $0.1) }
  }
}
