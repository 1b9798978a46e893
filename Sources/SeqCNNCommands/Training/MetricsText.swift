internal import Evaluation
internal import Genomics
internal import Models
internal import Networks
internal import Reports
internal import Training

extension Metrics {
  /// The figures of each task in words.
  var summary: [String] {
    guard data != Self.nothing else {
      return [
        "nothing was measured, as --test 0 holds out nothing; `seqcnn evaluate` measures the model on "
          + "other data"
      ]
    }
    return classesSummary + levelsSummary
      + tasks.map { task in
        let name = task.task.escapedForTerminal
        if let figures = task.regression {
          return "\(name): \(data) Pearson correlation "
            + Self.words(figures.pearson, figures.pearsonInterval)
            + ", Spearman correlation " + Self.words(figures.spearman, figures.spearmanInterval)
            + ", R² " + Self.words(figures.rSquared, figures.rSquaredInterval)
            + ", mean squared error \(figure(figures.meanSquaredError, 4)), "
            + (figures.devianceExplained.map { "deviance explained \(fixed($0, 4)), " } ?? "")
            + "\(figures.count) examples"
        }
        guard let figures = task.classification, let auroc = figures.auroc,
          let auprc = figures.auprc
        else { return "\(name): no \(data) figures, a class is absent" }
        return "\(name): \(data) AUROC \(fixed(auroc, 4))\(Self.range(figures.aurocInterval)), "
          + "AUPRC \(fixed(auprc, 4))\(Self.range(figures.auprcInterval)), "
          + "\(figures.positives) positives, \(figures.negatives) negatives"
      }
  }

  /// How well classes are told from each other.
  var classesSummary: [String] {
    guard let classes else { return [] }
    let rule = classes.baselineAccuracy.map {
      ", \(classes.baselineName ?? "baseline") of each class \(fixed($0, 4))"
    }
    return [
      "\(data) accuracy \(fixed(classes.accuracy, 4))\(Self.range(classes.accuracyInterval)), balanced "
        + "\(fixed(classes.balancedAccuracy, 4))\(Self.range(classes.balancedAccuracyInterval)), macro AUROC "
        + "\(auroc.map { fixed($0, 4) } ?? "undefined"), \(classes.count) examples; accuracy of the largest class alone "
        + "\(fixed(classes.largestShare, 4))\(rule ?? "")"
    ]
  }

  /// How well levels of a scale are told.
  private var levelsSummary: [String] {
    guard let levels else { return [] }
    return [
      "\(data) Spearman correlation of the expected level "
        + Self.words(levels.spearman, levels.spearmanInterval) + ", mean absolute error "
        + "\(figure(levels.meanAbsoluteError, 4)) levels, accuracy \(fixed(levels.accuracy, 4)), "
        + "\(levels.count) examples"
    ]
  }

  /// The examples of each class by what was predicted; nothing unless each example belongs to one.
  var confusionTable: TrainingReport.Table {
    guard let classes else { return .init() }
    return TrainingReport.Table(
      header: ["Class \\ predicted"] + tasks.map(\.task),
      rows: zip(tasks, classes.confusion).map { [$0.task] + $1.map { "\($0)" } })
  }

  private static func words(_ value: Double?, _ interval: [Double]?) -> String {
    value.map { fixed($0, 4) + range(interval) } ?? "undefined"
  }

  static func range(_ interval: [Double]?) -> String {
    interval.map { interval in
      let dash = interval[0] < 0 ? " to " : "–"
      return " (95% CI \(fixed(interval[0], 4))\(dash)\(fixed(interval[1], 4)))"
    } ?? ""
  }

  /// The figures of each task as a table.
  var table: TrainingReport.Table {
    func cell(_ value: Double?, _ interval: [Double]? = nil) -> String {
      value.map { fixed($0, 4) + Self.range(interval) } ?? "–"
    }
    if !objective.hasClasses {
      return TrainingReport.Table(
        header: ["Task", "Pearson", "Spearman", "R²", "Mean squared error", "Examples"],
        rows: tasks.compactMap { task in
          task.regression.map {
            [
              task.task, cell($0.pearson, $0.pearsonInterval),
              cell($0.spearman, $0.spearmanInterval), cell($0.rSquared, $0.rSquaredInterval),
              figure($0.meanSquaredError, 4), "\($0.count)",
            ]
          }
        })
    }
    return TrainingReport.Table(
      header: [
        "Task", "AUROC", "AUPRC", "Brier score", "Calibration error", "by chance", "Positives",
        "Negatives",
      ],
      rows: tasks.compactMap { task in
        task.classification.map {
          [
            task.task, cell($0.auroc, $0.aurocInterval), cell($0.auprc, $0.auprcInterval),
            cell($0.brier, $0.brierInterval),
            cell($0.calibrationError, $0.calibrationErrorInterval),
            cell($0.calibrationErrorByChance), "\($0.positives)", "\($0.negatives)",
          ]
        }
      })
  }

  /// What the model adds to the best baseline of each task, in words.
  var baselineSummary: [String] {
    tasks.compactMap { task in
      if let rules = task.regressionBaselines { return Self.summary(of: rules, task) }
      guard let baselines = task.baselines, let best = task.bestBaseline else { return nil }
      let list = baselines.map { "\($0.name) \(fixed($0.auroc, 4))" }.joined(separator: ", ")
      return "\(task.task.escapedForTerminal): baselines' AUROC: \(list); the model adds "
        + "\(fixed(best.aurocGain, 4))\(Self.range(best.aurocGainInterval)) to the best"
    }
  }

  private static func summary(of rules: [RegressionComparison], _ task: TaskMetrics) -> String {
    let list = rules.map { "\($0.name) \(words($0.pearson, nil))" }.joined(separator: ", ")
    let gain = task.bestRegressionBaseline.map {
      "; the model adds \(words($0.pearsonGain, $0.pearsonGainInterval)) to the best"
    }
    return "\(task.task.escapedForTerminal): baselines' Pearson correlation: \(list)\(gain ?? "")"
  }

  private var regressionBaselineTable: TrainingReport.Table {
    TrainingReport.Table(
      header: ["Task", "Baseline", "Pearson", "Model adds", "Spearman", "Model adds", "R²"],
      rows: tasks.flatMap { task in
        (task.regressionBaselines ?? []).map { rule in
          [
            task.task, rule.name + (rule.detail.map { ": \($0)" } ?? ""),
            Self.words(rule.pearson, nil), Self.words(rule.pearsonGain, rule.pearsonGainInterval),
            Self.words(rule.spearman, nil),
            Self.words(rule.spearmanGain, rule.spearmanGainInterval),
            Self.words(rule.rSquared, nil),
          ]
        }
      })
  }

  /// The model beside the baselines of each task.
  var baselineTable: TrainingReport.Table {
    guard objective.hasClasses else { return regressionBaselineTable }
    return TrainingReport.Table(
      header: ["Task", "Baseline", "AUROC", "Model adds", "AUPRC", "Model adds"],
      rows: tasks.flatMap { task in
        (task.baselines ?? []).map { baseline in
          [
            task.task, baseline.name + (baseline.detail.map { ": \($0)" } ?? ""),
            fixed(baseline.auroc, 4),
            fixed(baseline.aurocGain, 4) + Self.range(baseline.aurocGainInterval),
            fixed(baseline.auprc, 4),
            fixed(baseline.auprcGain, 4) + Self.range(baseline.auprcGainInterval),
          ]
        }
      })
  }
}
