internal import Datasets
import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Networks
internal import Tensors

extension Model {
  /// The newest version of the file format, that of models whose networks differ in their configuration.
  public static let format = "seqcnn/3"
  /// That of models whose networks have one configuration.
  static let secondFormat = "seqcnn/2"
  /// That of earlier versions, whose networks began with a `front`.
  static let firstFormat = "seqcnn/1"

  static let networksKey = "networks"
  static let peakOddsKey = "peakOdds"
  static let chanceKey = "chance"
  static let priorsKey = "priors"
  static let alphabetKey = "alphabet"
  static let motifsKey = "motifs"
  static let negativesKey = "negatives"
  private static let largestFile = 4 << 30

  struct Description: Codable {
    let objective: Objective
    let tasks: [String]
    let windowLength: Int
    /// Absent if all training sequences had the length of the windows, and in files of earlier versions.
    var lengths: Lengths?
    /// The number of networks, and whether there is a k-mer table; absent for one network alone.
    var members: Members?
  }

  struct Lengths: Codable {
    let shortest: Int
    let longest: Int
  }

  struct Members: Codable {
    let networks: Int
    let kmers: Bool
  }

  /// Reads a model from a file's contents.
  ///
  /// - Throws: `InputError<SafetensorsProblem>`, `InputError<ModelProblem>`.
  public init(bytes: [UInt8], file: String) throws {
    self = try ModelReader(bytes: bytes, file: file).model()
  }

  /// Reads a model file, and makes ready what computes a model.
  ///
  /// - Throws: What reading the file throws, `InputError<SafetensorsProblem>`,
  ///   `InputError<ModelProblem>`, and `MatrixLibraryError`.
  public init(path: String) throws {
    let bytes = try readBytes(path, limit: Self.largestFile)
    self = try Model(bytes: bytes, file: path)
    fileDigest = sha256(of: bytes)
    try loadMatrixLibrary()
  }

  /// The model file's bytes; the same model always gives the same bytes.
  public var bytes: [UInt8] {
    get throws {
      var contents = Safetensors(metadata: [:], tensors: ensemble.namedTensors)
      let members = Members(
        networks: ensemble.networks.count, kmers: ensemble.kmers != nil)
      contents.metadata = [
        "format": ensemble.networksAreAlike ? Self.secondFormat : Self.format,
        "network": try json(ensemble.configuration),
        "model": try json(
          Description(
            objective: objective, tasks: tasks, windowLength: windowLength,
            lengths: lengths == windowLength...windowLength
              ? nil : Lengths(shortest: lengths.lowerBound, longest: lengths.upperBound),
            members: ensemble.isOneNetwork ? nil : members)),
        "provenance": try json(provenance),
        "background": try json(background),
        Self.alphabetKey: alphabet.name,
      ]
      if !ensemble.networksAreAlike {
        contents.metadata[Self.networksKey] = try json(ensemble.networks.map(\.configuration))
      }
      if !atChance.isEmpty { contents.metadata[Self.chanceKey] = try json(atChance) }
      if !peakOdds.isEmpty { contents.metadata[Self.peakOddsKey] = try json(peakOdds) }
      if priors.contains(where: { $0 != Self.unknownPrior }) {
        contents.metadata[Self.priorsKey] = try json(priors)
      }
      if let negatives { contents.metadata[Self.negativesKey] = negatives.text }
      if !motifs.isEmpty { contents.metadata[Self.motifsKey] = try json(motifs) }
      contents.addDigests()
      return try contents.bytes
    }
  }
}

extension Ensemble {
  /// Whether all networks have one configuration.
  var networksAreAlike: Bool { networks.allSatisfy { $0.configuration == configuration } }

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
}

/// One line of JSON, keys sorted.
private func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
