import FoundationEssentials
public import Genomics
internal import GenomicsIO
internal import Tensors

/// A trained network with what its users must know: the contents of a model file.
public struct Model: Sendable {
  public let network: Network
  public let objective: Objective
  /// The name of each output.
  public let tasks: [String]
  /// The length of the windows that it was trained on, in bases.
  public let windowLength: Int
  /// Where it comes from: program version, seed, inputs.
  public let provenance: Provenance
  /// For each task the distribution of its output on background sequence; empty where unknown.
  public let background: [ScoreDistribution]

  /// - Precondition: One task an output; one background a task, or none.
  public init(
    network: Network, objective: Objective, tasks: [String], windowLength: Int,
    provenance: Provenance, background: [ScoreDistribution]
  ) {
    precondition(tasks.count == network.taskCount, "\(tasks.count) tasks")
    precondition(background.isEmpty || background.count == tasks.count)
    precondition(
      windowLength == network.configuration.length ?? windowLength, "windows of \(windowLength)")
    self.network = network
    self.objective = objective
    self.tasks = tasks
    self.windowLength = windowLength
    self.provenance = provenance
    self.background = background
  }
}

/// How a model came to be.
public struct Provenance: Codable, Equatable, Sendable {
  public let version: String
  public let seed: UInt64
  public let inputs: [InputDigest]

  public init(version: String, seed: UInt64, inputs: [InputDigest]) {
    self.version = version
    self.seed = seed
    self.inputs = inputs
  }
}

/// An input file, told by its contents.
public struct InputDigest: Codable, Equatable, Sendable {
  /// The file's name, without its folder.
  public let name: String
  /// In hexadecimal.
  public let sha256: String

  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}

/// What can be wrong with a model file that is sound as safetensors.
public enum ModelProblem: InputProblem {
  case notAModel
  case format(String)
  case metadata(key: String)
  case configuration(String)
  case parameters(name: String)
  case digest
  case notFinite(name: String)

  public var description: String {
    switch self {
    case .notAModel:
      "the file is safetensors, but no seqcnn model; give the model.safetensors of `seqcnn train`"
    case .format(let format):
      "the format is \(format.quoted) and this program reads \(Model.format.quoted); "
        + "use the version of seqcnn that wrote it"
    case .metadata(let key):
      "the metadata \(key.quoted) is missing or unreadable; train the model again"
    case .configuration(let what): "\(what); train the model again"
    case .parameters(let name):
      "parameter \(name.quoted) is missing or of another shape than the network's; "
        + "train the model again"
    case .digest: "the weights don't match their digest; the file is damaged, copy it again"
    case .notFinite(let name):
      "parameter \(name.quoted) holds numbers that aren't finite; train the model again"
    }
  }
}

extension Model {
  /// The version of the file format that is written, and read.
  public static let format = "seqcnn/1"

  private static let longestWindow = 1 << 30

  private struct Description: Codable {
    let objective: Objective
    let tasks: [String]
    let windowLength: Int
  }

  /// Reads a model from a file's contents.
  ///
  /// - Throws: `InputError<SafetensorsProblem>`, `InputError<ModelProblem>`.
  public init(bytes: [UInt8], file: String) throws {
    let contents = try Safetensors(bytes: bytes, file: file)
    func refuse(_ problem: ModelProblem) -> InputError<ModelProblem> {
      InputError(file: file, problem)
    }
    func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
      guard let text = contents.metadata[key],
        let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
      else { throw refuse(.metadata(key: key)) }
      return value
    }
    guard let format = contents.metadata["format"] else { throw refuse(.notAModel) }
    guard format == Self.format else { throw refuse(.format(format)) }
    let description = try decode(Description.self, "model")
    let configuration = try decode(NetworkConfiguration.self, "network")
    guard !description.tasks.isEmpty else { throw refuse(.metadata(key: "model")) }
    var network: Network
    do {
      let count = try configuration.parameterCount(taskCount: description.tasks.count)
      let stored = contents.tensors.reduce(0) { $0 + $1.value.scalars.count }
      guard count <= stored else {
        throw refuse(.configuration("the network has \(count) parameters, the file \(stored)"))
      }
      network = try Network(configuration, taskCount: description.tasks.count, seed: 0)
    } catch let error as ConfigurationError {
      throw refuse(.configuration(error.description))
    }
    let longest = configuration.length ?? Self.longestWindow
    guard network.minimumLength...longest ~= description.windowLength else {
      throw refuse(.metadata(key: "model"))
    }
    network.parameters = try zip(network.parameterNames, network.parameters).map { name, expected in
      guard let found = contents[name], found.shape == expected.shape else {
        throw refuse(.parameters(name: name))
      }
      guard found.scalars.allSatisfy(\.isFinite) else { throw refuse(.notFinite(name: name)) }
      return found
    }
    guard contents.metadata["digest"] == sha256(of: contents.weightBytes) else {
      throw refuse(.digest)
    }
    let background = try decode([ScoreDistribution].self, "background")
    guard background.isEmpty || background.count == description.tasks.count,
      background.allSatisfy(\.isSound)
    else { throw refuse(.metadata(key: "background")) }
    self.init(
      network: network, objective: description.objective, tasks: description.tasks,
      windowLength: description.windowLength, provenance: try decode(Provenance.self, "provenance"),
      background: background)
  }

  /// Reads a model file.
  ///
  /// - Throws: What reading the file throws, and `InputError<SafetensorsProblem>`,
  ///   `InputError<ModelProblem>`.
  public init(path: String) throws {
    self = try Model(bytes: readBytes(path), file: path)
  }

  /// The model file's bytes; the same model always gives the same bytes.
  public var bytes: [UInt8] {
    get throws {
      var contents = Safetensors(
        metadata: [:], tensors: zip(network.parameterNames, network.parameters).map { ($0, $1) })
      contents.metadata = [
        "format": Self.format,
        "network": try json(network.configuration),
        "model": try json(
          Description(objective: objective, tasks: tasks, windowLength: windowLength)),
        "provenance": try json(provenance),
        "background": try json(background),
        "digest": sha256(of: contents.weightBytes),
      ]
      return try contents.bytes
    }
  }
}

/// One line of JSON, keys sorted.
private func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
