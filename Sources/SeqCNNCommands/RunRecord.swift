internal import Datasets
internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Networks
internal import Tensors
internal import Training

/// What a training run was made of: the contents of `run.json`.
struct RunRecord: Codable {
  /// The version of this layout.
  var schema = "seqcnn-run/1"
  let version: String
  let seed: UInt64
  let recipe: Recipe
  /// The options that decide the result.
  let options: [String: String]
  let inputs: [InputDigest]
  /// How the input was understood.
  let notes: [String]
  let split: String
  let examples: [String: Int]
  let ledgers: [Ledger]
  let cpu: String
  let blasKernel: String

  init(
    recipe: Recipe, options: [String: String], seed: UInt64, inputs: [InputDigest],
    loaded: LoadedDataset, prepared: PreparedDataset
  ) {
    version = programVersion
    self.seed = seed
    self.recipe = recipe
    self.options = options.filter { !$0.value.isEmpty }
    self.inputs = inputs
    notes = loaded.notes
    split = prepared.splitDescription
    examples = Dictionary(
      uniqueKeysWithValues: Side.allCases.map { ($0.rawValue, prepared[$0].count) })
    ledgers = loaded.ledgers + prepared.ledgers
    cpu = processorName
    blasKernel = blasKernelName
  }

  /// A digest of what decides the weights, to know a checkpoint of the same run by. The machine is
  /// left out: a run may move.
  var digest: String {
    get throws {
      struct Key: Encodable {
        let version: String
        let seed: UInt64
        let recipe: Recipe
        let options: [String: String]
        let inputs: [InputDigest]
      }
      let key = Key(version: version, seed: seed, recipe: recipe, options: options, inputs: inputs)
      return sha256(of: Array(try jsonText(key).utf8))
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
