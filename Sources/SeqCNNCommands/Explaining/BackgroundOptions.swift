internal import ArgumentParser
internal import Genomics
internal import Inference
internal import Models

/// The sequences that motifs are planted in.
struct BackgroundOptions: ParsableArguments {
  @OptionGroup var input: ModelInput

  @Option(
    help: ArgumentHelp(
      "The number of backgrounds: dinucleotide shuffles of the sequences, or random bases if none are given.",
      valueName: "n"))
  var backgrounds = 100

  @Option(help: ArgumentHelp("The share of G and C among random bases.", valueName: "share"))
  var gc: Double?

  private var isRandom: Bool { !input.isGiven }

  func validate() throws {
    try NumberRule.backgrounds.check(backgrounds)
    try NumberRule.gc.check(gc)
  }

  func check() throws {
    if !isRandom { try input.check() }
    guard isRandom || gc == nil else {
      throw ValidationError("--gc is of random bases; leave it out where sequences are given")
    }
  }

  /// The backgrounds, as long as the model's windows.
  func sequences(for model: Model, seed: UInt64, console: Console) throws -> [EncodedSequence] {
    let length = model.windowLength
    guard !isRandom else {
      guard model.sideNames.isEmpty else {
        throw ValidationError(
          "random bases have nothing beside them, and the model reads numbers there; give --regions with --genome, or a "
            + "--table: their shuffles keep the numbers")
      }
      return PlantingBackgrounds.random(backgrounds, length: length, gc: gc ?? 0.5, seed: seed)
    }
    var ledger = Ledger(source: input.path)
    var sequences: [EncodedSequence] = []
    try input.forEachRecord(of: model, label: "experiment", console: console) { record in
      let isShort = record.bases.count < length ? "shorter than the model's windows" : nil
      if let problem = record.problem(for: model) ?? isShort { return ledger.drop(problem) }
      ledger.use()
      let start = (record.bases.count - length) / 2
      sequences.append(record.bases[start..<start + length])
    }
    guard !sequences.isEmpty else {
      throw NothingToDoError(
        description: "\(ledger); give sequences of \(length) known bases or more")
    }
    input.note(ledger, console: console)
    return PlantingBackgrounds.shuffles(backgrounds, of: sequences, seed: seed)
  }
}
