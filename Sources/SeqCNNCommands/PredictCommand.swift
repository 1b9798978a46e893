internal import ArgumentParser
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
      number or score itself. Sequences are scored whole; a model that reads one
      length only fills shorter ones up with unknown bases and can't score longer
      ones. Regions are scored in windows of the model's length, centred on the
      summit (narrowPeak) or the middle; chrom, start and end are the window's. What
      can't be scored, such as a sequence with more than half of its bases unknown
      (N), is counted and said; where nothing can be, that is an error.

      Imported DeepBind models score the windows of a longer sequence, of which the
      largest score counts. --window-size takes windows of another length; --average
      takes the sum of the windows' scores over the sequence's length, which is what
      DeepBind's program does.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ScoringInput

  @Option(
    help: ArgumentHelp(
      "The table, compressed if it ends in .gz; - is standard output.", valueName: "tsv"))
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
    try input.check()
    try OutputName.predictions.check(output, option: "--output")
  }

  func run() throws {
    let model = try windowed(Model(path: model))
    var table = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let columns = input.hasWindows ? ["name", "chrom", "start", "end"] : ["name"]
    try table.write((columns + model.tasks.map(\.tableField)).joined(separator: "\t") + "\n")
    var block: [ScoringInput.Record] = []
    try input.forEachRecord(for: model, label: "predict", console: shared.console) { record in
      block.append(record)
      guard block.count == Self.recordsPerBlock else { return }
      try write(block, of: model, to: &table)
      block = []
    }
    try write(block, of: model, to: &table)
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
  private func write(
    _ records: [ScoringInput.Record], of model: Model, to table: inout OutputFile
  ) throws {
    let outputs = model.ensemble.outputs(records.map(\.bases), threads: shared.threads)
    let tasks = model.tasks.count
    for (index, record) in records.enumerated() {
      let place = record.window.map { [$0.sequence, "\($0.start)", "\($0.end)"] } ?? []
      let scores = outputs.scalars[index * tasks..<(index + 1) * tasks].map {
        "\(model.objective.prediction($0))"
      }
      let fields = ([record.name] + place).map(\.tableField) + scores
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
