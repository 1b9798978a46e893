internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Layers
internal import Models
internal import Motifs
internal import Networks
internal import Tensors
internal import Training

/// A run of `train` or `tune`, step by step.
struct TrainingRun {
  let options: TrainingOptions
  let tuning: Tuning?
  private var recipe: Recipe
  private let plan: RunPlan
  /// What `--from` names.
  private let start: Model?
  /// What `--from` names, if that is a model of sequence itself.
  private let encoder: GenerativeModelFile?

  private var console: Console { options.shared.console }
  private var seed: UInt64 { options.seedOption.seed }
  private var threads: Int { options.shared.threads }

  private static let record = "run.json"

  /// Reads what is to be done; inputs are read, but for their digests, by `run`.
  init(_ options: TrainingOptions, tuning: Tuning?) throws {
    self.options = options
    self.tuning = tuning
    encoder = try options.start.from.flatMap { try GenerativeModelFile(ifGenerative: $0) }
    let path = encoder == nil ? options.start.from : nil
    start = try path.map {
      try options.shared.console.model(path: $0, of: Alphabet.allCases)
    }
    recipe = try options.recipe(from: start, encoder: encoder)
    // Trials draw all filters, so what they found best holds for such networks.
    if tuning != nil { recipe.ensemble.knownMotifs = 0 }
    plan = RunPlan(
      version: programVersion, seed: options.seedOption.seed, recipe: recipe,
      options: options.planDescription.merging(try tuning?.planDescription() ?? [:]) { $1 },
      inputs: try options.inputDigests())
  }

  /// Trains a model and writes it with all that tells of it.
  mutating func run() throws {
    let output = options.output
    let isBegun = ([Self.record] + unfinished).contains { isFile("\(output)/\($0)") }
    let directory = try OutputDirectory(
      path: output, replacing: options.force.force, resuming: options.resume && isBegun)
    if options.resume, try isFinished(in: directory) {
      return console.note("\(output.escapedForTerminal): finished already; nothing is left to do")
    }
    let shorter = try shorterTraining(in: directory)
    try warnOfSeenExamples()
    let database = try database()
    let beside = try side()
    let (loaded, prepared) = try load(beside: beside)
    if !beside.names.isEmpty, start == nil {
      recipe.network = recipe.network.reading(
        SideInputs(names: beside.names, of: prepared.train))
    }
    let windowLength = options.windowLength ?? loaded.medianLength
    recipe.network = recipe.network.reading(length: windowLength)
    let objective = Objective(loaded.labelKind)
    recipe = recipe.forObjective(objective)
    try options.check(prepared, objective: objective, recipe: recipe, windowLength: windowLength)
    var record = try RunRecord(plan, loaded: loaded, prepared: prepared)
    for note in record.dataNotes { console.note(note) }
    let (result, tuned) = try train(
      loaded, prepared, windowLength: windowLength, in: directory, run: record.digest,
      after: shorter)
    record.recipe = recipe
    if result.leavesKmersOut {
      console.note(
        "the k-mer model is left out: settled on the validation examples, its weight is 0")
    }
    var model = try model(
      of: result, objective: objective, loaded, prepared, windowLength: windowLength,
      readsSide: !beside.names.isEmpty)
    let found =
      model.alphabet == .dna ? database.map { motifs(of: model, prepared, database: $0) } : nil
    model.motifs = found?.motifs.map(\.learned) ?? []
    let results = TrainingResults(
      model: model, histories: result.histories, chanceLoss: result.chanceLoss,
      prepared: prepared, run: record, motifs: found, seed: seed, threads: threads)
    try finish(results, tuned, after: result.histories, in: directory)
  }

  /// Writes the results, and says what there is to say of them.
  private func finish(
    _ results: TrainingResults, _ tuned: Tuning.Result?, after histories: [[EpochRecord]],
    in directory: borrowing OutputDirectory
  ) throws {
    try results.write(
      to: directory, search: tuned, states: try states(after: histories, in: directory))
    for name in unfinished.reversed() { try directory.removeFile(named: name) }
    setWordsOnInterruption(nil)
    for line in results.summary { console.note(line) }
    let isForScans = !results.model.takesRepeatsForSites
    console.note(
      "wrote \(options.output.escapedForTerminal): open report.html, or use model.safetensors with "
        + "`seqcnn predict`, \(isForScans ? "`scan`, " : "")`variants`"
        + (isForScans ? "" : "; to scan a genome, train with --genome beside --positives"))
  }

  /// Tells of files that the model that this one starts from has learned from.
  private func warnOfSeenExamples() throws {
    let seen = try start?.provenance.trainedOn(
      options.input.source.examplePaths
        + [.validation, .test].flatMap { options.splits.files(for: $0) })
    if let seen, !seen.isEmpty { console.note(startedOnWarning(seen)) }
  }

  /// What was trained, with its background and the odds of its sites.
  private func model(
    of result: ModelTraining.Result, objective: Objective, _ loaded: LoadedDataset,
    _ prepared: PreparedDataset, windowLength: Int, readsSide: Bool
  ) throws -> Model {
    let earlier = (start?.provenance ?? encoder?.provenance)?.learnedInputs ?? []
    var model = Model(
      ensemble: result.ensemble, objective: objective, tasks: loaded.dataset.tasks,
      windowLength: windowLength, lengths: prepared.lengths(around: windowLength),
      provenance: Provenance(version: programVersion, seed: seed, inputs: plan.inputs + earlier),
      background: [])
    model.priors = result.priors
    model.negatives = objective.hasNegatives ? prepared.negatives : nil
    model = try model.withBackground(
      of: prepared.train, genome: loaded.genome, seed: seed, threads: threads)
    guard let genome = loaded.genome, !readsSide else { return model }
    if objective.givesProbabilities, !prepared.testStretches.isEmpty, !model.canMeasurePeakOdds {
      console.note(
        "false sites aren't counted on the genome: the network reads each window anew, which would take hours; "
          + "`seqcnn scan` takes --p-value, --q-value or --top")
    }
    return try model.withPeakOdds(
      from: prepared.testStretches, peaks: loaded.peaks, genome: genome, threads: threads)
  }

  /// What motifs are named by; `nil` if none are looked for.
  private func database() throws -> MotifDatabase? {
    guard !options.withoutMotifs else { return nil }
    return try options.database.map { try console.database(path: $0) } ?? .builtIn
  }

  /// Finds the motifs that the model uses.
  private func motifs(of model: Model, _ prepared: PreparedDataset, database: MotifDatabase)
    -> ModelMotifs
  {
    let plan = MotifPlan(for: model)
    var progress = console.progress("motifs", unit: "tasks", total: plan.tasks.count)
    defer { progress.finish() }
    return ModelMotifs(
      of: model, training: prepared.train, heldOut: prepared.test, plan: plan,
      database: database, seed: seed, threads: threads
    ) { progress.update($0) }
  }

  /// What is read beside sequences: what the model of `--from` reads, whose standardization stays, or what is asked for.
  private func side() throws -> SideOptions.Sources {
    let hasPlaces = options.input.hasPlaces
    if let start { return try options.side.sources(for: start, hasPlaces: hasPlaces) }
    guard encoder == nil || options.side.side.isEmpty else {
      throw ValidationError(
        "--side adds weights that the encoder of --from lacks; give one of them")
    }
    return try options.side.sources(hasPlaces: hasPlaces)
  }

  /// Reads the input, and divides it.
  private func load(beside: SideOptions.Sources) throws -> (LoadedDataset, PreparedDataset) {
    var loaded = try options.input.source.load(
      length: options.windowLength,
      labels: LabelRequest(
        columns: options.input.labels.isEmpty ? .automatic : .named(options.input.labels),
        kind: options.labelKind), alphabet: recipe.network.alphabet, side: beside.columns)
    try options.negatives.exclude.map { path throws in try loaded.exclude(regionsOf: path) }
    console.report(loaded)
    for line in loaded.taskWords { console.note(line) }
    let prepared = try options.prepare(loaded, recipe, beside: beside)
    try prepared.checkTasks(loaded.dataset.tasks, kind: loaded.labelKind)
    return (loaded, prepared)
  }

  /// Searches, if that is asked for, and trains.
  private mutating func train(
    _ loaded: LoadedDataset, _ prepared: PreparedDataset, windowLength: Int,
    in directory: borrowing OutputDirectory, run: String, after shorter: TrainedStates?
  ) throws -> (ModelTraining.Result, Tuning.Result?) {
    var training = ModelTraining(
      recipe: recipe, objective: Objective(loaded.labelKind), tasks: loaded.dataset.tasks,
      prepared: prepared, strength: options.strength, seed: seed, threads: threads)
    recipe = training.recipe
    training.start = try options.start.start(
      from: start, encoder: encoder, tasks: loaded.dataset.tasks, console: console)
    let positives = prepared.train.count(where: \.isPositive)
    for line in training.strength.words(positives: positives, selection: training.selection) {
      console.note(line)
    }
    setWordsOnInterruption(
      "seqcnn: interrupted; to go on from here, repeat the command with --resume"
        + (options.force.force ? " instead of --force\n" : "\n"))
    let tuned = try tuning?.run(
      training, windowLength: windowLength,
      journal: TuningJournal(
        path: directory.path(of: Tuning.journal), run: run, resuming: options.resume),
      console: console)
    if let tuned { (recipe, training.recipe) = (tuned.recipe, tuned.recipe) }
    // The files of an old model stay as they are until the new one is whole.
    let isAlone = shorter != nil || !isFile(directory.path(of: TrainingResults.model))
    let losses = isAlone ? LossTable(path: directory.path(of: TrainingResults.lossTable)) : nil
    let result = try console.watching(training, history: losses) {
      try training.run(
        checkpoints: .init(
          directory: options.output, run: run, isResumed: options.resume, shorter: shorter),
        observer: $0)
    }
    return (result, tuned)
  }

  /// What may stand in the folder of a run that isn't finished.
  private var unfinished: [String] {
    [Tuning.journal] + ModelTraining.Checkpoints.names(of: recipe.ensemble)
  }

  /// Whether a folder holds the results of this very run.
  ///
  /// - Throws: `InputError<CheckpointProblem>` if they are another run's.
  private func isFinished(in directory: borrowing OutputDirectory) throws -> Bool {
    let record = directory.path(of: Self.record)
    for name in unfinished where isFile(directory.path(of: name)) { return false }
    guard isFile(record) else { return false }
    guard try RunRecord.digest(inFile: record) == plan.digest else {
      guard let states = try statesOfSameTraining(in: directory) else {
        throw InputError(file: record, CheckpointProblem.otherRun)
      }
      guard states.epochs < recipe.training.epochs else {
        throw InputError(file: record, CheckpointProblem.asLong(epochs: states.epochs))
      }
      return false
    }
    return isFile(directory.path(of: TrainingResults.model))
  }

  /// Where the same training with some number of epochs ended, if a folder holds that.
  private func statesOfSameTraining(in directory: borrowing OutputDirectory) throws
    -> TrainedStates?
  {
    let path = directory.path(of: TrainingResults.states)
    guard tuning == nil, isFile(path) else { return nil }
    let states = try TrainedStates(path: path)
    return try states.run == plan.digestOfAnyLength ? states : nil
  }

  /// What a training goes on from that had fewer epochs.
  private func shorterTraining(in directory: borrowing OutputDirectory) throws -> TrainedStates? {
    guard options.resume, let states = try statesOfSameTraining(in: directory),
      states.epochs < recipe.training.epochs, try !hasBegunAnew(in: directory)
    else { return nil }
    console.note(
      "goes on after \(states.epochs) epochs, with the learning rates that a run of \(recipe.training.epochs) has then"
    )
    return states
  }

  /// Whether a folder holds checkpoints of this run that didn't go on from a shorter one.
  private func hasBegunAnew(in directory: borrowing OutputDirectory) throws -> Bool {
    for name in unfinished where isFile(directory.path(of: name)) {
      return try CheckpointFile.run(inFile: directory.path(of: name)) == plan.digest
    }
    return false
  }

  /// What a longer training goes on from, as the checkpoints have it.
  private func states(
    after histories: [[EpochRecord]], in directory: borrowing OutputDirectory
  ) throws -> [UInt8]? {
    guard tuning == nil else { return nil }
    return try TrainedStates.bytes(
      joining: ModelTraining.Checkpoints.names(of: recipe.ensemble), in: directory.path,
      run: plan.digestOfAnyLength,
      epochs: histories.map(\.count).reduce(recipe.training.epochs, max))
  }
}
