public import ArgumentParser
internal import Genomics
internal import GenomicsIO
public import Inference
internal import Models

struct DesignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "design",
    abstract: "Edit sequences until models give them the outputs that are wanted.",
    discussion: """
      EXAMPLES
        seqcnn design --model ctcf/model.safetensors --random 100 --output designs
        seqcnn design --model ctcf/model.safetensors --fasta promoters.fa \\
          --max-edits 6 --gc-range 0.4-0.6 --forbid GGTCTC --output designs
        seqcnn design --model a/model.safetensors --avoid b/model.safetensors \\
          --random 20 --goal 4 --output designs

      Starts are the records of --fasta, windows of --regions in --genome, or, with
      --random, random bases or dinucleotide shuffles of the records. The value of a
      sequence is the sum of the outputs of --model, logits for classification, less
      those of --avoid; what is above --goal or below --ceiling counts nothing more.
      No edit breaks a constraint. A start that breaks one is mended first; one that
      can't be is dropped, with the reason.

      --method says how edits are found:
        greedy    the best of all edits, one after the other
        gradient  the best of the edits that the gradient names; faster for large
                  networks, and the others are tried where none of them helps
        beam      the best --beam-width sequences are kept at each step
        anneal    random edits, those that make it worse ever more rarely
      What misses --goal is searched for again with a beam of --beam-width, then
      with one of four times as many sequences. At the end edits that aren't worth
      --edit-cost are taken back. The folder holds
        designs.fa   the sequences
        designs.tsv  a row for each: start, edits, outputs before and after, the
                     share of G and C, the distance to the nearest other design
        edits.tsv    a row for each edit, and what the value loses without it
      """)

  @OptionGroup(title: "Aims") var aims: DesignAimOptions
  @OptionGroup(title: "Starts") var input: ScoringInput

  @Option(help: ArgumentHelp("The number of random starts.", valueName: "n"))
  var random: Int?

  @Option(
    help: ArgumentHelp(
      "The length of starts of random bases; the first model's, unless given.", valueName: "bases"))
  var length: Int?

  @OptionGroup(title: "Constraints") var limits: DesignConstraintOptions

  @Option(help: ArgumentHelp("How edits are found.", valueName: "name"))
  var method = DesignMethod.greedy

  @Option(
    help: ArgumentHelp("What an edit has to be worth, in units of the output.", valueName: "x"))
  var editCost = 0.0

  @Option(help: ArgumentHelp("The sequences that a beam keeps.", valueName: "n"))
  var beamWidth = 8

  @Option(help: ArgumentHelp("The random edits of an annealing.", valueName: "n"))
  var steps = 2000

  @Option(
    help: ArgumentHelp(
      "The temperature at which an annealing begins, in units of the output; it ends at a "
        + "hundredth.", valueName: "x"))
  var temperature = 1.0

  @OptionGroup var folder: FolderOption

  @OptionGroup var seed: SeedOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.random.check(random)
    try NumberRule.length.check(length)
    try NumberRule.editCost.check(editCost)
    try NumberRule.beamWidth.check(beamWidth)
    try NumberRule.steps.check(steps)
    try NumberRule.temperature.check(temperature)
  }

  private var hasSequences: Bool { input.isGiven }

  func run() throws {
    guard random != nil || hasSequences else {
      throw ValidationError("give starts: --fasta, --regions with --genome, or --random")
    }
    if hasSequences { try input.check() }
    guard length == nil || !hasSequences else {
      throw ValidationError("--length is of random bases; leave it out with --fasta or --regions")
    }
    let models = try aims.models(console: shared.console)
    let designAims = try aims.aims(for: models)
    let constraints = try limits.constraints(console: shared.console)
    var ledger = Ledger(source: hasSequences ? input.path : "random")
    let starts = try usable(starts(for: models[0]), for: models, constraints, &ledger)
    let directory = try folder.directory()
    let designer = SequenceDesigner(
      designAims, constraints: constraints, configuration: configuration)
    let progress = SharedProgress(
      shared.console.progress("design", unit: "sequences", total: starts.count))
    let designs = designer.designs(
      from: starts.map(\.bases), protected: try limits.protected(in: starts),
      threads: shared.threads
    ) { progress.add(1) }
    progress.finish()
    var made: [(start: DesignStart, design: DesignedSequence)] = []
    for (start, design) in zip(starts, designs) {
      switch design {
      case .success(let design):
        made.append((start, design))
        ledger.use()
      case .failure(let reason): ledger.drop(reason.description)
      }
    }
    guard !made.isEmpty else {
      throw NothingToDoError(
        description: "\(ledger); allow more edits or loosen the constraints")
    }
    let files = DesignFiles(made, aims: designAims, models: models)
    try directory.commit(files.written(in: directory))
    shared.console.note("\(ledger)")
    for line in files.summary { shared.console.note(line) }
  }

  private var configuration: DesignConfiguration {
    var configuration = DesignConfiguration(method: method, mostEdits: limits.maxEdits)
    configuration.editCost = editCost
    configuration.beamWidth = beamWidth
    configuration.steps = steps
    configuration.temperatures = temperature / 100...temperature
    configuration.seed = seed.seed
    return configuration
  }

  private func starts(for model: Model) throws -> [DesignStart] {
    guard hasSequences else {
      let shares = try limits.gcShares
      let gc = shares.map { ($0.lowerBound + $0.upperBound) / 2 } ?? 0.5
      return numbered(
        PlantingBackgrounds.random(
          random ?? 0, length: length ?? model.windowLength, gc: gc, seed: seed.seed))
    }
    var starts: [DesignStart] = []
    try input.forEachRecord(
      label: "read", console: shared.console, reading: model.window(around:on:)
    ) { record in
      guard record.problem == nil else { return }
      let place =
        record.stretch ?? GenomicInterval(record.name, start: 0, end: record.bases.count)
      starts.append(DesignStart(name: record.name, place: place, bases: record.bases))
    }
    guard let random else { return starts }
    let known = starts.map(\.bases).filter { !$0.isMostlyUnknown }
    guard !known.isEmpty else {
      throw NothingToDoError(
        description: "\(Ledger(source: input.path).sourceName): no sequence to shuffle; give "
          + "sequences of known bases")
    }
    return numbered(PlantingBackgrounds.shuffles(random, of: known, seed: seed.seed))
  }

  private func numbered(_ sequences: [EncodedSequence]) -> [DesignStart] {
    sequences.enumerated().map { index, bases in
      let name = "random\(index + 1)"
      return DesignStart(
        name: name, place: GenomicInterval(name, start: 0, end: bases.count), bases: bases)
    }
  }

  /// The starts that all models read whole, and that can keep to the constraints.
  private func usable(
    _ starts: [DesignStart], for models: [Model], _ constraints: DesignConstraints,
    _ ledger: inout Ledger
  ) throws -> [DesignStart] {
    let usable = starts.filter { start in
      let reason = models.lazy.compactMap { model in
        SequenceScorer(model).problem(of: WindowedSequence(start.bases))?.description
          ?? (model.readsWhole(length: start.bases.count)
            ? nil : "longer than the model reads whole")
      }.first
      let excluded =
        constraints.excludesAll(length: start.bases.count)
        ? "no number of G and C is within --gc-range" : nil
      if let reason = reason ?? excluded { ledger.drop(reason) }
      return reason == nil && excluded == nil
    }
    guard !usable.isEmpty else {
      throw NothingToDoError(
        description: "\(ledger); give sequences of known bases that the models read whole, "
          + "\(models[0].windowLength) for example")
    }
    return usable
  }
}

extension DesignMethod: ExpressibleByArgument {}
