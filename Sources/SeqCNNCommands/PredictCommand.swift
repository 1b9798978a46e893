public import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
public import Inference
internal import Models
internal import Networks

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

      The table has a header and a row for each record, in the order of the input:
        name, (chrom start end)  the record; with --regions its own coordinates
        a column a task          the probability that the sequence is bound, or the
                                 number or score itself
        spread                   with --spread, how far the networks disagree
        window_start window_end strand
                                 the best window: 0-based, half-open, in the sequence
                                 or on the chromosome; of several tasks a
                                 TASK.window_start and so on each
        evalue                   how many sites that score as high chance gives in
                                 background sequence of the same length
        reason                   why a record has no score; its scores are NA then

      A probability holds for a share of bound sequences, the prior: the one among
      the examples that calibrated the model, which is one half (1:1) unless the
      input had its own negatives or several tasks. Of windows of a genome far fewer
      are bound: --prior 0.001 gives the probabilities for one in a thousand. The
      order of the scores stays the same, and so does evalue, which needs no prior.

      A sequence as long as those of training is read whole. Of a longer one every
      window of the model's length is scored, and the best one counts (--reduce max);
      --reduce mean and sum take the mean or the sum of the windows' predictions. The
      more windows, the higher the best of them scores by chance: most stretches of
      2,000 bases hold a window above 0.5. So call a long sequence bound if its
      evalue is at most 0.05; of sequences of any length without a site about one in
      twenty is then called.

      A region shorter than the windows is read as a window around its summit
      (narrowPeak) or middle.

      Imported DeepBind models score the windows of a sequence as DeepBind's program
      does. --window-size takes windows of another length; --average takes the sum of
      the windows' scores over the sequence's length.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @Option(
    help: ArgumentHelp(
      "The table, compressed if it ends in .gz; - is standard output.", valueName: "tsv"))
  var output = "-"

  @Option(
    help: ArgumentHelp(
      "How the windows of a long sequence make its prediction.", valueName: "max|mean|sum"))
  var reduce = WindowReduction.max

  @Flag(help: "Average the windows of a sequence (imported models).")
  var average = false

  @Option(
    help: ArgumentHelp(
      "The length of the windows, in bases (imported models).", valueName: "n"))
  var windowSize: Int?

  @Flag(
    help: """
      Add how far the networks of the model disagree: the standard deviation of what each of them would predict.
      """)
  var spread = false

  @OptionGroup var priorOption: PriorOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.windowSize.check(windowSize)
    try input.check()
    try OutputName.table.check(output, option: "--output")
  }

  func run() throws {
    let model = try windowed(
      priorOption.applied(
        to: shared.console.model(path: model, of: Alphabet.allCases)))
    guard !input.hasRegions || model.alphabet == .dna else {
      throw ValidationError(
        "--regions are of a genome, and the model reads \(model.alphabet.name); give --fasta")
    }
    let rows = PredictionTable(
      model, reduction: reduce, hasRegions: input.hasRegions, spread: try spread(of: model))
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    try file.write(rows.header)
    var ledger = Ledger(source: input.path)
    var (block, bases) = ([ScoringInput.Record](), 0)
    try input.forEachRecord(
      of: model, label: "predict", console: shared.console, reading: model.stretch(scoring:on:)
    ) { record in
      block.append(record)
      bases += record.bases.count
      guard block.count == Self.recordsPerBlock || bases >= Self.basesPerBlock else { return }
      try file.write(rows.rows(of: block, options: shared, ledger: &ledger))
      (block, bases) = ([], 0)
    }
    try file.write(rows.rows(of: block, options: shared, ledger: &ledger))
    try file.commit()
    input.note(ledger, console: shared.console)
    model.priorNote.map(shared.console.note)
  }

  /// What tells how far the networks disagree, if that is asked for.
  private func spread(of model: Model) throws -> PredictionSpread? {
    guard spread else { return nil }
    guard reduce == .max, !average else {
      throw ValidationError("--spread is of the best window; leave --reduce and --average out")
    }
    guard let spread = PredictionSpread(model) else {
      throw ValidationError(
        "--spread needs several networks, and the model has one; train with the default recipe, or "
          + "\"ensemble\": {\"networks\": 3}")
    }
    return spread
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
  private static let basesPerBlock = 1 << 24
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

extension WindowReduction: ExpressibleByArgument {}
