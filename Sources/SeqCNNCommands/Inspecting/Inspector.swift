internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Models
internal import Motifs
internal import Networks
internal import Training

/// Reads files and finds what there is to tell of them.
struct Inspector {
  let preset: Recipe.Preset?
  let config: String?
  let length: Int?
  let tasks: Int?
  let examples: Int?
  let threads: Int

  /// Whether data are to be trained on.
  private var asksForTime: Bool { preset != nil || config != nil }

  /// What there is to tell of the recipe that the options name.
  func presetReport() throws -> FileReport {
    let changes = config.map { " with \($0)" } ?? ""
    var report = FileReport(recipe: "preset \((preset ?? .standard).rawValue)\(changes)")
    try add(try recipe(), to: &report)
    return report
  }

  /// What there is to tell of a file.
  ///
  /// - Throws: What reading it throws.
  func report(of path: String) throws -> FileReport {
    let identity = try FileIdentity(path: path)
    var report = FileReport(file: path, identity)
    switch identity.format {
    case .model:
      if let generative = try GenerativeModelFile(ifGenerative: path) {
        report.generative = GenerativeReport(generative)
        break
      }
      let model = try Model(path: path)
      report.model = try ModelReport(model)
      report.warnings = model.atChance.map(\.warning)
    case .recipe:
      guard config == nil else {
        throw ValidationError("\(path.quoted) is a recipe itself; leave --config out")
      }
      var recipe = try recipe()
      try recipe.apply(readBytes(path, limit: largestSettings), file: path)
      try add(recipe, to: &report)
    case .sequences: try addSequences(path, to: &report)
    case .regions: try addRegions(path, to: &report)
    case .table: try addTable(path, to: &report)
    case .variants: report.variants = try VariantSummary(path: path)
    case .motifs:
      report.motifs = MotifReport(try MotifFile(path: path))
    case .track: report.track = try TrackFileSummary(path: path)
    case .hub: report.add(try HubSummary(hub: path))
    case .session: report.add(try HubSummary(session: path))
    }
    return report
  }

  /// The preset with the changes of `--config`.
  ///
  /// - Parameter automatic: What `train` takes unless a preset is given.
  private func recipe(_ automatic: Recipe.Preset = .standard) throws -> Recipe {
    var recipe = Recipe(preset ?? automatic)
    if let config { try recipe.apply(readBytes(config, limit: largestSettings), file: config) }
    return recipe
  }

  private func add(_ recipe: Recipe, to report: inout FileReport) throws {
    let length = length ?? preset?.length ?? DatasetInput.defaultPeakLength
    let tasks = tasks ?? 1
    var recipe = recipe
    recipe.network = recipe.network.reading(length: length)
    report.training = try training(
      recipe, objective: .binary, taskCount: tasks, length: length,
      examples.map { ExampleCounts(positives: $0, source: .dinucleotide) })
    report.recipe = RecipeReport(
      recipe: recipe, tasks: tasks,
      layers: LayerReport(try LayerTable(recipe.network, length: length, taskCount: tasks)))
  }

  /// How long a recipe trains, which is checked as `train` checks it.
  private func training(
    _ recipe: Recipe, objective: Objective, taskCount: Int, length: Int, _ examples: ExampleCounts?
  ) throws -> TrainingTimeReport {
    for network in recipe.networks { _ = try network.shortest(in: length) }
    if let problem = try recipe.sizeProblem(taskCount: taskCount, length: length) {
      throw NothingToDoError(description: problem)
    }
    let estimate = try TrainingEstimate(
      recipe, objective: objective, taskCount: taskCount, length: length,
      makesShuffles: (examples?.source ?? .dinucleotide) == .dinucleotide && objective.hasClasses,
      threads: threads)
    return TrainingTimeReport(estimate, examples)
  }

  private func addSequences(_ path: String, to report: inout FileReport) throws {
    let summary = try SequenceSummary(path: path)
    report.sequences = summary
    if isFile(path + ".fai"), summary.indices.isEmpty {
      report.warnings.append(
        "warning: the index beside it isn't used, as the file can't be read anywhere; compress it with "
          + "bgzip and index it again")
    }
    guard asksForTime else { return }
    report.training = try training(
      recipe(), objective: .binary, taskCount: 1, length: length ?? summary.median,
      ExampleCounts(positives: summary.records - summary.mostlyUnknown, source: .dinucleotide))
  }

  private func addRegions(_ path: String, to report: inout FileReport) throws {
    let summary = try RegionSummary(path: path)
    report.regions = summary
    guard asksForTime, summary.regions > 0 else { return }
    let recipe = try recipe(.sites)
    report.training = try training(
      recipe, objective: .binary, taskCount: 1,
      length: length ?? preset?.length ?? DatasetInput.defaultPeakLength,
      ExampleCounts(
        positives: summary.regions,
        source: recipe.selection.randomNegatives ? .random : .genomic,
        strengthsAreKnown: summary.strengths == summary.regions))
  }

  private func addTable(_ path: String, to report: inout FileReport) throws {
    let loaded = try DatasetInput.table(path).load(length: nil)
    report.table = TableReport(loaded, file: path)
    guard asksForTime else { return }
    let all = loaded.dataset.examples.count
    let positives = loaded.dataset.examples.count(where: \.isPositive)
    let counts =
      switch (loaded.isClassification, loaded.hasNegatives) {
      case (false, _): ExampleCounts(positives: all, source: nil)
      case (true, true):
        ExampleCounts(positives: positives, negatives: all - positives, source: .given)
      case (true, false): ExampleCounts(positives: positives, source: .dinucleotide)
      }
    report.training = try training(
      recipe(), objective: Objective(loaded.labelKind), taskCount: loaded.dataset.tasks.count,
      length: length ?? loaded.medianLength, counts)
  }
}
