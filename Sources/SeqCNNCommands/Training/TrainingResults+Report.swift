internal import Datasets
internal import Evaluation
internal import Genomics
internal import Inference
internal import Models
internal import Motifs
internal import Networks
internal import Reports
internal import Tensors
internal import Training

extension TrainingResults {
  /// The page of a training.
  func report(_ search: Tuning.Result?) -> TrainingReport {
    var report = TrainingReport(title: "seqcnn: \(model.tasks.shortList)")
    report.summary = verdict
    report.warnings = warnings
    report.facts = facts
    report.ledgers = run.ledgers
    report.lossCurves = lossCurves
    report.metrics = test.isEmpty ? .init() : metrics.table
    report.confusion = metrics.confusionTable
    report.baselines = metrics.baselineTable
    report.trials = search?.trialTable ?? .init()
    report.split =
      ([run.split] + run.notes.filter { !$0.isEmpty }).map { "\($0)." }.joined(separator: " ")
    report.classes = run.classTable
    report.leaks = run.leakTable
    report.motifNote = motifs.map { $0.motifs.isEmpty ? "" : $0.note(of: model) } ?? ""
    report.tasks = model.tasks.indices.map(panels)
    report.limits = limits
    report.references = references
    return report
  }

  /// The main result in a sentence or two.
  private var verdict: String {
    guard metrics.data != Metrics.nothing else { return metrics.summary.joined(separator: " ") }
    guard model.tasks.count > 3 else {
      let figures = "Figures: \(metrics.summary.joined(separator: "; "))."
      return (metrics.sentences + firstMotifs + [figures]).joined(separator: " ")
    }
    let figures = metrics.tasks.compactMap { task -> (name: String, value: Double)? in
      (task.classification?.auroc ?? task.regression?.pearson).map { (task.task, $0) }
    }.sorted { $0.value < $1.value }
    guard let least = figures.first, let most = figures.last else { return "" }
    let mean = figures.reduce(0) { $0 + $1.value } / Double(figures.count)
    if metrics.classes != nil {
      return metrics.classesSummary.map { "\($0.capitalizedFirst)." }.joined(separator: " ")
        + " The class told worst is \(least.name) (AUROC \(fixed(least.value, 4))), the one told best \(most.name) "
        + "(\(fixed(most.value, 4)))."
    }
    return "\(model.tasks.count) tasks: the mean held-out \(model.objective.measureName) is "
      + "\(fixed(mean, 4)), from \(fixed(least.value, 4)) (\(least.name)) to "
      + "\(fixed(most.value, 4)) (\(most.name))."
      + (metrics.sentenceOnRules.map { " \($0)" } ?? "")
  }

  /// The first motif of each task, in a sentence.
  private var firstMotifs: [String] {
    model.tasks.enumerated().compactMap { task, name in
      motifs?.motifs(of: task).first.map { motif in
        let first = model.tasks.count == 1 ? "Its first motif" : "The first motif of \(name)"
        return motif.match.motif == nil
          ? "\(first), \(motif.motif.probabilities.consensus), is like none of \(motif.match.database)."
          : "\(first) is that of \(motif.match)."
      }
    }
  }

  private var facts: [(String, String)] {
    [
      ("Version", run.version), ("Seed", "\(run.seed)"),
      ("Window", "\(model.windowLength) bases"),
      (
        "Lowest validation loss",
        histories.map { "epoch \($0.bestEpoch) of \($0.count)" }.joined(separator: "; ")
      ),
      ("Processor", "\(run.cpu), BLAS kernel \(run.blasKernel)"),
    ] + fits.notes.map { ("Learning", $0) }
      + run.inputs.map { ("SHA-256 of \($0.name)", $0.sha256) }
      + (filters?.withoutMotif ?? []).map { ("Filters", $0) }
  }

  private var lossCurves: [Curve] {
    histories.enumerated().flatMap { member, history in
      let number = histories.count > 1 ? " \(member + 1)" : ""
      return [
        Curve("training\(number)", points: history.map { (Double($0.epoch), $0.trainingLoss) }),
        Curve("validation\(number)", points: history.map { (Double($0.epoch), $0.validationLoss) }),
      ]
    }
  }

  private var limits: [String] {
    var limits = [
      "The figures hold for sequences like the held-out ones: \(run.split).",
      "The model reads windows of \(model.windowLength) bases; of a longer sequence it tells the best window.",
    ]
    if model.objective.hasNegatives, metrics.data != Metrics.nothing {
      limits.append(
        "How hard the task is depends on the \(prepared.negatives.note). Against others, AUROC and AUPRC differ."
      )
    }
    if let note = model.priorNote {
      limits.append(note.prefix(1).uppercased() + note.dropFirst() + ".")
    }
    if let motifs, !motifs.motifs.isEmpty {
      limits.append(
        "A motif is what the model uses. That a protein binds there is a conclusion from the labels, and a name is that of the most "
          + "similar motif known: proteins of one family share motifs.")
      if run.recipe.ensemble.knownMotifs > 0 {
        limits.append(
          "Up to \(run.recipe.ensemble.knownMotifs) filters of each network started from motifs of JASPAR. That a motif which was found is like one of "
            + "these is no evidence of its own.")
      }
    }
    return limits
  }

  private var references: [String] {
    var references = [
      "seqcnn \(run.version), with the seed and the digests of the inputs that stand below.",
      "Alipanahi B, Delong A, Weirauch MT, Frey BJ. Predicting the sequence specificities of DNA- and RNA-binding proteins by deep "
        + "learning. Nature Biotechnology 33:831, 2015.",
    ]
    guard let motifs, !motifs.motifs.isEmpty else { return references }
    references += [
      "Contributions: Shrikumar A, Greenside P, Kundaje A. Learning important features through propagating activation "
        + "differences. ICML 2017.",
      "Names of motifs: Gupta S, Stamatoyannopoulos JA, Bailey TL, Noble WS. Quantifying similarity between motifs. Genome Biology "
        + "8:R24, 2007, in the database \(motifs.motifs[0].match.database).",
    ]
    return references
  }
}

extension [String] {
  /// The first few, and how many more there are.
  var shortList: String {
    prefix(4).joined(separator: ", ") + (count > 4 ? " and \(count - 4) more" : "")
  }
}
