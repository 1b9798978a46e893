internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Models
internal import Networks

/// The examples that a command reads.
struct InputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Sequences that are bound, FASTA.", valueName: "fasta"))
  var positives: String?

  @Option(help: ArgumentHelp("Sequences that are not bound, FASTA.", valueName: "fasta"))
  var negatives: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Peak files (narrowPeak, broadPeak, BED), a task each; NAME=FILE names the task.",
      valueName: "file"))
  var peaks: [String] = []

  @Option(
    help: ArgumentHelp(
      "The genome of the peaks, or that the positives were cut from, FASTA.", valueName: "fasta"))
  var genome: String?

  @Option(
    help: ArgumentHelp(
      "A table with a header, a column `seq`, and a column for each task.", valueName: "tsv"))
  var table: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      The columns of the table that are tasks; by default those that have a name of their own and \
      hold numbers, other than the rows'.
      """, valueName: "name"))
  var labels: [String] = []

  /// Refuses options that don't say one thing.
  ///
  /// Not `validate`, which the parser calls before it reports an option that it doesn't know.
  func check() throws {
    let given = [positives != nil, !peaks.isEmpty, table != nil].count { $0 }
    guard given == 1 else {
      throw ValidationError(
        given == 0
          ? "no input; give --positives, --peaks with --genome, or --table"
          : "several inputs; give one of --positives, --peaks and --table")
    }
    if negatives != nil, positives == nil {
      throw ValidationError("--negatives goes with --positives")
    }
    if !peaks.isEmpty, genome == nil {
      throw ValidationError("--peaks needs --genome, the FASTA that the peaks were called on")
    }
    if table != nil, genome != nil {
      throw ValidationError("--genome goes with --peaks or --positives")
    }
    if negatives != nil, genome != nil {
      throw ValidationError(
        "--negatives and --genome, of which negatives are made, are two sources; give one of them")
    }
    if !labels.isEmpty, table == nil {
      throw ValidationError("--labels chooses columns of a table; it goes with --table")
    }
    if let twice = labels.indices.first(where: { labels[..<$0].contains(labels[$0]) }) {
      throw ValidationError("--labels names \(labels[twice].quoted) twice; name each column once")
    }
    let names = peakFiles.map(\.task)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw ValidationError(
        "two peak files are the task \(names[twice].quoted); name them as NAME=FILE")
    }
  }

  /// Refuses peaks that a model's task can't be named after.
  func checkNames() throws {
    guard let nameless = peaks.first(where: DatasetInput.isNameless) else { return }
    throw ValidationError(
      "the pipe \(nameless.quoted) has no name to call its task by; give it as NAME=FILE")
  }

  private var peakFiles: [PeakFile] {
    peaks.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !parts[0].contains("/") else {
        return PeakFile(task: DatasetInput.taskName(of: argument), path: argument)
      }
      return PeakFile(task: String(parts[0]), path: String(parts[1]))
    }
  }

  /// What the options say; `check` has seen that they say one thing.
  var source: DatasetInput {
    if let positives {
      return genome.map { .located(positives: positives, genome: $0) }
        ?? .sequences(positives: positives, negatives: negatives)
    }
    if let table { return .table(table) }
    return .peaks(peakFiles, genome: genome ?? "")
  }

  /// Reads the examples for a model: windows around peaks of its length; sequences whole, or as in its
  /// training where it reads one length only.
  ///
  /// - Parameter side: The columns of a table that are read beside the sequences.
  func load(for model: Model, side: [String] = []) throws -> LoadedDataset {
    try source.load(
      length: genome == nil ? model.ensemble.configuration.length : model.windowLength,
      labels: LabelRequest(
        columns: labels.isEmpty ? .among(model.tasks) : .named(labels),
        kind: model.objective.labelKind), alphabet: model.alphabet, side: side)
  }
}

extension Console {
  /// Says how the input was understood and what became of its records.
  func report(_ loaded: LoadedDataset) {
    for note in loaded.notes { self.note(note) }
    for ledger in loaded.ledgers { note("\(ledger)") }
  }
}
