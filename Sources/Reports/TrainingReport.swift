public import Genomics

/// What training did and how well it went, as plain values, and the page that shows them.
public struct TrainingReport: Sendable {
  public typealias Table = ReportTable

  public var title: String
  /// The verdict in a sentence.
  public var summary = ""
  /// What to beware of, a sentence each.
  public var warnings: [String] = []
  /// How the run was made: command, version, seed, and the like.
  public var facts: [(name: String, value: String)] = []
  public var metrics = Table()
  /// The examples of each class by the class that was predicted.
  public var confusion = Table()
  /// Simple rules beside the model, on the same data.
  public var baselines = Table()
  /// The trials of a search for hyper-parameters, the best ones first.
  public var trials = Table()
  /// How alike the classes of each side are.
  public var classes = Table()
  /// What sides have in common.
  public var leaks = Table()
  /// How the examples were divided, in words.
  public var split = ""
  /// `(epoch, loss)`.
  public var lossCurves: [Curve] = []
  /// One per task, in their order.
  public var tasks: [TaskPanels] = []
  /// How motifs were found, in words.
  public var motifNote = ""
  /// What became of the records of each input.
  public var ledgers: [Ledger] = []
  /// What figures and probabilities hold for, a sentence each.
  public var limits: [String] = []
  /// What to cite, a reference each.
  public var references: [String] = []

  public init(title: String) {
    self.title = title
  }

  /// The figures of one task.
  public struct TaskPanels: Sendable {
    public var name: String
    /// The main figure in words.
    public var summary = ""
    /// Receiver operating characteristics, `(false positive rate, true positive rate)`: the model's, then those of simple
    /// rules.
    public var rocCurves: [Curve] = []
    /// `(recall, precision)`.
    public var precisionRecallCurves: [Curve] = []
    /// The share of positives in the held-out data.
    public var positiveFraction: Double?
    /// What was predicted and what came of it, in bins of probability.
    public var reliability: [ReliabilityPoint] = []
    /// The held-out scores, by class.
    public var scores: [ScoreClass] = []
    /// Predicted against measured numbers.
    public var scatter: ScatterPlot?
    public var motifs: [MotifCard] = []
    /// The distances that sites of two motifs keep.
    public var spacings = Table()
    /// Contributions in sequences, by what the sequences are examples of.
    public var sequences: [(heading: String, figures: [ReportFigure])] = []

    public init(name: String) { self.name = name }
  }

  /// The report as one HTML file that loads nothing and runs nothing; parts without content are
  /// left out.
  public func html() -> String { page.html() }

  /// The numbers of all figures, tab-separated.
  public func numbers() -> String { page.numbers() }

  private var page: ReportPage {
    var page = ReportPage(title: title)
    page.summary = summary
    page.warnings = warnings
    page.sections = [
      .init("Performance on held-out data", performance),
      .init("Beside simple rules", [.table(baselines)]),
      .init("Motifs", motifs),
      .init("Sequences", sequences),
      .init("Training", lossCurves.isEmpty ? [] : [.figures([.loss(lossCurves)])]),
      .init("Search", [.table(trials)]),
      .init("Data", [.text(split), .table(classes), .table(leaks), .table(ledgerTable)]),
      .init("Limits", [.list(limits)]),
      .init("How to cite", [.list(references)]),
      .init("Run", [.facts(facts)]),
    ]
    return page
  }
}

extension TrainingReport {
  /// The tasks whose figures are drawn, and those whose figures stand open: more make the page too large.
  private static let (mostTasks, mostOpen) = (24, 3)

  private var isOfOneTask: Bool { tasks.count == 1 }

  /// What each task has to show, folded under its name if there are several.
  private func byTask(_ blocks: (TaskPanels) -> [ReportBlock]) -> [ReportBlock] {
    guard !isOfOneTask else { return tasks.flatMap(blocks) }
    return tasks.prefix(Self.mostTasks).enumerated().compactMap { index, task in
      let own = blocks(task)
      guard own.contains(where: { !$0.html.isEmpty }) else { return nil }
      let summary = task.name + (task.summary.isEmpty ? "" : ": \(task.summary)")
      return .folded(summary: summary, isOpen: index < Self.mostOpen, own)
    }
  }

  private var performance: [ReportBlock] {
    let interval =
      metrics.rows.isEmpty
      ? ""
      : "A range in parentheses is a 95% interval: the middle 95% of the figures of 1,000 resamples of the held-out examples. "
        + "It tells how much the figure depends on which examples were held out, not how it would change with another training."
    let rest = tasks.count - Self.mostTasks
    return [.table(metrics), .table(confusion), .text(interval)]
      + byTask { [.figures(figures(of: $0))] }
      + (rest > 0 ? [.text("\(rest) more tasks stand in the table alone.")] : [])
  }

  private func figures(of task: TaskPanels) -> [ReportFigure] {
    let end = isOfOneTask ? "" : ", \(task.name)"
    var figures: [ReportFigure] = []
    if !task.rocCurves.isEmpty {
      figures.append(.roc(task.rocCurves, title: "ROC curve\(end)"))
    }
    if !task.precisionRecallCurves.isEmpty {
      figures.append(
        .precisionRecall(
          task.precisionRecallCurves, positiveFraction: task.positiveFraction,
          title: "Precision and recall\(end)"))
    }
    if let scatter = task.scatter { figures.append(ReportFigure(scatter)) }
    if !task.reliability.isEmpty {
      figures.append(.reliability(task.reliability, title: "Reliability\(end)"))
    }
    if !task.scores.isEmpty {
      figures.append(.histogram(task.scores, title: "Scores by class\(end)"))
    }
    return figures
  }

  private var motifs: [ReportBlock] {
    let blocks = byTask { [.motifs($0.motifs), .table($0.spacings)] }
    return blocks.contains { !$0.html.isEmpty } || !motifNote.isEmpty
      ? [.text(motifNote)] + blocks : []
  }

  private var sequences: [ReportBlock] {
    let blocks = byTask { task in
      task.sequences.flatMap { [.text($0.heading), .figures($0.figures)] }
    }
    guard blocks.contains(where: { !$0.html.isEmpty }) else { return [] }
    return [
      .text(
        "Held-out sequences, each base as high as what it contributes to the output; a line below marks a motif."
      )
    ] + blocks
  }

  private var ledgerTable: Table {
    let rows = ledgers.map { ledger in
      let dropped = ledger.dropped.map { "\($0.count) \($0.reason)" }.joined(separator: "; ")
      return [ledger.source, "\(ledger.used)", "\(ledger.total)", dropped.isEmpty ? "–" : dropped]
    }
    return Table(header: ["Input", "Used", "Of", "Dropped, and why"], rows: rows)
  }
}
