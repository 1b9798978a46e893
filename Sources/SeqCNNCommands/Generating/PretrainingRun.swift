internal import ArgumentParser
internal import Datasets
internal import Evaluation
internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Models
internal import Networks
internal import Tensors
internal import Training

/// A run of `pretrain`, step by step.
struct PretrainingRun {
  private let options: PretrainCommand
  private var console: Console { options.shared.console }
  private var seed: UInt64 { options.seedOption.seed }
  private var threads: Int { options.shared.threads }

  private static let (record, checkpoint) = ("run.json", "checkpoint.safetensors")

  init(_ options: PretrainCommand) throws {
    self.options = options
  }

  /// Trains a model and writes it with all that tells of it.
  mutating func run() throws {
    let output = options.output
    let isBegun = [Self.record, Self.checkpoint].contains { isFile("\(output)/\($0)") }
    let directory = try OutputDirectory(
      path: output, replacing: options.force.force, resuming: options.resume && isBegun)
    let (sequences, length) = try readSequences()
    console.note(
      "learns from \(grouped(sequences.training.count)) sequences, "
        + "\(grouped(sequences.training.reduce(0) { $0 + $1.count })) bases; validation "
        + "\(grouped(sequences.validation.count)), test \(grouped(sequences.test.count))")
    let (method, recipe) = try settledMethod(length: length, sequences)
    let record = PretrainingRecord(
      method: options.method.rawValue, recipe: recipe, seed: seed,
      inputs: try digests())
    let digest = sha256(of: Array(try jsonText(record).utf8))
    if options.resume, try isFinished(in: directory, digest: digest) {
      return console.note("\(output.escapedForTerminal): finished already; nothing is left to do")
    }
    setWordsOnInterruption(
      "seqcnn: interrupted; to go on from here, repeat the command with --resume"
        + (options.force.force ? " instead of --force\n" : "\n"))
    let checkpoint = CheckpointFile(
      path: directory.path(of: Self.checkpoint), run: digest, isResumed: options.resume)
    let trained = try console.watching { observer in
      try Pretraining(method, sequences: sequences, seed: seed, threads: threads).run(
        checkpoint: checkpoint, observer: observer)
    }
    let figures = trained.figures.merging(baselines(for: sequences, length: length)) { own, _ in own
    }
    try write(trained, figures, record.with(digest: digest), to: directory)
    // That of the first part says that there is something left to do: it goes last.
    for part in (0..<method.partCount).reversed() {
      try directory.removeFile(named: CheckpointFile.name(Self.checkpoint, part: part))
    }
    setWordsOnInterruption(nil)
    tell(of: figures)
    console.note("wrote \(output.escapedForTerminal)")
  }

  private func tell(of figures: [String: Double]) {
    for (name, value) in figures.sorted(by: { $0.key < $1.key }) {
      console.note("test \(name): \(figure(value, 4))")
    }
    if let diversity = figures["diversity"], diversity < SampleFigures.collapsed {
      console.note(
        "warning: the generator has collapsed: its samples hold \(fixed(100 * diversity, 0)) % of the "
          + "different 10-mers of as many real sequences; take another --seed or lower rates")
    }
  }

  /// The sequences of each side, and their length.
  private func readSequences() throws -> (PretrainingSequences, length: Int) {
    if options.readsGenome {
      let records = try readFASTA(options.input.genome ?? "")
      guard let divided = PretrainingSequences(dividing: records.map(\.bases.codes)) else {
        throw NothingToDoError(
          description: "the genome is too short to hold parts of it out; give at least 2,000 bases")
      }
      return (divided, 0)
    }
    let source = options.input.source
    let loaded = try source.load(length: options.length, labels: LabelRequest(columns: .automatic))
    console.report(loaded)
    var plan = PreparationPlan()
    (plan.seed, plan.negatives) = (seed, loaded.isClassification ? NegativeMix(.dinucleotide) : nil)
    plan.validation = try request(.validation, loaded)
    plan.test = try request(.test, loaded)
    let prepared = try loaded.prepared(plan)
    console.note("split \(prepared.splitDescription)")
    func sequences(_ side: Side) -> [[UInt8]] {
      prepared[side].filter { !$0.isShuffle && (!loaded.isClassification || $0.isPositive) }.map(
        \.bases.codes)
    }
    let sides = Side.allCases.map { (side: $0, sequences: sequences($0)) }
    if let empty = sides.first(where: { $0.sequences.isEmpty }) {
      throw NothingToDoError(
        description: "no sequences are left for \(empty.side.rawValue); give more of them")
    }
    return (
      PretrainingSequences(
        training: sequences(.train), validation: sequences(.validation), test: sequences(.test)),
      options.length ?? loaded.medianLength
    )
  }

  private func request(_ side: Side, _ loaded: LoadedDataset) throws -> SplitRequest {
    guard
      case .request(let request) = try options.splits.choice(
        for: side, of: options.input.source, loaded)
    else {
      throw ValidationError(
        "--\(side.rawValue) is a file; `pretrain` takes a share or chromosomes")
    }
    return request
  }

  /// The method with its recipe, and the recipe as JSON.
  private func settledMethod(length: Int, _ sequences: PretrainingSequences) throws -> (
    PretrainingMethod, String
  ) {
    let (latent, filters) = (options.latent ?? 64, options.filters ?? 64)
    switch options.method {
    case .autoencoder, .vae:
      let recipe = try settled(
        PretrainingRecipe(
          model: AutoencoderSettings.convolutional(
            length: length, latent: latent, filters: filters), training: .autoencoder))
      return (
        options.method == .vae ? .variational(recipe) : .autoencoder(recipe), try jsonText(recipe)
      )
    case .language:
      let recipe = try languageRecipe(bases: sequences.training.reduce(0) { $0 + $1.count })
      return (.language(recipe), try jsonText(recipe))
    case .gan:
      if let path = options.language { return try languagePair(startingFrom: path, length: length) }
      let recipe = try settled(
        PretrainingRecipe(
          model: AdversarialSettings.convolutional(
            length: length, latent: latent, filters: filters, game: options.game),
          training: .adversarial))
      return (.adversarial(recipe), try jsonText(recipe))
    case .helmholtz:
      let recipe = try settled(
        PretrainingRecipe(
          model: HelmholtzSettings(length: length, hidden: hiddenUnits), training: .wakeSleep))
      return (.helmholtz(recipe), try jsonText(recipe))
    case .rbm, .dbn:
      let recipe = try machineRecipe(length: length)
      return (
        options.method == .rbm ? .boltzmann(recipe) : .deepBelief(recipe), try jsonText(recipe)
      )
    }
  }

  private func languagePair(startingFrom path: String, length: Int) throws -> (
    PretrainingMethod, String
  ) {
    let language = try readLanguageModel(path)
    let recipe = try settled(
      PretrainingRecipe(
        adversarial: .convolutional(
          length: length, filters: options.filters ?? 64, game: options.game,
          language: language.settings)))
    return (.adversarialLanguage(recipe, language), try jsonText(recipe))
  }

  private func languageRecipe(bases: Int) throws -> PretrainingRecipe<LanguageModelSettings> {
    let (order, filters) = (try options.markovOrder(bases: bases), options.filters ?? 64)
    return try settled(
      PretrainingRecipe(
        model: options.layers == .lstm
          ? LanguageModelSettings.recurrent(units: filters, order: order)
          : LanguageModelSettings.dilated(filters: filters, order: order), training: .language))
  }

  private var hiddenUnits: [Int] {
    options.hidden.isEmpty ? (options.method == .rbm ? [200] : [200, 100]) : options.hidden
  }

  private func machineRecipe(length: Int) throws -> PretrainingRecipe<DeepBeliefSettings> {
    var recipe = PretrainingRecipe(
      model: DeepBeliefSettings(
        length: length, hidden: hiddenUnits,
        isUnrolled: options.tune.map { $0 > 0 } ?? (options.method == .dbn)),
      training: .energy)
    if let tune = options.tune, tune > 0 { recipe.method.tuningEpochs = tune }
    recipe.method.dreams = options.dreams
    return try settled(recipe)
  }

  private func settled<Settings>(_ recipe: PretrainingRecipe<Settings>) throws
    -> PretrainingRecipe<Settings>
  {
    var recipe = recipe
    if let config = options.config {
      try recipe.apply(readBytes(config, limit: largestSettings), file: config)
    }
    if let epochs = options.epochs { recipe.training.epochs = epochs }
    return recipe
  }

  private func digests() throws -> [InputDigest] {
    try options.inputPaths.map { path in
      InputDigest(
        name: path.split(separator: "/").last.map(String.init) ?? path,
        sha256: try sha256(ofFile: path))
    }
  }

  /// Figures of simpler models on the test sequences.
  private func baselines(for sequences: PretrainingSequences, length: Int) -> [String: Double] {
    switch options.method {
    case .autoencoder, .vae: return ruleAccuracies(sequences.resized(to: length))
    case .rbm, .dbn, .helmholtz:
      let own = sequences.resized(to: length)
      return ruleAccuracies(own).merging(markovBits(own, upTo: 5, bothStrands: true)) { $1 }
    case .gan: return [:]
    case .language:
      let bases = sequences.training.reduce(0) { $0 + $1.count }
      let order = bases > 1_000_000 ? 12 : 8
      return [false, true].reduce(into: [:]) { figures, bothStrands in
        figures.merge(markovBits(sequences, upTo: order, bothStrands: bothStrands)) { $1 }
      }
    }
  }

  private func ruleAccuracies(_ sequences: PretrainingSequences) -> [String: Double] {
    [
      "markov5_accuracy": SequenceBaselines.markovAccuracy(
        order: 5, learning: sequences.training, on: sequences.test),
      "majority_accuracy": SequenceBaselines.majorityAccuracy(
        learning: sequences.training, on: sequences.test),
    ]
  }

  private func markovBits(_ sequences: PretrainingSequences, upTo order: Int, bothStrands: Bool)
    -> [String: Double]
  {
    let bits = SequenceBaselines.markovBits(
      upTo: order, bothStrands: bothStrands, learning: sequences.training,
      settling: sequences.validation.first(Pretraining.basesForStrengths), on: sequences.test)
    let names = bits.indices.map { "markov\($0)\(bothStrands ? "_both_strands" : "")_bits" }
    return Dictionary(uniqueKeysWithValues: zip(names, bits).dropFirst())
  }

  private func write(
    _ trained: PretrainedModel, _ figures: [String: Double], _ record: PretrainingRecord,
    to directory: borrowing OutputDirectory
  ) throws {
    let model = GenerativeModelFile(
      model: trained.model,
      provenance: Provenance(version: programVersion, seed: seed, inputs: record.inputs),
      figures: figures)
    var outputs = OutputTransaction()
    func put(_ name: String, _ bytes: [UInt8]) throws {
      var file = try directory.file(named: name)
      try file.write(bytes)
      outputs.add(try file.finish())
    }
    outputs.remove(directory.path(of: "model.safetensors"))
    try put("history.tsv", Array(trained.table.utf8))
    try put("metrics.json", Array(try jsonText(PretrainingMetrics(test: figures)).utf8))
    try put(Self.record, Array(try jsonText(record).utf8))
    try put("model.safetensors", try model.bytes)
    try directory.commit(outputs)
  }

  /// Whether a folder holds the results of this very run.
  ///
  /// - Throws: `InputError<CheckpointProblem>` if they are another run's.
  private func isFinished(in directory: borrowing OutputDirectory, digest: String) throws -> Bool {
    let record = directory.path(of: Self.record)
    guard !isFile(directory.path(of: Self.checkpoint)), isFile(record) else { return false }
    guard try RunRecord.digest(inFile: record) == digest else {
      throw InputError(file: record, CheckpointProblem.otherRun)
    }
    return isFile(directory.path(of: "model.safetensors"))
  }
}

/// The contents of `run.json`.
private struct PretrainingRecord: Codable {
  var schema = "seqcnn-pretraining/1"
  var version = programVersion
  let method: String
  /// As JSON.
  let recipe: String
  let seed: UInt64
  let inputs: [InputDigest]
  /// That of all before.
  var digest: String?

  init(method: String, recipe: String, seed: UInt64, inputs: [InputDigest]) {
    (self.method, self.recipe, self.seed, self.inputs) = (method, recipe, seed, inputs)
  }

  func with(digest: String) -> PretrainingRecord {
    var copy = self
    copy.digest = digest
    return copy
  }
}

/// The contents of `metrics.json`.
private struct PretrainingMetrics: Codable {
  var schema = "seqcnn-pretraining-metrics/1"
  let test: [String: Double]
}

extension PretrainCommand {
  /// The files that are read.
  var inputPaths: [String] {
    (readsGenome ? [input.genome ?? ""] : input.source.paths) + (language.map { [$0] } ?? [])
  }
}

extension PretrainedModel {
  /// The epochs as a table, with a column of parts if there are several.
  fileprivate var table: String {
    let names = Set(parts.flatMap { ($0.history.first?.figures ?? [:]).keys }).sorted()
    let columns = ["epoch", "learning_rate", "training_loss", "validation_loss"] + names
    var rows = [parts.count > 1 ? ["part"] + columns : columns]
    for part in parts {
      rows += part.history.map { epoch in
        let figures = names.map { name in epoch.figures?[name].map { "\($0)" } ?? "NA" }
        return (parts.count > 1 ? [part.name] : []) + [
          "\(epoch.epoch)", "\(epoch.learningRate)", "\(epoch.trainingLoss)",
          "\(epoch.validationLoss)",
        ] + figures
      }
    }
    return rows.map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}

extension Console {
  /// Runs a training with a progress line.
  fileprivate func watching<Value>(_ body: (Pretraining.Observer) throws -> Value) rethrows -> Value
  {
    let progress = SharedProgress(progress("pretrain", unit: "examples", total: nil))
    var observer = Pretraining.Observer()
    observer.resumed = { note("resumed: epoch \($0)") }
    observer.began = { progress.begin(total: $0) }
    observer.progress = { progress.add($0) }
    defer { progress.finish() }
    return try body(observer)
  }
}
