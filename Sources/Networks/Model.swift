import FoundationEssentials
public import Genomics
internal import GenomicsIO
internal import Tensors

/// A trained network with what its users must know: the contents of a model file.
public struct Model: Sendable {
  public let ensemble: Ensemble
  public let objective: Objective
  /// The name of each output.
  public let tasks: [String]
  /// The length of the windows that it was trained on, in bases.
  public let windowLength: Int
  /// Where it comes from: program version, seed, inputs.
  public let provenance: Provenance
  /// For each task the distribution of its output on background sequence; empty where unknown.
  public let background: [ScoreDistribution]
  /// The tasks that it told apart no better than chance on held-out examples.
  public var atChance: [ChanceResult] = []

  /// - Precondition: One task an output; one background a task, or none.
  public init(
    ensemble: Ensemble, objective: Objective, tasks: [String], windowLength: Int,
    provenance: Provenance, background: [ScoreDistribution]
  ) {
    precondition(tasks.count == ensemble.taskCount, "\(tasks.count) tasks")
    precondition(background.isEmpty || background.count == tasks.count)
    let configuration = ensemble.configuration
    precondition(
      windowLength == configuration.windows?.length ?? configuration.length ?? windowLength,
      "windows of \(windowLength)")
    self.ensemble = ensemble
    self.objective = objective
    self.tasks = tasks
    self.windowLength = windowLength
    self.provenance = provenance
    self.background = background
  }

  /// The model with other background distributions: one a task, or none.
  public func with(background: [ScoreDistribution]) -> Model {
    var model = Model(
      ensemble: ensemble, objective: objective, tasks: tasks, windowLength: windowLength,
      provenance: provenance, background: background)
    model.atChance = atChance
    return model
  }

  /// The model that reads longer sequences by other windows; `nil` where it reads sequences whole.
  /// It has no background distributions.
  public func reading(windows: WindowRule) -> Model? {
    guard ensemble.configuration.windows != nil else { return nil }
    return Model(
      ensemble: ensemble.reading(windows: windows), objective: objective, tasks: tasks,
      windowLength: windows.length, provenance: provenance, background: [])
  }
}

/// A task of which a model told held-out positives and negatives apart no better than chance.
public struct ChanceResult: Codable, Equatable, Sendable {
  public let task: String
  public let auroc: Double
  /// The middle 95% of bootstrap resamples, the lower end at 0.5 or below.
  public let interval: [Double]

  public init(task: String, auroc: Double, interval: [Double]) {
    (self.task, self.auroc, self.interval) = (task, auroc, interval)
  }

  fileprivate var isSound: Bool {
    interval.count == 2 && ([auroc] + interval).allSatisfy(\.isFinite)
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
  /// What it served for: `test` for examples that nothing was learned from; `nil` for anything else.
  public let use: String?

  /// The use of a file that only measured the result.
  public static let test = "test"

  public init(name: String, sha256: String, use: String? = nil) {
    self.name = name
    self.sha256 = sha256
    self.use = use
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
  private static let chanceKey = "chance"

  private struct Description: Codable {
    let objective: Objective
    let tasks: [String]
    let windowLength: Int
    /// The number of networks, and whether there is a k-mer table; absent for one network alone.
    var members: Members?
  }

  private struct Members: Codable {
    let networks: Int
    let kmers: Bool
  }

  private static let mostNetworks = 1000

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
    let members = description.members ?? Members(networks: 1, kmers: false)
    guard !description.tasks.isEmpty, 1...Self.mostNetworks ~= members.networks else {
      throw refuse(.metadata(key: "model"))
    }
    let network: Network
    do {
      let count = try configuration.parameterCount(taskCount: description.tasks.count)
      let stored = contents.tensors.reduce(0) { $0 + $1.value.scalars.count }
      guard count * members.networks <= stored else {
        throw refuse(.configuration("the network has \(count) parameters, the file \(stored)"))
      }
      network = try Network(configuration, taskCount: description.tasks.count, seed: 0)
    } catch let error as ConfigurationError {
      throw refuse(.configuration(error.description))
    }
    let only = configuration.windows?.length ?? configuration.length
    guard
      network.minimumLength...(configuration.length ?? Self.longestWindow)
        ~= description.windowLength, description.windowLength == only ?? description.windowLength
    else {
      throw refuse(.metadata(key: "model"))
    }
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
      guard let found = contents[name], found.shape == shape else {
        throw refuse(.parameters(name: name))
      }
      guard found.scalars.allSatisfy(\.isFinite) else { throw refuse(.notFinite(name: name)) }
      return found
    }
    let ensemble = try Ensemble(
      like: network, members: description.members.map { ($0.networks, $0.kmers) },
      reading: tensor)
    guard contents.metadata["digest"] == sha256(of: contents.weightBytes) else {
      throw refuse(.digest)
    }
    let background = try decode([ScoreDistribution].self, "background")
    guard background.isEmpty || background.count == description.tasks.count,
      background.allSatisfy(\.isSound)
    else { throw refuse(.metadata(key: "background")) }
    self.init(
      ensemble: ensemble, objective: description.objective, tasks: description.tasks,
      windowLength: description.windowLength, provenance: try decode(Provenance.self, "provenance"),
      background: background)
    if contents.metadata[Self.chanceKey] != nil {
      atChance = try decode([ChanceResult].self, Self.chanceKey)
      guard atChance.allSatisfy(\.isSound) else { throw refuse(.metadata(key: Self.chanceKey)) }
    }
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
      var contents = Safetensors(metadata: [:], tensors: ensemble.namedTensors)
      let members = Members(
        networks: ensemble.networks.count, kmers: ensemble.kmers != nil)
      contents.metadata = [
        "format": Self.format,
        "network": try json(ensemble.configuration),
        "model": try json(
          Description(
            objective: objective, tasks: tasks, windowLength: windowLength,
            members: ensemble.isOneNetwork ? nil : members)),
        "provenance": try json(provenance),
        "background": try json(background),
        "digest": sha256(of: contents.weightBytes),
      ]
      if !atChance.isEmpty { contents.metadata[Self.chanceKey] = try json(atChance) }
      return try contents.bytes
    }
  }
}

extension Ensemble {
  /// Whether it is a network and nothing else, as files of that kind say.
  fileprivate var isOneNetwork: Bool {
    networks.count == 1 && kmers == nil && weights.scalars.allSatisfy { $0 == 1 }
      && intercept.scalars.allSatisfy { $0 == 0 }
  }

  /// The tensors of a file: those of one network alone under its own names, else `network1.` … and
  /// the rest.
  fileprivate var namedTensors: [(String, Tensor)] {
    func tensors(of network: Network, prefix: String) -> [(String, Tensor)] {
      zip(network.parameterNames, network.parameters).map { (prefix + $0, $1) }
    }
    guard !isOneNetwork else { return tensors(of: networks[0], prefix: "") }
    let table = kmers.map { [("kmers.weight", $0.scalars), ("kmers.bias", $0.bias)] } ?? []
    return networks.enumerated().flatMap { tensors(of: $1, prefix: "network\($0 + 1).") } + table
      + [("ensemble.weight", weights), ("ensemble.bias", intercept)]
  }

  /// Reads what `namedTensors` holds.
  ///
  /// - Parameters:
  ///   - members: `nil` for one network alone.
  ///   - reading: The tensor of a name and shape.
  fileprivate init(
    like network: Network, members: (networks: Int, kmers: Bool)?,
    reading: (String, Shape) throws -> Tensor
  ) throws {
    func filled(prefix: String) throws -> Network {
      var copy = network
      copy.parameters = try zip(network.parameterNames, network.parameters).map {
        try reading(prefix + $0, $1.shape)
      }
      return copy
    }
    guard let (count, hasKmers) = members else {
      self.init(try filled(prefix: ""))
      return
    }
    let tasks = network.taskCount
    let kmers =
      hasKmers
      ? KmerTable(
        scalars: try reading("kmers.weight", [1 << (2 * KmerTable.span), tasks]),
        bias: try reading("kmers.bias", [tasks])) : nil
    self.init(
      networks: try (1...count).map { try filled(prefix: "network\($0).") }, kmers: kmers,
      weights: try reading("ensemble.weight", [count + (hasKmers ? 1 : 0), tasks]),
      intercept: try reading("ensemble.bias", [tasks]))
  }
}

/// One line of JSON, keys sorted.
private func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
