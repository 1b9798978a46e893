internal import Genomics
internal import Inference
internal import Models
internal import Networks
internal import Tensors

/// What a scan found out beside its sites, and what is called one: all that the shards of a scan must agree
/// in, and their windows counted.
struct SiteCaller: Codable, Equatable {
  let rule: SiteRule
  let top: Int?
  let objective: Objective
  /// The names of the tasks that were scanned for.
  let tasks: [String]
  let windowLength: Int
  /// One per task, or none.
  let background: [ScoreDistribution]
  /// The length of the longest sequence of the genome, which decides the kind of index.
  var longestSequence: Int

  init(rule: SiteRule, top: Int?, model: Model, tasks: [Int]) {
    self.rule = rule
    self.top = top
    objective = model.objective
    self.tasks = tasks.map { model.tasks[$0] }
    windowLength = model.windowLength
    background = model.background.isEmpty ? [] : tasks.map { model.background[$0] }
    longestSequence = 0
  }

  /// How many sites there are, and why they are fewer than `--top` asks for.
  ///
  /// - Parameter counts: Those of each task.
  /// - Returns: What to say of them, and what to add if there are too few.
  func words(onSites counts: [Int]) -> (result: String, shortfall: String?) {
    let result = "\(grouped(counts.reduce(0, +))) sites"
    guard let top, let fewest = counts.min(), fewest < top else { return (result, nil) }
    let whose =
      counts.count > 1 ? " of \(tasks[counts.firstIndex(of: fewest) ?? 0].escapedForTerminal)" : ""
    let why = "--top \(grouped(top)): there are only \(grouped(fewest)) sites\(whose)"
    if case .pValue(1) = rule {
      return (result, "\(why); of windows whose sites share a base only the best counts")
    }
    return (
      result,
      "\(why) with \(rule.description); a laxer rule, such as a larger --p-value, gives more"
    )
  }

  /// The least output of each task that may turn out to be a site's; none if there can't be one.
  var leastOutputs: [Float] {
    switch rule {
    case .threshold(let threshold):
      tasks.map { _ in objective.output(ofPrediction: threshold) }
    // A q-value is never below its p-value.
    case .pValue(let value), .fdr(let value):
      background.map { $0.leastScore(ofPValue: value) ?? .infinity }
    }
  }
}
