public import ArgumentParser
public import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Networks
internal import Tensors
public import Training

/// What training takes, with a search before it or without.
struct TrainingOptions: ParsableArguments {
  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("The recipe to start from.", valueName: "name"))
  var preset = Recipe.Preset.standard

  @Option(
    help: ArgumentHelp(
      "Changes to the recipe; docs/formats.md has the keys.", valueName: "json"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      """
      The length of windows around peaks, \(DatasetInput.defaultPeakLength) unless given; sequences \
      are cut or filled up to it, or taken whole without it.
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
  var strength = Strength.auto

  @Option(
    help: ArgumentHelp(
      """
      What the labels of a table are: classes, 0 and 1, or measured numbers; by default what their \
      values say.
      """, valueName: "classification|regression"))
  var objective: LabelKind?

  @Flag(help: "Go on with a run that was interrupted, and end with the same bytes.")
  var resume = false

  @OptionGroup(title: "Negatives") var negatives: NegativesOptions
  @OptionGroup(title: "Held-out data") var splits: SplitOptions
  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.length.check(length)
    try NumberRule.epochs.check(epochs)
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
    if objective == .numbers, input.table == nil {
      throw ValidationError("--objective regression needs measured numbers; give a --table of them")
    }
    try loadMatrixLibrary()
    let console = shared.console
    var recipe = try recipe()
    try refuseRepeatedFiles()
    let plan = RunPlan(
      version: programVersion, seed: seedOption.seed, recipe: recipe,
      options: planDescription.merging(tuning?.planDescription ?? [:]) { $1 },
      inputs: try inputDigests())
    let isBegun = ([Self.record] + unfinished(recipe)).contains { isFile("\(output)/\($0)") }
    let directory = try OutputDirectory(
      path: output, replacing: force.force, resuming: resume && isBegun)
    if resume, try isFinished(plan, recipe, in: directory) {
      return console.note("\(output.escapedForTerminal): finished already; nothing is left to do")
    }
    var loaded = try input.source.load(
      length: length,
      labels: LabelRequest(
        columns: input.labels.isEmpty ? .automatic : .named(input.labels), kind: objective))
    try negatives.exclude.map { path throws in try loaded.exclude(regionsOf: path) }
    console.report(loaded)
    for line in loaded.taskWords { console.note(line) }
    let prepared = try prepare(loaded, recipe)
    let windowLength = length ?? loaded.medianLength
    recipe.network = recipe.network.reading(length: windowLength)
    let objective = Objective(loaded.labelKind)
    try prepared.checkTasks(loaded.dataset.tasks, kind: loaded.labelKind)
    try check(prepared, objective: objective, recipe: recipe, windowLength: windowLength)
    var run = try RunRecord(plan, loaded: loaded, prepared: prepared)
    for note in run.dataNotes { console.note(note) }
    var training = EnsembleTraining(
      recipe: recipe, objective: objective, tasks: loaded.dataset.tasks, prepared: prepared,
      strength: strength, seed: seedOption.seed, threads: shared.threads, console: console)
    let strengths = training.strengths()
    setWordsOnInterruption(
      "seqcnn: interrupted; to go on from here, repeat the command with --resume"
        + (force.force ? " instead of --force\n" : "\n"))
    let tuned = try tuning?.run(
      training, learning: training.learned(round: 0, strengths), windowLength: windowLength,
      journal: TuningJournal(
        path: directory.path(of: Tuning.journal), run: run.digest, resuming: resume))
    if let tuned { (training.recipe, run.recipe) = (tuned.recipe, tuned.recipe) }
    let (ensemble, histories) = try training.run(
      strengths: strengths, checkpointing: directory, run: run.digest, resuming: resume)
    let (windows, origin) = try backgroundSources(
      of: loaded, prepared, objective, length: windowLength)
    let background = backgroundDistributions(
      of: ensemble, sources: windows, from: origin, length: windowLength, seed: seedOption.seed,
      threads: shared.threads)
    let model = Model(
      ensemble: ensemble, objective: objective, tasks: loaded.dataset.tasks,
      windowLength: windowLength, lengths: prepared.lengths(around: windowLength),
      provenance: Provenance(version: programVersion, seed: seedOption.seed, inputs: plan.inputs),
      background: background)
    let results = TrainingResults(
      model: model, histories: histories, prepared: prepared, run: run, seed: seedOption.seed,
      threads: shared.threads)
    try results.write(to: directory, search: tuned)
    try training.removeCheckpoints(from: directory)
    try directory.removeFile(named: Tuning.journal)
    setWordsOnInterruption(nil)
    for line in results.summary { console.note(line) }
    console.note(
      "wrote \(output.escapedForTerminal): open report.html, or use model.safetensors with "
        + "`seqcnn predict`, `scan`, `variants`")
  }

  /// What is shuffled to make background sequence: windows of the genome, where there is one.
  private func backgroundSources(
    of loaded: LoadedDataset, _ prepared: PreparedDataset, _ objective: Objective, length: Int
  ) throws -> ([EncodedSequence], BackgroundOrigin) {
    let windows = try loaded.genome.map {
      try backgroundWindows(
        of: $0, length: length, seed: seedOption.seed, threads: shared.threads)
    }
    guard let windows, !windows.isEmpty else {
      // A sequence that every shuffle gives again is no background.
      var shuffler = DinucleotideShuffler()
      return (objective.motifSources(prepared.train).filter { shuffler.canShuffle($0) }, .sequences)
    }
    return (windows, .genome)
  }

  private static let record = "run.json"

  /// What may stand in the folder of a run that isn't finished.
  private func unfinished(_ recipe: Recipe) -> [String] {
    EnsembleTraining.checkpoints(of: recipe.ensemble) + [Tuning.journal]
  }

  /// Whether a folder holds the results of this very run.
  ///
  /// - Throws: `InputError<CheckpointProblem>` where they are another run's.
  private func isFinished(
    _ plan: RunPlan, _ recipe: Recipe, in directory: borrowing OutputDirectory
  ) throws -> Bool {
    let record = directory.path(of: Self.record)
    for name in unfinished(recipe) where isFile(directory.path(of: name)) { return false }
    guard isFile(record) else { return false }
    guard try RunRecord.digest(inFile: record) == plan.digest else {
      throw InputError(file: record, CheckpointProblem.otherRun)
    }
    return isFile(directory.path(of: "model.safetensors"))
  }

  private func recipe() throws -> Recipe {
    var recipe = Recipe(preset)
    if let config { try recipe.apply(readBytes(config, limit: largestSettings), file: config) }
    if let epochs { (recipe.training.epochs, recipe.training.leastSteps) = (epochs, 0) }
    return recipe
  }

  /// What decides the result beside recipe, seed and input files.
  private var planDescription: [String: String] {
    let tasks =
      if case .peaks(let files, _) = input.source { files.map(\.task) } else { [String]() }
    return [
      "tasks": tasks.joined(separator: ","), "length": length.map { "\($0)" } ?? "",
      "validation": splits.validation ?? "",
      "test": splits.test ?? "", "validationNegatives": splits.validationNegatives ?? "",
      "testNegatives": splits.testNegatives ?? "",
      "makeNegatives": negatives.makeNegatives?.rawValue ?? "",
      "negativeRatio": "\(negatives.negativeRatio)", "strength": strength.rawValue,
      "labels": input.labels.joined(separator: "\t"), "objective": objective?.rawValue ?? "",
    ].filter { !$0.value.isEmpty }
  }

  private func prepare(_ loaded: LoadedDataset, _ recipe: Recipe) throws -> PreparedDataset {
    guard loaded.statedSides.isEmpty || (splits.validation == nil && splits.test == nil) else {
      throw ValidationError(
        "the table's column `split` says what is held out; leave --validation and --test out, or "
          + "the column")
    }
    var plan = negatives.plan(seed: seedOption.seed)
    plan.trainingNegatives = recipe.selection.forTasks(loaded.dataset.tasks.count).negatives
    func read(_ side: Side, _ request: inout SplitRequest) throws -> LoadedDataset? {
      switch try splits.choice(for: side, of: input.source, loaded) {
      case .request(let asked):
        request = asked
        return nil
      case .file(let source):
        var side = try source.load(
          length: length,
          labels: LabelRequest(columns: .among(loaded.dataset.tasks), kind: loaded.labelKind))
        try side.arrangeTasks(as: loaded.dataset.tasks, file: source.paths[0])
        shared.console.report(side)
        return side
      }
    }
    let validation = try read(.validation, &plan.validation)
    let test = try read(.test, &plan.test)
    let prepared = try loaded.prepared(plan, validation: validation, test: test)
    shared.console.note("split \(prepared.splitDescription)")
    for note in prepared.notes { shared.console.note(note) }
    for ledger in prepared.ledgers { shared.console.note("\(ledger)") }
    for contradiction in prepared.contradictions { shared.console.note(contradiction.warning) }
    return prepared
  }

  /// Fewer held-out positives than this can't tell good from middling.
  private static let fewPositives = 20

  private func check(
    _ prepared: PreparedDataset, objective: Objective, recipe: Recipe, windowLength: Int
  ) throws {
    for side in Side.allCases
    where prepared[side].isEmpty && !(side == .test && splits.measuresNothing) {
      throw NothingToDoError(
        description: "no example is left for \(side.rawValue); give more examples, "
          + "or a larger --validation or --test")
    }
    guard objective == .regression || prepared.train.contains(where: \.isPositive) else {
      throw NothingToDoError(
        description: "no example to train on is bound, of no task; give some with the label 1")
    }
    if objective == .classification { try checkNegatives(of: prepared) }
    for side in [Side.validation, .test]
    where objective == .classification && !prepared[side].isEmpty {
      let positives = prepared[side].count(where: \.isPositive)
      if positives < Self.fewPositives {
        shared.console.note(
          "only \(positives) positives for \(side.rawValue): its figures say little; "
            + "give more examples or a larger --\(side.rawValue)")
      }
    }
    if let problem = try recipe.sizeProblem(
      taskCount: prepared.train[0].labels.count, length: windowLength)
    {
      throw NothingToDoError(description: problem)
    }
    let network = try Network(recipe.network, taskCount: 1, seed: 0)
    guard windowLength >= network.minimumLength else {
      throw NothingToDoError(
        description: "windows of \(windowLength) bases are shorter than the network's filters, "
          + "\(network.minimumLength); give a larger --length or narrower filters in --config")
    }
    let readers = recipe.network.length == nil ? [.train] : Side.allCases
    let lengths = Set(
      readers.flatMap { prepared[$0] }.map { max($0.bases.count, network.minimumLength) })
    let needsOne = network.front.needsEqualLengths || recipe.network.length != nil
    guard !needsOne || lengths.count == 1 else {
      throw NothingToDoError(
        description: "the sequences have \(lengths.count) different lengths, "
          + "and this network learns from one; give --length")
    }
  }

  /// Refuses to train where the negatives are missing that training or calibration needs.
  private func checkNegatives(of prepared: PreparedDataset) throws {
    var shuffler = DinucleotideShuffler()
    let makesNone = !prepared.train.contains { $0.isPositive && shuffler.canShuffle($0.bases) }
    for side in [Side.train, .validation] where !prepared[side].contains(where: \.isNegative) {
      if side == .train, prepared.makesFreshNegatives, !makesNone { continue }
      throw NothingToDoError(
        description:
          "no example for \(side.rawValue) is known not to be bound, and no positive has a "
          + "shuffle that differs from it; give negatives")
    }
  }

  private func inputDigests() throws -> [InputDigest] {
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
