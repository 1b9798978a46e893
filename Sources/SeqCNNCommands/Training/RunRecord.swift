internal import Datasets
internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Models
internal import Networks
internal import Tensors
internal import Training

/// What a training run was made of: the contents of `run.json`.
struct RunRecord: Codable {
  /// The version of this layout.
  var schema = "seqcnn-run/1"
  let version: String
  let seed: UInt64
  /// What the model was trained by: a search has settled it.
  var recipe: Recipe
  /// The options that decide the result.
  let options: [String: String]
  let inputs: [InputDigest]
  let objective: Objective
  /// What the input's labels of each task hold.
  let tasks: [TaskSummary]
  /// How the input was understood.
  let notes: [String]
  let split: String
  let examples: [String: Int]
  let ledgers: [Ledger]
  /// How alike the classes of each side are beyond what is to be learned; nothing for regression.
  let classes: [String: ClassMatch]
  let leaks: LeakAudit
  /// What the losses of each network's epochs say; nothing of a few epochs.
  var fits: [FitAssessment] = []
  let cpu: String
  let blasKernel: String

  /// The digest of the plan.
  let digest: String

  init(_ plan: RunPlan, loaded: LoadedDataset, prepared: PreparedDataset) throws {
    version = plan.version
    seed = plan.seed
    recipe = plan.recipe
    options = plan.options
    inputs = plan.inputs
    digest = try plan.digest
    objective = Objective(loaded.labelKind)
    tasks = loaded.taskSummaries
    notes = loaded.notes + prepared.notes + prepared.contradictions.map(\.warning)
    split = prepared.splitDescription
    examples = Dictionary(
      uniqueKeysWithValues: Side.allCases.map { ($0.rawValue, prepared[$0].count) })
    ledgers = loaded.ledgers + prepared.ledgers
    classes =
      loaded.isClassification
      ? Dictionary(
        uniqueKeysWithValues: Side.allCases.compactMap { side in
          ClassMatch(prepared.withNegatives(side, seed: plan.seed)).map { (side.rawValue, $0) }
        }) : [:]
    leaks = prepared.leaks
    cpu = processorName
    blasKernel = blasKernelName
  }

  /// The digest that a `run.json` states; `nil` if it states none.
  static func digest(inFile path: String) throws -> String? {
    struct Stated: Decodable {
      let digest: String
    }
    let bytes = try readBytes(path, limit: largestSettings)
    return try? JSONDecoder().decode(Stated.self, from: Data(bytes)).digest
  }
}

/// What decides the result of a training run. The machine is left out: a run may move.
struct RunPlan: Encodable {
  let version: String
  let seed: UInt64
  let recipe: Recipe
  let options: [String: String]
  let inputs: [InputDigest]

  /// A digest to know the same run by.
  var digest: String {
    get throws { sha256(of: Array(try jsonText(self).utf8)) }
  }

  /// A digest to know runs by that differ in the number of epochs alone.
  var digestOfAnyLength: String {
    get throws {
      var recipe = recipe
      (recipe.training.epochs, recipe.training.leastSteps) = (0, 0)
      return try RunPlan(
        version: version, seed: seed, recipe: recipe, options: options, inputs: inputs
      ).digest
    }
  }
}

/// JSON with sorted keys, one to a line.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}

/// The model name of the CPU, as Linux tells it.
private var processorName: String {
  let text = (try? readBytes("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
  return line?.split(separator: ":", maxSplits: 1).last.map {
    String($0.drop { $0 == " " })
  } ?? "unknown"
}
