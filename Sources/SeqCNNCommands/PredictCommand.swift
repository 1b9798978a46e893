internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Networks
internal import Tensors

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Score sequences or regions of a genome.",
    discussion: """
      EXAMPLES
        seqcnn predict --model ctcf/model.safetensors \\
          --fasta promoters.fa.gz > scores.tsv
        seqcnn predict --model ctcf/model.safetensors \\
          --regions peaks.bed --genome hg38.fa.gz --output scores.tsv

      The table has a header and the columns name, (chrom start end with --regions),
      and one column a task: the probability that the sequence is bound, or the
      number or score itself. Sequences are scored whole; a model that reads one length only
      fills shorter ones up with unknown bases and can't score longer ones. Regions are scored in windows of
      the model's length, centred on the summit (narrowPeak) or the middle; chrom,
      start and end are the window's. What can't be scored, such as a sequence with
      more than half of its bases unknown (N), is counted and said; where nothing can be, that
      is an error.

      Imported DeepBind models score the windows of a longer sequence, of which the
      largest score counts. --window-size takes windows of another length; --average
      takes the sum of the windows' scores over the sequence's length, which is what
      DeepBind's program does.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The sequences, FASTA; - is standard input.", valueName: "fasta"))
  var fasta: String?

  @Option(
    help: ArgumentHelp(
      "The regions, BED or narrowPeak; - is standard input.", valueName: "bed"))
  var regions: String?

  @Option(help: ArgumentHelp("The genome of the regions, FASTA.", valueName: "fasta"))
  var genome: String?

  @Option(help: ArgumentHelp("The table; - is standard output.", valueName: "tsv"))
  var output = "-"

  @Flag(help: "Average the windows of a sequence (models that score windows).")
  var average = false

  @Option(
    help: ArgumentHelp(
      "The length of the windows, in bases (models that score windows).", valueName: "n"))
  var windowSize: Int?

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let windowSize, !(1...1_000_000).contains(windowSize) {
      throw ValidationError("--window-size is \(windowSize); take 1 to 1000000")
    }
    guard (fasta == nil) != (regions == nil) else {
      throw ValidationError("give either --fasta, or --regions with --genome")
    }
    guard (regions == nil) == (genome == nil) else {
      throw ValidationError("--regions and --genome go together")
    }
  }

  func run() throws {
    let model = try windowed(Model(path: model))
    var table = try OutputFile(path: output, replacing: force.force)
    if let fasta {
      try predict(fasta: fasta, with: model, to: &table)
    } else if let regions, let genome {
      try predict(regions: regions, genome: genome, with: model, to: &table)
    }
    try table.commit()
  }

  /// The model with the windows that the options ask for.
  private func windowed(_ model: Model) throws -> Model {
    guard average || windowSize != nil else { return model }
    let rule = WindowRule(
      length: windowSize ?? model.windowLength, reduction: average ? .average : .max)
    guard let windowed = model.reading(windows: rule) else {
      throw ValidationError(
        "--average and --window-size are for imported models, which score windows; "
          + "this one reads sequences whole")
    }
    return windowed
  }

  private static let recordsPerBlock = 8192
  private static let mostlyUnknown = "more than half of the bases unknown"

  private func predict(fasta: String, with model: Model, to table: inout OutputFile) throws {
    try table.write(header(["name"], of: model))
    var reader = try FASTAReader(path: fasta)
    var ledger = Ledger(source: fasta)
    var progress = shared.console.progress("predict", unit: "sequences", total: nil)
    var block: [DNASequence] = []
    var isAtEnd = false
    let longest = model.ensemble.configuration.length
    let tooLong = longest.map { "longer than the \($0) bases that the model reads" }
    while !isAtEnd {
      if let record = try reader.next() {
        if record.bases.isMostlyUnknown {
          ledger.drop(Self.mostlyUnknown)
        } else if let longest, let tooLong, record.bases.count > longest {
          ledger.drop(tooLong)
        } else {
          block.append(record)
        }
      } else {
        isAtEnd = true
      }
      guard isAtEnd || block.count == Self.recordsPerBlock else { continue }
      let rows = block.map { Row(fields: [$0.name], bases: $0.bases) }
      try write(rows, of: model, to: &table)
      ledger.use(block.count)
      block = []
      progress.update(ledger.total)
    }
    progress.finish()
    guard ledger.used > 0 else {
      throw NothingToDoError(
        description: "\(ledger); give sequences with fewer unknown bases (N)"
          + (longest.map { ", of at most \($0) bases" } ?? ""))
    }
    shared.console.note("\(ledger)")
  }

  private func predict(
    regions path: String, genome genomePath: String, with model: Model, to table: inout OutputFile
  ) throws {
    try table.write(header(["name", "chrom", "start", "end"], of: model))
    let genome = try Genome(path: genomePath)
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    let regions = try readPeaks(path)
    var ledger = Ledger(source: path)
    var rows: [Row] = []
    for region in regions {
      guard
        let window = window(
          around: region, length: model.windowLength, genome: genome, naming: naming.resolve,
          ledger: &ledger)
      else { continue }
      let bases = try genome.bases(in: window)
      guard !bases.isMostlyUnknown else {
        ledger.drop(Self.mostlyUnknown)
        continue
      }
      ledger.use()
      let label =
        region.name
        ?? "\(region.interval.sequence):\(region.interval.start + 1)-\(region.interval.end)"
      rows.append(
        Row(fields: [label, window.sequence, "\(window.start)", "\(window.end)"], bases: bases))
      if rows.count == Self.recordsPerBlock {
        try write(rows, of: model, to: &table)
        rows = []
      }
    }
    try write(rows, of: model, to: &table)
    if let explanation = naming.explanation(of: regions.map(\.interval.sequence)) {
      shared.console.note(explanation)
    }
    guard ledger.used > 0 else {
      throw NothingToDoError(
        description:
          "\(ledger)\(DatasetInput.mend(unusable: regions.map(\.interval.sequence), on: genome))")
    }
    shared.console.note("\(ledger)")
  }

  /// A line of the table before its scores are known.
  private struct Row {
    let fields: [String]
    let bases: EncodedSequence
  }

  private func header(_ columns: [String], of model: Model) -> String {
    (columns + model.tasks.map(\.tableField)).joined(separator: "\t") + "\n"
  }

  private func write(_ rows: [Row], of model: Model, to table: inout OutputFile) throws {
    let outputs = model.ensemble.outputs(rows.map(\.bases), threads: shared.threads)
    let tasks = model.tasks.count
    for (index, row) in rows.enumerated() {
      let scores = outputs.scalars[index * tasks..<(index + 1) * tasks].map {
        "\(model.objective.prediction($0))"
      }
      let fields = row.fields.map(\.tableField) + scores
      try table.write(fields.joined(separator: "\t") + "\n")
    }
  }
}

/// An input of which nothing can be used.
struct NothingToDoError: Failure, Equatable {
  let description: String
  var kind: FailureKind { .badData }
}

extension String {
  /// The text as a field of a tab-separated table: control characters escaped.
  var tableField: String { escapedForTerminal }
}
