/// A motif that training found in what bases contribute to a model's outputs. The model's file keeps it, so that
/// commands can name what they find.
public struct LearnedMotif: Codable, Equatable, Sendable {
  /// Such as `motif1`.
  public let name: String
  /// The name of the best match of a database; `nil` if none is like it.
  public let match: String?
  /// The number of the task that it was found for.
  public let task: Int
  /// Whether it raises the output.
  public let isPositive: Bool
  /// The number of sites that were counted.
  public let siteCount: Int
  /// One element a position: how often A, C, G and T stand there.
  public let counts: [SIMD4<Float>]
  /// One element a position: what A, C, G and T contribute in the mean.
  public let contributions: [SIMD4<Float>]

  /// - Precondition: As many counts as contributions, at least one, of which one isn't 0.
  public init(
    name: String, match: String?, task: Int, isPositive: Bool, siteCount: Int,
    counts: [SIMD4<Float>], contributions: [SIMD4<Float>]
  ) {
    (self.name, self.match) = (name, match)
    (self.task, self.isPositive, self.siteCount) = (task, isPositive, siteCount)
    (self.counts, self.contributions) = (counts, contributions)
    precondition(isSound(tasks: task + 1), "a motif that no file may hold")
  }

  public var width: Int { counts.count }

  /// For people: `motif1 CTCF`.
  public var title: String { match.map { "\(name) \($0)" } ?? name }

  private static let widest = 1000

  /// Whether it can be one of a model of so many tasks.
  func isSound(tasks: Int) -> Bool {
    0..<tasks ~= task && siteCount > 0 && 1...Self.widest ~= width
      && contributions.count == width
      && counts.allSatisfy { $0.min() >= 0 && $0.sum() > 0 && $0.sum().isFinite }
      && contributions.allSatisfy { $0.sum().isFinite }
      && contributions.contains { $0 != .zero }
  }
}
