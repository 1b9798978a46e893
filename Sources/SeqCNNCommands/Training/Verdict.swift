internal import Evaluation
internal import Genomics

/// How a model does beside the best of the simple rules.
private enum Standing {
  case better, alike, worse

  /// - Parameter interval: That of what the model adds; `nil` if it isn't known.
  init?(gain interval: [Double]?) {
    guard let interval else { return nil }
    self = interval[0] > 0 ? .better : interval[1] < 0 ? .worse : .alike
  }

  var words: String {
    switch self {
    case .better: "a difference that chance doesn't explain"
    case .alike: "a difference that chance explains"
    case .worse: "so the rule is the better one"
    }
  }
}

extension TaskMetrics {
  /// The best rule, whatever is predicted.
  private var bestRule: (name: String, value: Double, standing: Standing)? {
    if let rule = bestBaseline {
      return Standing(gain: rule.aurocGainInterval).map { (rule.name, rule.auroc, $0) }
    }
    guard let rule = bestRegressionBaseline, let value = rule.pearson,
      let standing = Standing(gain: rule.pearsonGainInterval)
    else { return nil }
    return (rule.name, value, standing)
  }

  /// Whether chance explains what the model adds to the best of the simple rules; `nil` if no rule was measured.
  fileprivate var addsNothing: Bool? { bestRule.map { $0.standing != .better } }

  /// That a simple rule does better; `nil` if none does for certain.
  var ruleWarning: String? {
    guard let rule = bestRule, rule.standing == .worse else { return nil }
    return
      "warning: \(task.escapedForTerminal): \(rule.name) alone tells held-out examples better than the model does; "
      + "take that rule, or look for what makes it so telling"
  }

  /// What the figures of held-out examples mean, in a sentence; `nil` if there are none.
  fileprivate var verdict: String? {
    if let figures = classification, let auroc = figures.auroc {
      if let interval = figures.aurocInterval, interval[0] <= 0.5 {
        return
          "\(task): with \(counted(figures.positives, "positive")) and \(counted(figures.negatives, "negative")) that "
          + "training didn't see, what the model does can't be told from guessing."
      }
      let beside = bestRule.map {
        "; the best simple rule, \($0.name), does so in \(percent($0.value)): \($0.standing.words)"
      }
      return
        "\(task): of a positive and a negative that training didn't see, the model scores the positive higher in "
        + "\(percent(auroc)) of all pairs\(beside ?? "")."
    }
    if let figures = regression, let pearson = figures.pearson {
      if let interval = figures.pearsonInterval, interval[0] <= 0 {
        return
          "\(task): with \(counted(figures.count, "example")) that training didn't see, what the model predicts can't "
          + "be told from what has nothing to do with the measured numbers."
      }
      let beside = bestRule.map {
        "; those of the best simple rule, \($0.name), with one of \(fixed($0.value, 2)): \($0.standing.words)"
      }
      return
        "\(task): predictions of examples that training didn't see follow what was measured with a correlation of "
        + "\(fixed(pearson, 2))\(beside ?? "")."
    }
    return nil
  }
}

extension Metrics {
  /// What the figures of up to three tasks mean, a sentence each.
  var sentences: [String] {
    guard let classes else { return tasks.compactMap(\.verdict) }
    return [
      "Of the examples that training didn't see, the model names the right one of \(tasks.count) classes for "
        + "\(percent(classes.accuracy)); the largest class alone would be right for \(percent(classes.largestShare))."
    ]
  }

  /// Of many tasks, in how many the model adds something to simple rules.
  var sentenceOnRules: String? {
    let known = tasks.filter { $0.addsNothing != nil }
    guard !known.isEmpty else { return nil }
    let without = known.filter { $0.addsNothing == true }.map(\.task)
    return
      "In \(without.count == known.count ? "none" : "\(known.count - without.count)") of \(known.count) tasks the model "
      + "is better than the best simple rule by more than chance explains"
      + (without.isEmpty || without.count == known.count ? "." : ", not in \(without.shortList).")
  }
}
