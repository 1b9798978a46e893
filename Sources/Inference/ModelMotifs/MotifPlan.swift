internal import Layers
public import Models
internal import Networks

/// How much is read to find the motifs of a model.
///
/// There is a budget of multiplications, so that it takes seconds for any network and any number of tasks
/// (docs/decisions/0022-motifs-of-a-training.md). A model of many tasks is explained on fewer sequences per task; then by the
/// gradient, which reads no references; then for the first tasks alone.
public struct MotifPlan: Equatable, Sendable {
  /// The tasks whose motifs are looked for.
  public var tasks: [Int]
  public var method: AttributionMethod
  /// The shuffles that each sequence is compared with, if the method reads some.
  public var references: Int
  /// The sequences of a task that motifs are found in.
  public var sequences: Int
  /// The held-out sequences of a task that motifs are measured on.
  public var heldOut: Int
  /// The motifs of a task that are kept.
  public var mostMotifs = 12

  /// The multiplications that may be spent: a few seconds on two processors.
  private static let budget = 100_000_000_000.0
  /// What a pass of a small network costs beside its multiplications.
  private static let leastCost = 2_000_000.0
  private static let passesPerReference = 3.0
  /// Layers that aren't made of features by themselves are read at so many points between a sequence and its reference.
  private static let pointsOfCostlyLayers = 16.0
  private static let (mostSequences, leastSequences) = (2000, 100)

  public init(for model: Model) {
    let ensemble = model.ensemble
    let tables = ensemble.networks.compactMap {
      try? LayerTable(
        $0.configuration, length: max(model.windowLength, $0.minimumLength),
        taskCount: ensemble.taskCount)
    }
    let cost = tables.reduce(0.0) { $0 + Double($1.multiplyAdds) }
    let isCostly = tables.contains { $0.rows.contains { Self.costly.contains($0.layer.kind) } }
    // The levels of a scale differ by a number that nothing in a sequence changes.
    let tasks = model.objective == .ordinal ? [0] : Array(model.tasks.indices)
    self.init(
      multiplyAdds: cost, points: isCostly ? Self.pointsOfCostlyLayers : 1, tasks: tasks)
  }

  private static let costly: Set<String> = [
    "elman", "jordan", "lstm", "gru", "bidirectional", "selfAttention", "attentionPooling",
    "layerNormalization", "softmax",
  ]

  /// - Parameters:
  ///   - multiplyAdds: Those of one sequence.
  ///   - points: At which costly layers are read.
  package init(multiplyAdds: Double, points: Double, tasks: [Int]) {
    let passes = Self.budget / max(multiplyAdds, Self.leastCost)
    func perTask(_ passesPerSequence: Double) -> Int {
      // Half of the sequences are held out, and half are shuffles: twice as many in all.
      Int(min(1e6, passes / passesPerSequence / 2 / Double(tasks.count)))
    }
    (method, references, self.tasks) = (.deepLIFT, 4, tasks)
    var count = perTask(Self.passesPerReference * points * Double(references))
    if count < Self.leastSequences {
      (method, references) = (.gradient, 0)
      count = perTask(Self.passesPerReference)
    }
    if count < Self.leastSequences {
      let affordable = Double(tasks.count) * Double(count) / Double(Self.leastSequences)
      self.tasks = Array(tasks.prefix(max(1, Int(affordable))))
      count = Self.leastSequences
    }
    sequences = min(count, Self.mostSequences)
    heldOut = sequences / 2
  }
}
