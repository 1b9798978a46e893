internal import Datasets
import FoundationEssentials
internal import Genomics
internal import Layers
internal import Networks
internal import Tensors

/// Makes a model of a file's contents, step by step; each step refuses what can't be.
struct ModelReader {
  private let file: String
  private let contents: Safetensors

  private static let mostNetworks = 1000
  private static let longestWindow = 1 << 30

  /// What the metadata of files held that were written before metadata had a digest.
  private static let keysWithoutDigest: Set = [
    "format", "network", "model", "provenance", "background",
  ]

  /// - Throws: `InputError<SafetensorsProblem>`, `InputError<ModelProblem>`.
  init(bytes: [UInt8], file: String) throws {
    self.file = file
    contents = try Safetensors(bytes: bytes, file: file) { metadata in
      // Before the tensors, which may be of types that no model of ours has.
      guard let format = metadata["format"], format.hasPrefix("seqcnn/") else {
        throw InputError(
          file: file,
          metadata["run"] != nil
            ? ModelProblem.checkpoint
            : GenerativeModelFile.isGenerative(metadata) ? .generative : .notAModel)
      }
      guard [Model.format, Model.secondFormat, Model.firstFormat].contains(format) else {
        throw InputError(
          file: file, ModelProblem.newer(format: format, version: Self.version(in: metadata)))
      }
    }
  }

  func model() throws -> Model {
    let description = try decode(Model.Description.self, "model")
    let members = description.members ?? Model.Members(networks: 1, kmers: false)
    guard !description.tasks.isEmpty, 1...Self.mostNetworks ~= members.networks
    else { throw refuse(.metadata(key: "model")) }
    let networks = try networks(description, count: members.networks)
    // Files of earlier versions don't say it.
    let alphabet = contents.metadata[Model.alphabetKey] ?? Alphabet.dna.name
    guard networks[0].configuration.alphabet.name == alphabet,
      !members.kmers || alphabet == Alphabet.dna.name
    else { throw refuse(.metadata(key: Model.alphabetKey)) }
    let lengths = try lengths(description, of: networks)
    let ensemble = try ensemble(like: networks, description)
    guard contents.tensorsMatchDigest else { throw refuse(.digest) }
    let background = try decode([ScoreDistribution].self, "background")
    guard background.isEmpty || background.count == description.tasks.count,
      background.allSatisfy(\.isSound)
    else { throw refuse(.metadata(key: "background")) }
    let provenance = try decode(Provenance.self, "provenance")
    guard contents.metadataMatchesDigest(orHasOnly: Self.keysWithoutDigest) else {
      throw refuse(.metadataDigest)
    }
    var model = Model(
      ensemble: ensemble, objective: description.objective, tasks: description.tasks,
      windowLength: description.windowLength, lengths: lengths, provenance: provenance,
      background: background)
    model.fileFormat = contents.metadata["format"] ?? model.fileFormat
    try readLaterKeys(into: &model)
    guard !model.overflows else { throw refuse(.overflow) }
    return model
  }

  /// Reads what files of earlier versions don't have.
  private func readLaterKeys(into model: inout Model) throws {
    if contents.metadata[Model.chanceKey] != nil {
      model.atChance = try decode([ChanceResult].self, Model.chanceKey)
      guard model.atChance.allSatisfy(\.isSound) else {
        throw refuse(.metadata(key: Model.chanceKey))
      }
    }
    if contents.metadata[Model.peakOddsKey] != nil {
      model.peakOdds = try decode([PeakOdds].self, Model.peakOddsKey)
      guard model.peakOdds.count == model.tasks.count, model.peakOdds.allSatisfy(\.isSound) else {
        throw refuse(.metadata(key: Model.peakOddsKey))
      }
    }
    if contents.metadata[Model.priorsKey] != nil {
      model.priors = try decode([Double].self, Model.priorsKey)
      guard model.priors.count == model.tasks.count,
        model.priors.allSatisfy({ $0 > 0 && $0 < 1 })
      else { throw refuse(.metadata(key: Model.priorsKey)) }
    }
    if let text = contents.metadata[Model.negativesKey] {
      guard let negatives = try? NegativeMix(text) else {
        throw refuse(.metadata(key: Model.negativesKey))
      }
      model.negatives = negatives
    }
    if contents.metadata[Model.motifsKey] != nil {
      model.motifs = try decode([LearnedMotif].self, Model.motifsKey)
      let tasks = model.tasks.count
      guard model.motifs.allSatisfy({ $0.isSound(tasks: tasks) }) else {
        throw refuse(.metadata(key: Model.motifsKey))
      }
    }
  }

  private func refuse(_ problem: ModelProblem) -> InputError<ModelProblem> {
    InputError(file: file, problem)
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
    guard let text = contents.metadata[key],
      let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
    else { throw refuse(.metadata(key: key)) }
    return value
  }

  /// The networks of the file's configurations, which aren't made if the file can't hold their parameters.
  private func networks(_ description: Model.Description, count: Int) throws -> [Network] {
    let configurations = try configurations(count: count)
    let tasks = description.tasks.count
    do {
      let stored = contents.tensors.reduce(0) { $0 + $1.value.scalars.count }
      var needed = 0
      for configuration in configurations {
        let count = try configuration.parameterCount(taskCount: tasks)
        guard count <= stored - needed else {
          throw refuse(
            .configuration("the network has \(count) parameters, the file \(stored)"))
        }
        needed += count
      }
      // Files of the first format said whether the first layers were fused, and commands tell what filters do if
      // they are.
      let isFused = try firstFront() != .oneHot
      return try configurations.map {
        try Network($0, taskCount: tasks, seed: 0, isFused: isFused)
      }
    } catch let error as ConfigurationError {
      throw refuse(.configuration(error.description))
    }
  }

  /// The configuration of each network, which read alike.
  private func configurations(count: Int) throws -> [NetworkConfiguration] {
    guard contents.metadata["format"] == Model.format else {
      return Array(
        repeating: try decode(NetworkConfiguration.self, "network"), count: count)
    }
    let configurations = try decode([NetworkConfiguration].self, Model.networksKey)
    guard configurations.count == count,
      configurations.allSatisfy({ $0.readsLike(configurations[0]) })
    else { throw refuse(.metadata(key: Model.networksKey)) }
    return configurations
  }

  /// What the network began with, if the file is of the first format.
  private func firstFront() throws -> Front? {
    guard contents.metadata["format"] == Model.firstFormat else { return nil }
    return try decode(FirstConfiguration.self, "network").front
  }

  /// The lengths that the model reads whole.
  private func lengths(_ description: Model.Description, of networks: [Network]) throws
    -> ClosedRange<Int>
  {
    let (configuration, window) = (networks[0].configuration, description.windowLength)
    let only = configuration.windows?.length ?? configuration.length
    guard networks.allSatisfy({ $0.minimumLength <= window }),
      window <= configuration.length ?? Self.longestWindow, window == only ?? window
    else { throw refuse(.metadata(key: "model")) }
    let lengths = description.lengths ?? Model.Lengths(shortest: window, longest: window)
    guard 1...window ~= lengths.shortest, window...Self.longestWindow ~= lengths.longest else {
      throw refuse(.metadata(key: "model"))
    }
    return lengths.shortest...lengths.longest
  }

  /// The members with the file's tensors, all of which they must take.
  private func ensemble(like networks: [Network], _ description: Model.Description) throws
    -> Ensemble
  {
    let front = try firstFront()
    var names = Set(contents.tensors.map(\.name))
    let members = description.members.map { ($0.networks, $0.kmers) }
    func named(_ path: String) throws -> String { try front?.firstName(ofPath: path) ?? path }
    let ensemble = try Ensemble(like: networks, members: members, named: named) { name, shape in
      names.remove(name)
      return try tensor(name, shape)
    }
    if let surplus = names.min() { throw refuse(.surplus(name: surplus)) }
    return ensemble
  }

  private func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
    guard let found = contents[name], found.shape == shape else {
      throw refuse(.parameters(name: name))
    }
    guard found.scalars.allSatisfy(\.isFinite) else { throw refuse(.notFinite(name: name)) }
    return found
  }

  /// The version of the program that wrote a file.
  private static func version(in metadata: [String: String]) -> String? {
    metadata["provenance"].flatMap {
      try? JSONDecoder().decode(Provenance.self, from: Data($0.utf8)).version
    }
  }
}

/// What a configuration of format 1 said that later ones don't.
private struct FirstConfiguration: Decodable {
  let front: Front
}

extension Front {
  /// The name that format 1 gave a parameter: `front.weight`, `layer1.bias`, `output.weight`.
  fileprivate func firstName(ofPath path: String) throws(ConfigurationError) -> String {
    let parts = path.split(separator: ".")
    guard parts[0] == "layers", let index = Int(parts[1]) else { return path }
    let count = try layers.count
    return (index < count ? "front" : "layer\(index - count + 1)") + ".\(parts[2])"
  }
}

extension Ensemble {
  /// Reads what `namedTensors` holds.
  ///
  /// - Parameters:
  ///   - members: `nil` for one network alone.
  ///   - named: The name in the file of a parameter's path.
  ///   - reading: The tensor of a name and shape.
  fileprivate init(
    like networks: [Network], members: (networks: Int, kmers: Bool)?,
    named: (String) throws -> String, reading: (String, Shape) throws -> Tensor
  ) throws {
    func filled(_ network: Network, prefix: String) throws -> Network {
      var copy = network
      try copy.visitParameters { path, _, parameter in
        parameter = try reading(prefix + named(path), parameter.shape)
      }
      copy.prepare()
      return copy
    }
    guard let (count, hasKmers) = members else {
      self.init(try filled(networks[0], prefix: ""))
      return
    }
    let tasks = networks[0].taskCount
    let kmers =
      hasKmers
      ? KmerTable(
        scalars: try reading("kmers.weight", [1 << (2 * KmerTable.span), tasks]),
        bias: try reading("kmers.bias", [tasks])) : nil
    self.init(
      networks: try networks.enumerated().map {
        try filled($1, prefix: "network\($0 + 1).")
      }, kmers: kmers,
      weights: try reading("ensemble.weight", [count + (hasKmers ? 1 : 0), tasks]),
      intercept: try reading("ensemble.bias", [tasks]))
  }
}
