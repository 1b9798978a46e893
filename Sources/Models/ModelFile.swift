import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Networks
internal import Tensors

extension Model {
  /// The version of the file format that is written.
  public static let format = "seqcnn/2"
  /// That of version 0.1, whose networks began with a `front`.
  private static let firstFormat = "seqcnn/1"

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
      guard [Self.format, Self.firstFormat].contains(format) else {
        throw refuse(.newer(format: format, version: Self.version(in: metadata)))
      }
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
    let isFirstFormat = contents.metadata["format"] == Self.firstFormat
    let front = isFirstFormat ? try decode(FirstConfiguration.self, "network").front : nil
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
    var names = Set(contents.tensors.map(\.name))
    let ensemble = try Ensemble(
      like: network, members: description.members.map { ($0.networks, $0.kmers) },
      named: { try front?.firstName(ofPath: $0) ?? $0 }
    ) { name, shape in
      names.remove(name)
      return try tensor(name, shape)
    }
    if let surplus = names.min() { throw refuse(.surplus(name: surplus)) }
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
    fileFormat = contents.metadata["format"] ?? Self.format
    if contents.metadata[Self.chanceKey] != nil {
      atChance = try decode([ChanceResult].self, Self.chanceKey)
      guard atChance.allSatisfy(\.isSound) else { throw refuse(.metadata(key: Self.chanceKey)) }
    }
    guard !overflows else { throw refuse(.overflow) }
  }

  /// The version of the program that wrote a file.
  private static func version(in metadata: [String: String]) -> String? {
    metadata["provenance"].flatMap {
      try? JSONDecoder().decode(Provenance.self, from: Data($0.utf8)).version
    }
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

/// What a configuration of version 0.1 said that later ones don't.
private struct FirstConfiguration: Decodable {
  let front: Front
}

extension Front {
  /// The name that version 0.1 gave a parameter: `front.weight`, `layer1.bias`, `output.weight`.
  fileprivate func firstName(ofPath path: String) throws(ConfigurationError) -> String {
    let parts = path.split(separator: ".")
    guard parts[0] == "layers", let index = Int(parts[1]) else { return path }
    let count = try layers.count
    return (index < count ? "front" : "layer\(index - count + 1)") + ".\(parts[2])"
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
      zip(network.parameterPaths, network.parameters).map { (prefix + $0, $1) }
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
  ///   - named: The name in the file of a parameter's path.
  ///   - reading: The tensor of a name and shape.
  fileprivate init(
    like network: Network, members: (networks: Int, kmers: Bool)?,
    named: (String) throws -> String, reading: (String, Shape) throws -> Tensor
  ) throws {
    func filled(prefix: String) throws -> Network {
      var copy = network
      try copy.visitParameters { path, _, parameter in
        parameter = try reading(prefix + named(path), parameter.shape)
      }
      copy.prepare()
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
