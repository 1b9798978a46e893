internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// The sequences that a command gives to a model, with what the model reads beside them.
struct ModelInput: ParsableArguments {
  @OptionGroup var sequences: ScoringInput

  @Option(
    help: ArgumentHelp(
      "A table of sequences instead, with a column `seq` and the model's side inputs.",
      valueName: "tsv"))
  var table: String?

  @OptionGroup(title: "Side inputs") var side: SideOptions

  /// Whether sequences are given at all.
  var isGiven: Bool { table != nil || sequences.isGiven }

  /// Refuses options that don't say one thing.
  ///
  /// Not `validate`, which the parser calls before it reports an option that it doesn't know.
  func check() throws {
    guard table != nil else { return try sequences.check() }
    guard !sequences.isGiven else {
      throw ValidationError("give one of --fasta, --regions with --genome, and --table")
    }
  }

  /// Whether records are regions of a genome.
  var hasRegions: Bool { sequences.hasRegions }

  /// The file of the records.
  var path: String { table ?? sequences.path }

  /// Reads every record, in the order of the input, with what the model reads beside it.
  ///
  /// - Parameter stretch: What of the genome is read of a region; a window of the model's length around its summit or
  ///   middle unless given.
  /// - Throws: `ValidationError` if the model reads something beside sequences that isn't given; what
  ///   `ScoringInput.forEachRecord` throws.
  func forEachRecord(
    of model: Model, label: String, console: Console,
    reading stretch: ((Peak, GenomeSequence) -> Result<GenomicInterval, UnreadableRegion>)? = nil,
    _ body: (ScoringInput.Record) throws -> Void
  ) throws {
    let beside = try sources(for: model)
    guard let table else {
      return try sequences.forEachRecord(
        label: label, console: console, alphabet: model.alphabet,
        beside: SideReader(beside.tracks, for: model),
        reading: stretch ?? model.window(around:on:), body)
    }
    let rows = try readTable(
      table, tasks: .none, alphabet: model.alphabet, side: beside.columns
    ).rows
    var progress = console.progress(label, unit: "sequences", total: rows.count)
    for (index, row) in rows.enumerated() {
      try body(ScoringInput.Record(name: row.name, sequence: WindowedSequence(row.bases)))
      progress.update(index + 1)
    }
    progress.finish()
  }

  /// What the model reads beside sequences.
  private func sources(for model: Model) throws -> SideOptions.Sources {
    let beside = try side.sources(for: model, hasPlaces: hasRegions)
    guard beside.names.isEmpty || table != nil || hasRegions else {
      throw ValidationError(
        "the model reads numbers beside sequences; give a --table with their columns, or --regions with --genome"
      )
    }
    return beside
  }

  /// Tells what became of the records.
  ///
  /// - Throws: `NothingToDoError` if there are some and none could be used.
  func report(
    _ ledger: Ledger, console: Console, mend: String = ScoringInput.usable
  ) throws {
    try sequences.report(ledger, console: console, mend: mend)
  }

  /// Tells what became of the records.
  func note(_ ledger: Ledger, console: Console) { sequences.note(ledger, console: console) }
}
