public import ArgumentParser
public import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks
internal import Tensors
public import Training

/// What training takes, with a search before it or without.
struct TrainingOptions: ParsableArguments {
  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"))
  var output: String

  @Option(
    help: ArgumentHelp(
      """
      The recipe to start from: sites if some negatives are random windows or repeats, as with --genome; else standard.
      """, valueName: "name"))
  var preset: Recipe.Preset?

  @Option(
    help: ArgumentHelp(
      "What the sequences are; RNA and proteins are read from one strand.",
      valueName: "dna|rna|protein"))
  var alphabet: Alphabet?

  @Option(
    help: ArgumentHelp(
      "Changes to the recipe; docs/formats.md has the keys.", valueName: "json"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      """
      The length of windows around peaks; unless given, the one that the preset is made for, else \
      \(DatasetInput.defaultPeakLength). Sequences are cut or filled up to it, or taken whole without it.
      """, valueName: "bases"))
  var length: Int?

  @Option(
    help: ArgumentHelp(
      "Passes over the training data at most, instead of the recipe's.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      """
      Which peaks are the strong ones, which are learned from first of all: by their signal value or \
      score, or the first rows where the rows prove to be in that order; the first rows in any case; \
      or none.
      """, valueName: "auto|order|none"))
  var strength = StrengthChoice.auto

  @Option(
    help: ArgumentHelp(
      """
      What the labels of a table are: bound or not, 1 and 0; measured numbers; one class of several; levels; or counts. By \
      default bound or not, or numbers, as their values say.
      """, valueName: "classification|regression|categorical|ordinal|count"))
  var objective: LabelKind?

  @Flag(
    help: """
      Tell classes apart, as --objective categorical: peak files are classes, or a column of a table names them.
      """)
  var classes = false

  @Flag(
    help: """
      Go on with a run that was interrupted, and end with the same bytes; with more --epochs also with one that is \
      finished.
      """)
  var resume = false

  @Flag(
    name: .customLong("no-motifs"),
    help: "Don't look for the motifs that the model uses; motifs.meme isn't written then.")
  var withoutMotifs = false

  @Option(
    help: ArgumentHelp(
      "Motifs to name those of the model by; JASPAR 2026's of vertebrates unless given.",
      valueName: "file"))
  var database: String?

  @OptionGroup(title: "Side inputs") var side: SideOptions
  @OptionGroup(title: "Start") var start: StartOptions
  @OptionGroup(title: "Negatives") var negatives: NegativesOptions
  @OptionGroup(title: "Held-out data") var splits: SplitOptions
  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.length.check(length)
    try NumberRule.epochs.check(epochs)
    if classes, objective ?? .categories != .categories {
      throw ValidationError("--classes and --objective contradict each other; give one of them")
    }
    try start.check()
    if withoutMotifs, database != nil {
      throw ValidationError("--database names motifs, and --no-motifs finds none; give one of them")
    }
    if resume, force.force {
      throw ValidationError("--resume goes on and --force starts anew; give one of them")
    }
    if input.source.paths.contains("-") {
      throw ValidationError("the input is read twice; give a file instead of -")
    }
    try negatives.validate(with: input)
    try splits.validate(with: input)
  }

  /// Trains a model and writes it with all that tells of it.
  ///
  /// - Parameter tuning: The search that settles the recipe first, if any.
  func run(tuning: Tuning? = nil) throws {
    try input.check()
    try input.checkNames()
    try input.check(side)
    try checkLabels()
    try loadMatrixLibrary()
    try refuseRepeatedFiles()
    var run = try TrainingRun(self, tuning: tuning)
    try run.run()
  }

  /// What the labels are said to be.
  var labelKind: LabelKind? { classes ? .categories : objective }

  private func checkLabels() throws {
    switch labelKind {
    case .numbers?, .counts?, .ranks?:
      guard input.table == nil else { return }
      throw ValidationError(
        "--objective \(labelKind?.rawValue ?? "") needs measured numbers; give a --table of them")
    case .categories?:
      guard input.table == nil, input.peaks.count < 2 else { return }
      throw ValidationError(
        "--classes tells classes apart; give several --peaks, one file per class, or a --table")
    case .classes?, nil: return
    }
  }

  /// The preset with the changes that the options ask for.
  ///
  /// - Parameters:
  ///   - model: What `--from` names.
  ///   - encoder: The same, if it is a model of sequence itself.
  func recipe(from model: Model?, encoder: GenerativeModelFile? = nil) throws -> Recipe {
    var recipe = Recipe(preset ?? automaticPreset)
    if let model { recipe.takeNetwork(of: model) }
    if let encoder { try recipe.takeEncoder(of: encoder) }
    if let alphabet { recipe = recipe.reading(alphabet) }
    if let config { try recipe.apply(readBytes(config, limit: largestSettings), file: config) }
    guard input.genome == nil || recipe.network.alphabet == .dna else {
      throw ValidationError(
        "--genome is of DNA; leave it out with an alphabet of \(recipe.network.alphabet.name)")
    }
    if let model, model.alphabet != recipe.network.alphabet {
      throw ValidationError(
        "--from names a model that reads \(model.alphabet.name); leave --alphabet out")
    }
    if let epochs { (recipe.training.epochs, recipe.training.leastSteps) = (epochs, 0) }
    return start.applied(to: recipe)
  }

  /// The length of windows around peaks, or that of all sequences; `nil` if they are taken whole.
  var windowLength: Int? { length ?? (input.genome == nil ? nil : preset?.length) }

  /// Windows of a genome are scanned by what was learned from windows of a genome, or of repeats.
  private var automaticPreset: Recipe.Preset {
    let mix = negatives.makeNegatives ?? (input.genome == nil ? nil : NegativeMix(.random))
    return labelKind ?? .classes == .classes && mix?.knowsScans == true ? .sites : .standard
  }

  /// What decides the result beside recipe, seed and input files.
  var planDescription: [String: String] {
    let tasks =
      if case .peaks(let files, _) = input.source { files.map(\.task) } else { [String]() }
    return [
      "tasks": tasks.joined(separator: ","), "length": windowLength.map { "\($0)" } ?? "",
      "validation": splits.validation ?? "",
      "test": splits.test ?? "", "validationNegatives": splits.validationNegatives ?? "",
      "testNegatives": splits.testNegatives ?? "",
      "makeNegatives": negatives.makeNegatives?.text ?? "",
      "negativeRatio": "\(negatives.negativeRatio)", "strength": strength.rawValue,
      "labels": input.labels.joined(separator: "\t"), "objective": labelKind?.rawValue ?? "",
      "newHead": start.newHead ? "true" : "", "filters": start.filters == nil ? "" : "true",
      "side": side.side.joined(separator: "\t"),
    ].filter { !$0.value.isEmpty }
  }

  /// Divides the examples, and makes negatives.
  func prepare(
    _ loaded: LoadedDataset, _ recipe: Recipe, beside: SideOptions.Sources
  ) throws -> PreparedDataset {
    guard loaded.statedSides.isEmpty || (splits.validation == nil && splits.test == nil) else {
      throw ValidationError(
        "the table's column `split` says what is held out; leave --validation and --test out, or "
          + "the column")
    }
    var plan = negatives.plan(seed: seedOption.seed)
    if plan.negatives == nil, loaded.isClassification, loaded.genome != nil,
      recipe.selection.randomNegatives
    {
      plan.negatives = NegativeMix(.random)
    }
    plan.trainingNegatives = recipe.selection.forTasks(loaded.dataset.tasks.count).negatives
    func read(_ side: Side, _ request: inout SplitRequest) throws -> LoadedDataset? {
      switch try splits.choice(for: side, of: input.source, loaded) {
      case .request(let asked):
        request = asked
        return nil
      case .file(let source):
        var side = try source.load(
          length: windowLength,
          labels: LabelRequest(columns: .among(loaded.dataset.tasks), kind: loaded.labelKind),
          alphabet: recipe.network.alphabet, side: beside.columns)
        try side.arrangeTasks(as: loaded.dataset.tasks, file: source.paths[0])
        shared.console.report(side)
        return side
      }
    }
    let validation = try read(.validation, &plan.validation)
    let test = try read(.test, &plan.test)
    var prepared = try loaded.prepared(plan, validation: validation, test: test)
    if prepared.negatives.contains(.dinucleotide) { try beside.refuseShuffles() }
    try prepared.read(beside.tracks, threads: shared.threads)
    shared.console.note("split \(prepared.splitDescription)")
    for note in prepared.notes { shared.console.note(note) }
    for ledger in prepared.ledgers { shared.console.note("\(ledger)") }
    for contradiction in prepared.contradictions { shared.console.note(contradiction.warning) }
    return prepared
  }

  /// What is read.
  func inputDigests() throws -> [InputDigest] {
    func digests(_ paths: [String], use: String? = nil) throws -> [InputDigest] {
      try paths.map { path in
        InputDigest(
          name: isPipe(path) ? "pipe" : path.split(separator: "/").last.map(String.init) ?? path,
          sha256: try sha256(ofFile: path), use: use)
      }
    }
    return try digests(input.source.paths) + digests(splits.files(for: .validation))
      + digests(splits.files(for: .test), use: InputDigest.test)
      + digests(negatives.exclude.map { [$0] } ?? [])
      + digests(start.paths, use: InputDigest.start)
      + digests(try side.sources(hasPlaces: input.hasPlaces).paths)
  }

  /// Refuses a held-out file that holds the very examples that training or another side has.
  private func refuseRepeatedFiles() throws {
    let heldOut = [Side.validation, .test].flatMap { splits.files(for: $0) }
    guard !heldOut.isEmpty else { return }
    var known: [String: String] = [:]
    for path in input.source.examplePaths where isFile(path) && !isPipe(path) {
      known[try sha256(ofFile: path)] = path
    }
    for side in [Side.validation, .test] {
      for path in splits.files(for: side) where !isPipe(path) {
        let digest = try sha256(ofFile: path)
        if let first = known[digest] {
          throw NothingToDoError(
            description:
              "\(path.escapedForTerminal), for \(side.rawValue), holds the same bytes as "
              + "\(first.escapedForTerminal), so nothing could be measured with it; give a file of other "
              + "examples, or a share to hold out")
        }
        known[digest] = path
      }
    }
  }
}

extension Recipe.Preset: ExpressibleByArgument {}
extension LabelKind: ExpressibleByArgument {}
extension StrengthChoice: ExpressibleByArgument {}
