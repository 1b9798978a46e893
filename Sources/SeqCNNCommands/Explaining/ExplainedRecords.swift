internal import Genomics
internal import Inference
internal import Models
internal import Tensors

/// The records of an input with their explanations, one per task.
struct ExplainedRecords {
  struct Row {
    let name: String
    /// What of the genome was read; `nil` for a record of a FASTA file.
    let stretch: GenomicInterval?
    let explanations: [Explanation]

    /// The first base of a task's window, counted from 0 on the sequence that it is on.
    func start(of task: Int) -> Int {
      (stretch?.start ?? 0) + explanations[task].place.lowerBound
    }
  }

  private(set) var rows: [Row] = []
  /// What the regions call sequences of the genome, by the genome's names.
  private(set) var names: [String: String] = [:]

  /// Sequences explained at a time.
  private static let blockSize = 512

  /// Reads and explains all records.
  ///
  /// - Throws: What `forEachRecord` and `report` throw.
  init(
    of input: ModelInput, by explainer: SequenceExplainer,
    model: Model, tasks: [Int], label: String, options: SharedOptions
  ) throws {
    var ledger = Ledger(source: input.path)
    var waiting: [ScoringInput.Record] = []
    try input.forEachRecord(of: model, label: label, console: options.console) { record in
      if let problem = record.problem(for: model) { return ledger.drop(problem) }
      waiting.append(record)
      guard waiting.count == Self.blockSize else { return }
      explain(waiting, by: explainer, tasks: tasks, threads: options.threads, &ledger)
      waiting = []
    }
    explain(waiting, by: explainer, tasks: tasks, threads: options.threads, &ledger)
    try input.report(ledger, console: options.console)
  }

  private mutating func explain(
    _ records: [ScoringInput.Record], by explainer: SequenceExplainer, tasks: [Int], threads: Int,
    _ ledger: inout Ledger
  ) {
    let first = rows.count
    let byTask = tasks.map {
      explainer.explanations(
        of: records.map(\.bases), task: $0, first: first, threads: threads)
    }
    for (index, record) in records.enumerated() {
      do throws(UnscorableSequence) {
        var explanations: [Explanation] = []
        for task in byTask { explanations.append(try task[index].get()) }
        rows.append(Row(name: record.name, stretch: record.stretch, explanations: explanations))
        if let name = record.genomeName, names[name] == nil {
          names[name] = record.stretch?.sequence
        }
        ledger.use()
      } catch {
        ledger.drop(error.description)
      }
    }
  }

  /// The contributions along a genome.
  func track(of task: Int, on sequences: [String]) -> ContributionTrack {
    ContributionTrack(
      rows.compactMap { row in
        row.stretch.map { stretch in
          let explanation = row.explanations[task]
          let start = row.start(of: task)
          return (
            GenomicInterval(
              stretch.sequence, start: start, end: start + explanation.place.count),
            explanation.contributions
          )
        }
      }, sequences: sequences)
  }

  func summary(of task: Int, named name: String) -> ExplanationSummary.Task {
    let explanations = rows.map { $0.explanations[task] }
    let completeness = Completeness(of: explanations)
    return ExplanationSummary.Task(
      task: name, sequences: rows.count, completenessError: completeness?.error,
      largestCompletenessError: completeness?.largestError,
      byBestWindow: explanations.count { $0.isOfBestWindow })
  }
}

/// What `explain.json` says.
struct ExplanationSummary: Encodable {
  let version, command: String
  let modelDigests: [String]
  let method: String
  /// Left out if the method reads none.
  let references: Int?
  let seed: UInt64
  let tasks: [Task]

  struct Task: Encodable {
    let task: String
    let sequences: Int
    /// Left out if contributions needn't add up.
    let completenessError: Double?
    let largestCompletenessError: Double?
    /// The sequences that are explained in one window of theirs.
    let byBestWindow: Int

    func tell(_ console: Console) {
      if byBestWindow > 0 {
        console.note(
          "\(task.escapedForTerminal): \(grouped(byBestWindow)) sequence(s) longer than those of training; each is "
            + "explained in its best window alone")
      }
      guard let completenessError, let largestCompletenessError else { return }
      console.note(
        "\(task.escapedForTerminal): contributions add up to the output less that of the shuffles; error "
          + "\(precise(completenessError)) of it, at most \(precise(largestCompletenessError))")
    }
  }

  init(_ options: ExplanationOptions, tasks: [Task], origin: OutputOrigin) {
    (version, command, modelDigests) = (origin.version, origin.command, origin.modelDigests)
    method = options.method.rawValue
    references = options.method.readsReferences ? options.references : nil
    (seed, self.tasks) = (options.seed.seed, tasks)
  }
}
