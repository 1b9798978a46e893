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
  /// The lengths of the sequences that it was trained on, which it reads whole.
  public let lengths: ClosedRange<Int>
  /// Where it comes from: program version, seed, inputs.
  public let provenance: Provenance
  /// For each task the distribution of its output on background sequence; empty where unknown.
  public let background: [ScoreDistribution]
  /// The tasks that it told apart no better than chance on held-out examples.
  public var atChance: [ChanceResult] = []

  /// - Parameter lengths: The lengths of the training sequences; that of the windows unless given.
  /// - Precondition: One task an output; one background a task, or none; `lengths` hold `windowLength`.
  public init(
    ensemble: Ensemble, objective: Objective, tasks: [String], windowLength: Int,
    lengths: ClosedRange<Int>? = nil, provenance: Provenance, background: [ScoreDistribution]
  ) {
    precondition(tasks.count == ensemble.taskCount, "\(tasks.count) tasks")
    precondition(background.isEmpty || background.count == tasks.count)
    let configuration = ensemble.configuration
    precondition(
      windowLength == configuration.windows?.length ?? configuration.length ?? windowLength,
      "windows of \(windowLength)")
    precondition(lengths?.contains(windowLength) ?? true, "windows of \(windowLength)")
    self.ensemble = ensemble
    self.objective = objective
    self.tasks = tasks
    self.windowLength = windowLength
    self.lengths = lengths ?? windowLength...windowLength
    self.provenance = provenance
    self.background = background
  }

  /// The model with other background distributions: one a task, or none.
  public func with(background: [ScoreDistribution]) -> Model {
    var model = Model(
      ensemble: ensemble, objective: objective, tasks: tasks, windowLength: windowLength,
      lengths: lengths, provenance: provenance, background: background)
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
  case checkpoint
  case format(String)
  case metadata(key: String)
  case configuration(String)
  case parameters(name: String)
  case digest
  case metadataDigest
  case notFinite(name: String)
  case overflow

  public var description: String {
    switch self {
    case .notAModel:
      "is a safetensors file of another program, no seqcnn model; give the model.safetensors of "
        + "`seqcnn train`"
    case .checkpoint:
      "is a checkpoint of a training that isn't finished; go on with `seqcnn train --resume` and give "
        + "its model.safetensors"
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
    case .metadataDigest:
      "the metadata don't match their digest; the file is damaged or was changed, copy it again"
    case .notFinite(let name):
      "parameter \(name.quoted) holds numbers that aren't finite; train the model again"
    case .overflow:
      "the weights are so large that outputs are no finite numbers; train the model again, with a "
        + "lower learningRate"
    }
  }
}

extension Model {
  /// The version of the file format that is written, and read.
  public static let format = "seqcnn/1"

  private static let longestWindow = 1 << 30
  private static let chanceKey = "chance"
  private static let largestFile = 4 << 30

  private struct Description: Codable {
    let objective: Objective
    let tasks: [String]
    let windowLength: Int
    /// Absent if all training sequences had the length of the windows, and in files of earlier versions.
    var lengths: Lengths?
    /// The number of networks, and whether there is a k-mer table; absent for one network alone.
    var members: Members?
  }

  private struct Lengths: Codable {
    let shortest: Int
    let longest: Int
  }

  private struct Members: Codable {
    let networks: Int
    let kmers: Bool
  }

  private static let mostNetworks = 1000

  /// What the metadata of files held that were written before metadata had a digest.
  private static let keysWithoutDigest: Set = [
    "format", "network", "model", "provenance", "background",
  ]

  /// Reads a model from a file's contents.
  ///
  /// - Throws: `InputError<SafetensorsProblem>`, `InputError<ModelProblem>`.
  public init(bytes: [UInt8], file: String) throws {
    func refuse(_ problem: ModelProblem) -> InputError<ModelProblem> {
      InputError(file: file, problem)
    }
    let contents = try Safetensors(bytes: bytes, file: file) { metadata in
      // Before the tensors, which may be of types that no model of ours has.
      guard let format = metadata["format"], format.hasPrefix("seqcnn/") else {
        throw refuse(metadata["run"] != nil ? .checkpoint : .notAModel)
      }
      guard format == Self.format else { throw refuse(.format(format)) }
    }
    func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
      guard let text = contents.metadata[key],
        let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
      else { throw refuse(.metadata(key: key)) }
      return value
    }
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
    let lengths =
      description.lengths
      ?? Lengths(
        shortest: description.windowLength, longest: description.windowLength)
    guard 1...description.windowLength ~= lengths.shortest,
      description.windowLength...Self.longestWindow ~= lengths.longest
    else { throw refuse(.metadata(key: "model")) }
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
    guard contents.tensorsMatchDigest else { throw refuse(.digest) }
    let background = try decode([ScoreDistribution].self, "background")
    guard background.isEmpty || background.count == description.tasks.count,
      background.allSatisfy(\.isSound)
    else { throw refuse(.metadata(key: "background")) }
    let provenance = try decode(Provenance.self, "provenance")
    guard contents.metadataMatchesDigest(orHasOnly: Self.keysWithoutDigest) else {
      throw refuse(.metadataDigest)
    }
    self.init(
      ensemble: ensemble, objective: description.objective, tasks: description.tasks,
      windowLength: description.windowLength, lengths: lengths.shortest...lengths.longest,
      provenance: provenance, background: background)
    if contents.metadata[Self.chanceKey] != nil {
      atChance = try decode([ChanceResult].self, Self.chanceKey)
      guard atChance.allSatisfy(\.isSound) else { throw refuse(.metadata(key: Self.chanceKey)) }
    }
    guard !overflows else { throw refuse(.overflow) }
  }

  /// Reads a model file, and makes ready what computes a model.
  ///
  /// - Throws: What reading the file throws, `InputError<SafetensorsProblem>`,
  ///   `InputError<ModelProblem>`, and `MatrixLibraryError`.
  public init(path: String) throws {
    self = try Model(bytes: readBytes(path, limit: Self.largestFile), file: path)
    try loadMatrixLibrary()
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
            lengths: lengths == windowLength...windowLength
              ? nil : Lengths(shortest: lengths.lowerBound, longest: lengths.upperBound),
            members: ensemble.isOneNetwork ? nil : members)),
        "provenance": try json(provenance),
        "background": try json(background),
      ]
      if !atChance.isEmpty { contents.metadata[Self.chanceKey] = try json(atChance) }
      contents.addDigests()
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
