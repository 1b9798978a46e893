internal import Datasets
internal import Genomics
internal import Networks
internal import Reports
internal import Training

extension Metrics {
  /// The figures of each task in words.
  var summary: [String] {
    tasks.map { task in
      let name = task.task.escapedForTerminal
      if let figures = task.regression {
        let correlation = figures.pearson.map { fixed($0, 4) } ?? "undefined"
        return "\(name): \(data) Pearson correlation \(correlation), mean squared error "
          + "\(fixed(figures.meanSquaredError, 5)), \(figures.count) examples"
      }
      guard let figures = task.classification, let auroc = figures.auroc, let auprc = figures.auprc
      else { return "\(name): no \(data) figures, a class is absent" }
      return "\(name): \(data) AUROC \(fixed(auroc, 4))\(Self.range(figures.aurocInterval)), "
        + "AUPRC \(fixed(auprc, 4))\(Self.range(figures.auprcInterval)), "
        + "\(figures.positives) positives, \(figures.negatives) negatives"
    }
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
    if objective == .regression {
      return TrainingReport.Table(
        header: ["Task", "Pearson", "Mean squared error", "Examples"],
        rows: tasks.map {
          [
            $0.task, cell($0.regression?.pearson), cell($0.regression?.meanSquaredError),
            "\($0.regression?.count ?? 0)",
          ]
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
      guard let baselines = task.baselines, let best = baselines.max(by: { $0.auroc < $1.auroc })
      else { return nil }
      let list = baselines.map { "\($0.name) \(fixed($0.auroc, 4))" }.joined(separator: ", ")
      return "\(task.task.escapedForTerminal): baselines' AUROC: \(list); the model adds "
        + "\(fixed(best.aurocGain, 4))\(Self.range(best.aurocGainInterval)) to the best"
    }
  }

  /// The model beside the baselines of each task.
  var baselineTable: TrainingReport.Table {
    TrainingReport.Table(
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

/// GC content alone should tell the classes of a task no better than this.
private let suspiciousArea = 0.6

/// Warns of each task whose classes differ in GC content.
func compositionWarnings(_ examples: [Example], tasks: [String]) -> [String] {
  tasks.enumerated().compactMap { task, name in
    guard let area = MeasuredExamples(examples, task: task).gcAUROC, area > suspiciousArea
    else { return nil }
    return "warning: \(name.escapedForTerminal): GC content alone tells the classes apart with "
      + "AUROC \(fixed(area, 4)), so figures flatter; take GC-matched negatives"
  }
}
