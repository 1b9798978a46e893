internal import Models
internal import Networks

/// How many sequences are scored to find the distributions of a model's outputs on background sequence.
///
/// There is a budget, so that p-values take seconds for any network on any data: networks that fit into it, among
/// them the presets, get the whole plan; larger ones get a part, whose p-values are good to a factor of two or three;
/// and of very many tasks each gets the sample alone, in which no p-value is below one over its size
/// (docs/decisions/0009-p-values-and-sites.md).
struct BackgroundPlan: Equatable {
  /// The shuffles that are scored for all tasks together.
  var sampleCount: Int
  /// The shuffles of a population, behind the first, that rare scores are found with; 0 if they aren't looked for.
  var populationSize: Int
  /// The populations, each a tenth as likely as the one before.
  var levels: Int
  /// The steps by which a population is shuffled on.
  var steps: Int

  /// The multiplications that may be spent: about 20 seconds on two processors with AVX2.
  static let budget = 600_000_000_000

  private static let largestSample = 20_000
  private static let smallestSample = 500
  private static let smallestPopulation = 50
  /// The members of the populations of a whole plan, over all tasks; at least the second number per task.
  private static let (members, leastMembers) = (2000, 500)
  private static let whole = (levels: 7, steps: 12)
  private static let part = (levels: 5, steps: 5)

  init(for ensemble: Ensemble, length: Int) {
    let tasks = ensemble.taskCount
    let cost = (try? ensemble.configuration.multiplyAdds(length: length, taskCount: tasks)) ?? 1
    self.init(multiplyAdds: max(1, cost) * ensemble.networks.count, taskCount: tasks)
  }

  /// - Parameter multiplyAdds: Those of one sequence.
  init(multiplyAdds: Int, taskCount: Int) {
    let passes = Self.budget / multiplyAdds
    (levels, steps) = Self.whole
    sampleCount = Self.largestSample
    populationSize = max(Self.members / taskCount, Self.leastMembers)
    guard passes < passCount(taskCount: taskCount) else { return }
    sampleCount = max(
      Self.smallestSample, min(Self.largestSample, passes / 10))
    (levels, steps) = Self.part
    let members = max(0, passes - sampleCount) / (taskCount * levels * steps)
    populationSize = members < Self.smallestPopulation ? 0 : min(members, populationSize)
  }

  /// The sequences that are scored in all.
  func passCount(taskCount: Int) -> Int {
    sampleCount + taskCount * populationSize * levels * steps
  }
}
