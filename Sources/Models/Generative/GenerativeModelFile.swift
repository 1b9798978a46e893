import FoundationEssentials
public import Genomics
internal import GenomicsIO
internal import Layers
internal import Tensors

/// What can be wrong with a file of a generative model.
public enum GenerativeModelProblem: InputProblem {
  case notGenerative
  case newer(format: String)
  case unknownMethod(String)
  case metadata(key: String)
  case settings(String)
  case parameters(name: String)
  case surplus(name: String)
  case notFinite(name: String)
  case digest

  public var description: String {
    switch self {
    case .notGenerative:
      "is no generative model; give the model.safetensors of `seqcnn pretrain`"
    case .newer(let format):
      "the format is \(format.quoted) and this program reads \(GenerativeModelFile.format.quoted); "
        + "use the version of seqcnn that wrote it"
    case .unknownMethod(let method):
      "the method \(method.quoted) isn't known; use the version of seqcnn that wrote it"
    case .metadata(let key):
      "the metadata \(key.quoted) is missing or unreadable; train the model again"
    case .settings(let what): "\(what); train the model again"
    case .parameters(let name):
      "parameter \(name.quoted) is missing or of another shape than the model's; train it again"
    case .surplus(let name):
      "the model has no parameter \(name.quoted); the file was changed, take the one that "
        + "`seqcnn pretrain` wrote"
    case .notFinite(let name):
      "parameter \(name.quoted) holds numbers that aren't finite; train the model again"
    case .digest:
      "the contents don't match their digest; the file is damaged or was changed, copy it again"
    }
  }
}

/// A generative model with what its users must know: the contents of its file.
public struct GenerativeModelFile: Sendable {
  public let model: any GenerativeModel
  public let provenance: Provenance
  /// Figures of held-out sequences, by name.
  public let figures: [String: Double]

  /// The version of the file format.
  public static let format = "seqcnn-generative/1"

  /// The kinds of models that a file can hold.
  public static let kinds: [any GenerativeModel.Type] = [
    SequenceAutoencoder.self, VariationalAutoencoder.self, LanguageModel.self, AdversarialPair.self,
    AdversarialLanguageModel.self, SequenceBoltzmannMachine.self, DeepBeliefNetwork.self,
    HelmholtzMachine.self,
  ]

  public init(model: any GenerativeModel, provenance: Provenance, figures: [String: Double]) {
    (self.model, self.provenance, self.figures) = (model, provenance, figures)
  }

  /// The name of the model's method.
  public var method: String { type(of: model).method }

  /// The language model, alone or of an adversarial pair.
  public var language: LanguageModel? {
    model as? LanguageModel ?? (model as? AdversarialLanguageModel)?.language
  }

  /// The number of trained and kept numbers.
  public var parameterCount: Int { model.parameters.reduce(0) { $0 + $1.shape.count } }

  /// Whether a file's metadata say that it is one of these.
  public static func isGenerative(_ metadata: [String: String]) -> Bool {
    metadata["format"]?.hasPrefix("seqcnn-generative/") == true
  }

  public var bytes: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
      }
      func settings(_ model: some GenerativeModel) throws -> String { try text(model.settings) }
      var contents = Safetensors(
        metadata: [
          "format": Self.format, "method": method, "settings": try settings(model),
          "provenance": try text(provenance), "figures": try text(figures),
        ],
        tensors: zip(model.parameterPaths, model.parameters).map { ($0, $1) })
      contents.addDigests()
      return try contents.bytes
    }
  }

  /// - Throws: What reading the file throws, `InputError<SafetensorsProblem>`,
  ///   `InputError<GenerativeModelProblem>`.
  public init(path: String) throws {
    try self.init(bytes: readBytes(path, limit: Self.largestFile), file: path)
  }

  private static let largestFile = 4 << 30

  /// The model of a file; `nil` if it is a file of another kind.
  ///
  /// - Throws: What `init(path:)` throws of files of this kind.
  public init?(ifGenerative path: String) throws {
    do {
      try self.init(path: path)
    } catch let error as InputError<GenerativeModelProblem> where error.problem == .notGenerative {
      return nil
    } catch is InputError<SafetensorsProblem> {
      return nil
    }
  }

  /// - Parameter file: The name for messages.
  /// - Throws: `InputError<SafetensorsProblem>`, `InputError<GenerativeModelProblem>`.
  public init(bytes: [UInt8], file: String) throws {
    func refusal(_ problem: GenerativeModelProblem) -> InputError<GenerativeModelProblem> {
      InputError(file: file, problem)
    }
    let contents = try Safetensors(bytes: bytes, file: file) { metadata in
      guard Self.isGenerative(metadata) else { throw refusal(.notGenerative) }
      guard metadata["format"] == Self.format else {
        throw refusal(.newer(format: metadata["format"] ?? ""))
      }
    }
    func decoded<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
      guard let text = contents.metadata[key],
        let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
      else { throw refusal(.metadata(key: key)) }
      return value
    }
    guard contents.tensorsMatchDigest, contents.metadataMatchesDigest(orHasOnly: []) else {
      throw refusal(.digest)
    }
    guard let method = contents.metadata["method"] else { throw refusal(.metadata(key: "method")) }
    guard let kind = Self.kinds.first(where: { $0.method == method }) else {
      throw refusal(.unknownMethod(method))
    }
    func read<Kind: GenerativeModel>(_ kind: Kind.Type) throws -> any GenerativeModel {
      let settings = try decoded(Kind.Settings.self, "settings")
      do {
        var model = try Kind(settings, seed: 0)
        try model.fill(from: contents, refusal: refusal)
        return model
      } catch let error as ConfigurationError {
        throw refusal(.settings(error.description))
      }
    }
    self.init(
      model: try read(kind), provenance: try decoded(Provenance.self, "provenance"),
      figures: try decoded([String: Double].self, "figures"))
  }
}

extension ParameterHolder {
  /// Takes each parameter from a file, which holds no others.
  fileprivate mutating func fill(
    from contents: Safetensors,
    refusal: (GenerativeModelProblem) -> InputError<GenerativeModelProblem>
  ) throws {
    var left = Dictionary(uniqueKeysWithValues: contents.tensors.map { ($0.name, $0.value) })
    try visitParameters { path, _, parameter in
      guard let found = left.removeValue(forKey: path), found.shape == parameter.shape else {
        throw refusal(.parameters(name: path))
      }
      guard found.scalars.allSatisfy(\.isFinite) else { throw refusal(.notFinite(name: path)) }
      parameter = found
    }
    if let surplus = left.keys.min() { throw refusal(.surplus(name: surplus)) }
  }
}
