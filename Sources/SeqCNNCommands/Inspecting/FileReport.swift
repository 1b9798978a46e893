internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Models
internal import Motifs
internal import Networks
internal import Tensors
internal import Training

/// What `inspect` tells, as JSON.
struct InspectionReport: Encodable {
  let schema = "seqcnn-inspect/1"
  let files: [FileReport]
}

/// What there is to tell of a file.
struct FileReport: Encodable {
  /// Missing for a preset.
  let file: String?
  /// What the file or the preset is called.
  let title: String
  let kind: InputFormat
  let compression: FileIdentity.Compression?
  var model: ModelReport?
  var generative: GenerativeReport?
  var recipe: RecipeReport?
  var sequences: SequenceSummary?
  var regions: RegionSummary?
  var table: TableReport?
  var variants: VariantSummary?
  var motifs: MotifReport?
  var track: TrackFileSummary?
  /// Of a session too.
  var hub: HubSummary?
  /// Missing unless a recipe is known.
  var training: TrainingTimeReport?
  var warnings: [String] = []

  private enum CodingKeys: CodingKey {
    case file, kind, compression, model, generative, recipe, sequences, regions, table, variants,
      motifs, track, hub, training, warnings
  }

  /// A report on a file.
  init(file: String, _ identity: FileIdentity) {
    (self.file, title) = (file, file)
    (kind, compression) = (identity.format, identity.compression)
  }

  /// Adds what a hub or a session names, and warns of what isn't there.
  mutating func add(_ hub: HubSummary) {
    self.hub = hub
    warnings += hub.missing.map { "warning: \($0.quoted) is named, and isn't there" }
  }

  /// A report on the recipe that options name.
  init(recipe title: String) {
    (file, self.title) = (nil, title)
    (kind, compression) = (.recipe, nil)
  }
}

/// What there is to tell of a model of sequence itself.
struct GenerativeReport: Encodable {
  let format: String
  let method: String
  /// The length of what it writes; missing if it writes any, or nothing.
  let length: Int?
  let writes: Bool
  let parameters: Int
  let figures: [String: Double]
  let provenance: Provenance

  init(_ file: GenerativeModelFile) {
    let generator = file.model.generator
    (format, method) = (GenerativeModelFile.format, file.method)
    (length, writes) = (generator?.length, generator != nil)
    (parameters, figures, provenance) = (file.parameterCount, file.figures, file.provenance)
  }
}

struct ModelReport: Encodable {
  let format: String
  let objective: Objective
  let tasks: [String]
  let windowLength: Int
  /// The shortest and the longest sequence that is read whole.
  let shortest, longest: Int
  /// The length of the shortest sequence with a place for each filter.
  let minimumLength: Int
  let strands: StrandRule
  let padding: Int
  let alphabet: String
  let networks: Int
  /// The width of each network's first filters; missing if it is the same for all.
  let filterWidths: [Int]?
  let hasKmerTable: Bool
  /// The numbers of one network, and of the whole model.
  let layers: LayerReport
  let parameters: Int
  /// Missing if p-values aren't known.
  let background: BackgroundReport?
  /// For each task the share of bound sequences that probabilities hold for; missing if there are none.
  let priors: [Double]?
  /// What the positives were told from, as `train --make-negatives` takes it; missing if nobody says.
  let negatives: String?
  let atChance: [ChanceResult]
  var negativeWords: String { negatives ?? (objective.hasNegatives ? "not known" : "none") }
  /// What training found, such as `motif1 CTCF`.
  let motifs: [String]
  let provenance: Provenance

  init(_ model: Model) throws {
    let (ensemble, configuration) = (model.ensemble, model.ensemble.configuration)
    let kmers = ensemble.kmers.map { $0.scalars.shape.count + $0.bias.shape.count }
    format = model.fileFormat
    alphabet = model.alphabet.name
    (objective, tasks, windowLength) = (model.objective, model.tasks, model.windowLength)
    (shortest, longest) = (model.lengths.lowerBound, model.lengths.upperBound)
    minimumLength = ensemble.minimumLength
    (strands, padding) = (configuration.strands, configuration.padding ?? 0)
    (networks, hasKmerTable) = (ensemble.networks.count, ensemble.kmers != nil)
    filterWidths = ensemble.networks.map(\.configuration).differingFilterWidths
    layers = LayerReport(
      try LayerTable(configuration, length: windowLength, taskCount: tasks.count))
    let length = model.windowLength
    parameters =
      try ensemble.networks.reduce(kmers ?? 0) { sum, network in
        let table = try LayerTable(
          network.configuration, length: length, taskCount: model.tasks.count)
        return sum + table.parameters
      }
    background = BackgroundReport(model.background)
    priors = objective.givesProbabilities ? model.priors : nil
    negatives = model.negatives?.text
    motifs = model.motifs.map(\.title)
    (atChance, provenance) = (model.atChance, model.provenance)
  }
}

extension [NetworkConfiguration] {
  /// The widths of the first convolutions; `nil` if all are alike.
  var differingFilterWidths: [Int]? {
    let widths = compactMap { $0.firstConvolution?.width }
    return Set(widths).count > 1 ? widths : nil
  }
}

/// What p-values are counted by.
struct BackgroundReport: Encodable {
  /// What was shuffled; missing in files of earlier versions.
  let origin: BackgroundOrigin?
  let sequences: Int
  /// The least p-value of all tasks that can be told.
  let leastPValue: Double

  init?(_ background: [ScoreDistribution]) {
    guard let first = background.first else { return nil }
    (origin, sequences) = (first.origin, first.sampleCount)
    leastPValue = background.reduce(1) { min($0, $1.pValue(of: .infinity)) }
  }
}

struct LayerReport: Encodable {
  struct Row: Encodable {
    let path: String
    let layer: JSONValue
    /// Positions and channels, or features.
    let output: [Int]
    /// Weights and biases.
    let parameters: Int
    /// Running means and variances.
    let statistics: Int
    let multiplyAdds: Int
    /// The bases that each number of the output is made of; missing if those are all.
    let receptiveField: Int?
  }

  /// The length of the sequence, in bases.
  let length: Int
  let rows: [Row]
  let parameters, statistics: Int
  let multiplyAdds: Int

  init(_ table: LayerTable) {
    (length, multiplyAdds) = (table.length, table.multiplyAdds)
    (parameters, statistics) = (table.parameters, table.statistics)
    rows = table.rows.map { row in
      guard let layer = try? JSONValue(row.layer) else {
        preconditionFailure("a layer without JSON")
      }
      let output =
        switch row.output {
        case .positions(let positions, let channels): [positions, channels]
        case .vector(let count): [count]
        }
      return Row(
        path: row.path, layer: layer, output: output, parameters: row.parameters,
        statistics: row.statistics, multiplyAdds: row.multiplyAdds,
        receptiveField: row.receptiveField)
    }
  }
}

struct RecipeReport: Encodable {
  let recipe: Recipe
  let tasks: Int
  let layers: LayerReport
}

struct TableReport: Encodable {
  let rows: Int
  let objective: LabelKind
  let tasks: [TaskSummary]
  let shortest, median, longest: Int
  /// How many sequences are used, and why others aren't.
  let ledger: Ledger
  /// Such as which columns are no tasks.
  let notes: [String]

  init(_ loaded: LoadedDataset, file: String) {
    let lengths = loaded.dataset.examples.map(\.bases.count).sorted()
    ledger = loaded.ledgers[0]
    rows = ledger.total
    (objective, tasks) = (loaded.labelKind, loaded.taskSummaries)
    notes = loaded.notes.map { note in
      let name = "\(file.escapedForTerminal): "
      return note.hasPrefix(name) ? String(note.dropFirst(name.count)) : note
    }
    (shortest, longest) = (lengths[0], lengths[lengths.count - 1])
    median = loaded.medianLength
  }
}

struct MotifReport: Encodable {
  struct PassedOver: Encodable {
    let name: String?
    let reason: String
  }

  let motifs: Int
  let shortest, median, longest: Int
  /// The motifs that say how many sites they are made of.
  let withSites: Int
  let hasBackground: Bool
  let passedOver: [PassedOver]
  let notes: [String]

  init(_ file: MotifFile) {
    let widths = file.motifs.map(\.width).sorted()
    motifs = widths.count
    (shortest, median, longest) = (widths[0], widths[widths.count / 2], widths[widths.count - 1])
    withSites = file.motifs.count { $0.siteCount != nil }
    hasBackground = file.background != nil
    passedOver = file.passedOver.map { PassedOver(name: $0.name, reason: $0.error.description) }
    notes = file.notes
  }
}

/// How long training takes.
struct TrainingTimeReport: Encodable {
  let length: Int
  let tasks: Int
  let threads: Int
  let networks: Int
  /// How often each network is trained.
  let rounds: Int
  let sequencesPerSecond: Double
  let secondsPerThousandSequencesAndEpoch: Double
  /// What is to be learned from; missing if that isn't known.
  let positives, negatives: Int?
  let negativeSource: NegativeSource?
  /// The sequences that all networks read in all epochs, and the time of that.
  let sequences: Int?
  let seconds: Double?
  /// Whether training may stop before its last epoch.
  let mayStopEarly: Bool
  let notCounted = ["reading", "k-mer model", "validation", "p-values", "measuring"]

  init(_ estimate: TrainingEstimate, _ examples: ExampleCounts?) {
    let recipe = estimate.recipe
    (length, tasks, threads) = (estimate.length, estimate.taskCount, estimate.threads)
    (networks, rounds) = (recipe.ensemble.networks, recipe.ensemble.refit ? 2 : 1)
    sequencesPerSecond = estimate.sequencesPerSecond
    secondsPerThousandSequencesAndEpoch = estimate.secondsPerThousandAndEpoch
    (positives, negatives) = (examples?.positives, examples?.negatives)
    negativeSource = examples?.source
    sequences = examples.map { recipe.sequencesRead(of: $0, taskCount: estimate.taskCount) }
    seconds = examples.map(estimate.seconds)
    mayStopEarly = !recipe.ensemble.refit && recipe.training.patience < recipe.training.epochs
  }
}
