internal import Datasets
internal import Genomics
internal import Reports

extension ClassMatch {
  /// The means of both classes and the distance of their distributions, in words.
  var summary: String {
    func words(_ name: String, _ comparison: Comparison, decimals: Int) -> String {
      "\(name) \(fixed(comparison.positives.mean, decimals)) against "
        + "\(fixed(comparison.negatives.mean, decimals)) (KS \(fixed(comparison.distance, 3)))"
    }
    return "positives have " + words("GC", gc, decimals: 3) + ", "
      + words("length", length, decimals: 1)
  }
}

extension LoadedDataset {
  private static let mostTasksShown = 20

  /// What is learned, or measured, of each task, a line each.
  var taskWords: [String] {
    let summaries = taskSummaries
    if labelKind == .categories {
      return ["classes: \(summaries.map(\.classWords).joined(separator: ", "))"]
    }
    let rest = summaries.count - Self.mostTasksShown
    return summaries.prefix(Self.mostTasksShown).map { "\(labelKind.rawValue) of \($0.words)" }
      + (rest > 0 ? ["\(labelKind.rawValue) of \(rest) more tasks"] : [])
  }
}

extension TaskSummary {
  /// The name of a class and its number of examples.
  fileprivate var classWords: String { "\(task.quoted) \(positives ?? 0)" }

  /// The counts of the labels in words.
  var words: String {
    let missing = notMeasured > 0 ? ", \(notMeasured) not measured" : ""
    guard let numbers else {
      return "\(task.quoted): \(positives ?? 0) bound, \(negatives ?? 0) not bound\(missing)"
    }
    return "\(task.quoted): \(numbers.count) numbers from \(numbers.lowest) to \(numbers.highest), "
      + "mean \(figure(numbers.mean, 4)), standard deviation "
      + "\(figure(numbers.standardDeviation, 4))\(missing)"
  }
}

extension RunRecord {
  /// What a user must know of the data before believing a figure, a line each.
  var dataNotes: [String] {
    Side.allCases.compactMap { side in
      classes[side.rawValue].map { "\(side.rawValue): \($0.summary)" }
    } + [
      leaks.isClean
        ? "\(leaks)" : "warning: \(leaks): figures flatter; change the table's column `split`"
    ]
  }

  /// How alike the classes of each side are.
  var classTable: TrainingReport.Table {
    TrainingReport.Table(
      header: [
        "Side", "Property", "Positives: mean (quartiles)", "Negatives: mean (quartiles)",
        "Kolmogorov–Smirnov distance",
      ],
      rows: Side.allCases.flatMap { side -> [[String]] in
        guard let match = classes[side.rawValue] else { return [] }
        return [("GC content", match.gc, 3), ("Length", match.length, 1)].map {
          name, comparison, decimals in
          [
            side.rawValue, name, comparison.positives.text(decimals: decimals),
            comparison.negatives.text(decimals: decimals), fixed(comparison.distance, 3),
          ]
        }
      })
  }

  /// What sides have in common.
  var leakTable: TrainingReport.Table {
    TrainingReport.Table(
      header: ["Leaks", "Duplicates", "Near-duplicates", "Overlapping windows"],
      rows: leaks.pairs.map {
        ["\($0.from) to \($0.to)", "\($0.duplicates)", "\($0.nearDuplicates)", "\($0.overlaps)"]
      })
  }
}

extension ClassMatch.Summary {
  fileprivate func text(decimals: Int) -> String {
    "\(fixed(mean, decimals)) ("
      + quartiles.map { fixed($0, decimals) }.joined(separator: ", ") + ")"
  }
}
