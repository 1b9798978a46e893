internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Networks

/// The sequences that a command scores: those of a FASTA file, or windows of a genome.
struct ScoringInput: ParsableArguments {
  @Option(help: ArgumentHelp("The sequences, FASTA; - is standard input.", valueName: "fasta"))
  var fasta: String?

  @Option(
    help: ArgumentHelp(
      "The regions, BED or narrowPeak; - is standard input.", valueName: "bed"))
  var regions: String?

  @Option(help: ArgumentHelp("The genome of the regions, FASTA.", valueName: "fasta"))
  var genome: String?

  /// A sequence to score.
  struct Record {
    let name: String
    /// Where it stands; `nil` for a record of a FASTA file.
    let window: GenomicInterval?
    let bases: EncodedSequence
  }

  /// Refuses options that don't say one thing.
  ///
  /// Not `validate`, which the parser calls before it reports an option that it doesn't know.
  func check() throws {
    guard (fasta == nil) != (regions == nil) else {
      throw ValidationError("give either --fasta, or --regions with --genome")
    }
    guard (regions == nil) == (genome == nil) else {
      throw ValidationError("--regions and --genome go together")
    }
  }

  /// Whether records have windows.
  var hasWindows: Bool { regions != nil }

  private static let mostlyUnknown = "more than half of the bases unknown"

  /// Reads what the model can score, and tells what became of the rest.
  ///
  /// - Throws: `NothingToDoError` where that is nothing; what reading the files throws.
  func forEachRecord(
    for model: Model, label: String, console: Console, _ body: (Record) throws -> Void
  ) throws {
    if let fasta {
      try forEachRecord(ofFASTA: fasta, for: model, label: label, console: console, body)
    } else if let regions, let genome {
      try forEachRegion(of: regions, on: genome, for: model, label: label, console: console, body)
    }
  }

  private func forEachRecord(
    ofFASTA path: String, for model: Model, label: String, console: Console,
    _ body: (Record) throws -> Void
  ) throws {
    var reader = try FASTAReader(path: path)
    var ledger = Ledger(source: path)
    var progress = console.progress(label, unit: "sequences", total: nil)
    let longest = model.ensemble.configuration.length
    let tooLong = longest.map { "longer than the \($0) bases that the model reads" }
    while let record = try reader.next() {
      if record.bases.isMostlyUnknown {
        ledger.drop(Self.mostlyUnknown)
      } else if let longest, let tooLong, record.bases.count > longest {
        ledger.drop(tooLong)
      } else {
        ledger.use()
        try body(Record(name: record.name, window: nil, bases: record.bases))
      }
      progress.update(ledger.total)
    }
    progress.finish()
    guard ledger.used > 0 else {
      throw NothingToDoError(
        description: "\(ledger); give sequences with fewer unknown bases (N)"
          + (longest.map { ", of at most \($0) bases" } ?? ""))
    }
    console.note("\(ledger)")
  }

  /// Says that a file of regions is empty, as a part of scattered work may be: so is the output then.
  static func noRegions(in path: String) -> String {
    "\(Ledger(source: path).sourceName): holds no region; nothing is scored, the output is empty"
  }

  private func forEachRegion(
    of path: String, on genomePath: String, for model: Model, label: String, console: Console,
    _ body: (Record) throws -> Void
  ) throws {
    let genome = try Genome(path: genomePath)
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    let regions = try readPeaks(path)
    var ledger = Ledger(source: path)
    var progress = console.progress(label, unit: "regions", total: regions.count)
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
      let interval = region.interval
      let name = region.name ?? "\(interval.sequence):\(interval.start + 1)-\(interval.end)"
      try body(Record(name: name, window: window, bases: bases))
      progress.update(ledger.total)
    }
    progress.finish()
    if let explanation = naming.explanation(of: regions.map(\.interval.sequence)) {
      console.note(explanation)
    }
    guard !regions.isEmpty else { return console.note(Self.noRegions(in: path)) }
    guard ledger.used > 0 else {
      throw NothingToDoError(
        description:
          "\(ledger)\(DatasetInput.mend(unusable: regions.map(\.interval.sequence), on: genome))")
    }
    console.note("\(ledger)")
  }
}
