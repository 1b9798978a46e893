internal import Datasets
internal import Evaluation
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Models
internal import Networks
internal import Training

// What to beware of before a figure or a model is believed, in words.

extension ChanceResult {
  /// That the model may have learned nothing, and why that may be.
  var warning: String {
    "warning: \(task.escapedForTerminal): held-out AUROC \(fixed(auroc, 4))"
      + Metrics.range(interval)
      + " can't be told from chance (0.5): the model may have learned nothing; likely causes: peaks on "
      + "another build of the genome, labels or negatives of another task, too few examples"
  }
}

extension TaskMetrics {
  /// That the model may have learned nothing of a task's numbers; `nil` if it has, or if they aren't numbers.
  var uncorrelatedWarning: String? {
    guard let figures = regression, let pearson = figures.pearson,
      let interval = figures.pearsonInterval, interval[0] <= 0
    else { return nil }
    return "warning: \(task.escapedForTerminal): held-out correlation \(fixed(pearson, 4))"
      + Metrics.range(interval)
      + " can't be told from 0: the model may have learned nothing; likely causes: too few examples, "
      + "noise in the measurements, labels of other sequences"
  }
}

extension Contradiction {
  /// That sequences stand under both labels.
  var warning: String {
    "WARNING: \(task.escapedForTerminal): \(sequences) sequence(s), or their reverse complements, stand "
      + "among the positives and among the negatives: nothing can tell them apart; check the input"
  }
}

extension Console {
  /// Reads a model, and says what its users must beware of.
  ///
  /// - Parameters:
  ///   - alphabets: Those that the command can read.
  ///   - readsSide: Whether the command reads numbers beside sequences.
  /// - Throws: `OtherAlphabetError`, `SideInputsError`.
  func model(path: String, of alphabets: [Alphabet] = [.dna], readsSide: Bool = true) throws
    -> Model
  {
    let model = try Model(path: path)
    guard readsSide || model.sideNames.isEmpty else {
      throw SideInputsError(file: path, names: model.sideNames)
    }
    guard alphabets.contains(model.alphabet) else {
      throw OtherAlphabetError(file: path, alphabet: model.alphabet, known: alphabets)
    }
    for result in model.atChance { note(result.warning) }
    return model
  }
}

/// A model that reads numbers beside sequences, for a command that has none.
struct SideInputsError: Failure, Equatable {
  let file: String
  let names: [String]

  var kind: FailureKind { .badData }

  var description: String {
    "\(file.escapedForTerminal): the model reads \(names.map(\.quoted).joined(separator: ", ")) beside each sequence, "
      + "which this command doesn't; give a model that was trained without --side"
  }
}

/// A model of sequences that a command doesn't read.
struct OtherAlphabetError: Failure, Equatable {
  let file: String
  let alphabet: Alphabet
  let known: [Alphabet]

  var kind: FailureKind { .badData }

  var description: String {
    "\(file.escapedForTerminal): the model reads \(alphabet.name), this command only "
      + known.map(\.name).joined(separator: " and ")
      + "; `seqcnn predict` and `evaluate` read sequences of every alphabet"
  }
}

/// With fewer positives to train on than this, figures of the presets still rise steeply with more
/// (docs/decisions/0013-few-peaks.md).
private let fewTrainingPositives = 200

/// Warns of each task with few positives to train on.
///
/// - Parameter lacksKmers: Whether the recipe has no k-mer model, which learns more from few, and could have one.
func fewExamplesWarnings(_ training: [Example], tasks: [String], lacksKmers: Bool) -> [String] {
  tasks.enumerated().compactMap { task, name in
    let positives = training.count { $0.labels[task] > 0.5 }
    guard positives < fewTrainingPositives else { return nil }
    return "warning: \(name.escapedForTerminal): only \(positives) positives to train on; below "
      + "\(fewTrainingPositives) a model is poor and depends on chance; give more examples"
      + (!lacksKmers ? "" : ", or take the default recipe, whose k-mer model learns more from few")
  }
}

extension Objective {
  /// Fewer held-out examples than this can't tell good from middling.
  private static var fewHeldOut: Int { 20 }

  /// That few examples were held out, or few of them are bound; `nil` of enough.
  func scarcity(of examples: [Example], for purpose: String) -> String? {
    let count = hasNegatives ? examples.count(where: \.isPositive) : examples.count
    guard count < Self.fewHeldOut else { return nil }
    return
      "only \(count) \(hasNegatives ? "positives" : "examples") for \(purpose): its figures say little"
  }
}

extension Provenance {
  /// The names of files of examples that the model was trained or calibrated with.
  ///
  /// - Throws: What reading throws.
  func trainedOn(_ paths: [String]) throws -> [String] {
    let known = Set(learnedInputs.map(\.sha256))
    guard !known.isEmpty else { return [] }
    return try paths.filter { try isFile($0) && !isPipe($0) && known.contains(sha256(ofFile: $0)) }
  }
}

/// That figures on files that a model was trained on don't say how well it predicts.
func trainedOnWarning(_ files: [String]) -> String {
  "warning: the model was trained on \(files.map(\.escapedForTerminal).joined(separator: ", ")): the "
    + "figures tell how well it remembers, not how well it predicts; measure on other examples"
}

/// That the held-out figures of a training may count what the model that it starts from has seen.
func startedOnWarning(_ files: [String]) -> String {
  "warning: the model to start from was trained on \(files.map(\.escapedForTerminal).joined(separator: ", ")): held-out "
    + "figures may count examples that it has seen; measure on other examples"
}

/// So far may shares of positives be apart before the calibration error is mostly of that.
private let negligibleShift = 0.1

/// Warns of each task whose examples have another share of positives than its probabilities hold for.
///
/// - Parameter priors: Those shares, one per task of the figures.
func priorWarnings(_ metrics: Metrics, priors: [Double]) -> [String] {
  zip(metrics.tasks, priors).compactMap { task, prior in
    guard let figures = task.classification, figures.calibrationError != nil else { return nil }
    let share = Double(figures.positives) / Double(figures.positives + figures.negatives)
    guard abs(share - prior) > negligibleShift else { return nil }
    return
      "warning: \(task.task.escapedForTerminal): \(percent(share)) of the examples are positives, and the "
      + "probabilities hold for \(percent(prior)): Brier score and calibration error count that; to measure the "
      + "rest, give --prior \(figure(share, 2))"
  }
}

/// GC content alone should tell the classes of a task no better than this.
private let suspiciousArea = 0.6

/// Warns of each task whose classes differ in GC content, and says what can be done about it.
///
/// - Parameter mix: Where the negatives come from, unless the examples say otherwise.
func compositionWarnings(
  _ examples: [Example], tasks: [String], negatives mix: NegativeMix?
) -> [String] {
  let source =
    [NegativeSource.random, .repeats].first { mix?.contains($0) == true } ?? mix?.sole
  return tasks.enumerated().compactMap { task, name in
    guard let area = MeasuredExamples(examples, task: task).gcAUROC, area > suspiciousArea
    else { return nil }
    let negatives = examples.filter { $0.labels[task] == 0 }
    let advice =
      adviceAmongTasks(negatives, source, taskCount: tasks.count)
      ?? adviceForOneTask(negatives, source)
    return "warning: \(name.escapedForTerminal): GC content alone tells the classes apart with "
      + "AUROC \(fixed(area, 4)), so figures flatter; \(advice)"
  }
}

/// What to do about negatives that don't match a task's positives because there are other tasks; `nil` if
/// that isn't why.
private func adviceAmongTasks(
  _ negatives: [Example], _ source: NegativeSource?, taskCount: Int
) -> String? {
  let ofOthers = negatives.count(where: \.isPositive)
  guard taskCount > 1, source != .random, source != .given || 2 * ofOthers >= negatives.count
  else { return nil }
  let rest =
    source == .given
    ? "" : ", and the others were made to match the positives of all tasks together"
  return
    "\(ofOthers) of its \(negatives.count) negatives are positives of other tasks\(rest); train "
    + "and measure it alone for negatives that match its positives"
}

/// What to do that hasn't been done yet.
private func adviceForOneTask(_ negatives: [Example], _ source: NegativeSource?) -> String {
  if source == .repeats {
    return
      "tandem repeats have a GC content of their own; to see what the model knows beyond that, measure it with "
      + "`seqcnn evaluate --make-negatives dinucleotide`"
  }
  if 2 * negatives.count(where: \.isShuffle) >= negatives.count {
    return
      "its negatives are shuffles, so positives that have none make the difference; leave those out"
  }
  if source == .random {
    return
      "random windows of the genome have its GC content; to see what the model knows beyond that, measure it "
      + "with `seqcnn evaluate --make-negatives genomic`"
  }
  if source == .genomic {
    return
      "too few genomic windows have the positives' GC content; take --make-negatives dinucleotide"
  }
  return
    "give negatives that match the positives' GC content, or leave them out, for shuffles of the "
    + "positives"
}
