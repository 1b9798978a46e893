internal import Genomics
internal import GenomicsIO
internal import Models

/// The states that the networks of a training ended in, in one file: a training that differs by more epochs alone goes on
/// from them.
public struct TrainedStates: Sendable {
  /// What decided the weights, the number of epochs left out.
  public let run: String
  /// The number of epochs, those that were asked for or that few examples added.
  public let epochs: Int
  private let file: String
  private let contents: Safetensors

  private static let (runKey, epochsKey) = ("run", "epochs")

  /// - Throws: `ByteError`, `InputError<SafetensorsProblem>`, `InputError<CheckpointProblem>`.
  public init(path: String) throws {
    let contents = try Safetensors(bytes: readBytes(path), file: path)
    func value(_ key: String) throws -> String {
      guard let value = contents.metadata[key] else {
        throw InputError(file: path, CheckpointProblem.damaged(key: key))
      }
      return value
    }
    (file, self.contents, run) = (path, contents, try value(Self.runKey))
    guard let epochs = Int(try value(Self.epochsKey)) else {
      throw InputError(file: path, CheckpointProblem.damaged(key: Self.epochsKey))
    }
    self.epochs = epochs
  }

  /// The bytes of a file with the checkpoints that stand in a folder.
  ///
  /// - Parameters:
  ///   - names: The files; those that don't exist are passed over.
  ///   - run: What decides the weights, the number of epochs left out.
  /// - Throws: `ByteError`, `InputError<SafetensorsProblem>`.
  public static func bytes(
    joining names: [String], in folder: String, run: String, epochs: Int
  ) throws -> [UInt8] {
    var joined = Safetensors(metadata: [runKey: run, epochsKey: "\(epochs)"], tensors: [])
    for name in names {
      let path = "\(folder)/\(name)"
      guard isFile(path) else { continue }
      var checkpoint = try Safetensors(bytes: readBytes(path), file: path)
      checkpoint.metadata[runKey] = run
      checkpoint.addDigests()
      for (key, value) in checkpoint.metadata { joined.metadata[prefix(of: name) + key] = value }
      joined.tensors += checkpoint.tensors.map { (prefix(of: name) + $0.name, $0.value) }
    }
    return try joined.bytes
  }

  private static func prefix(of name: String) -> String { "\(name)/" }

  /// Brings a state to where the network of a checkpoint ended.
  ///
  /// - Returns: Whether there is such a checkpoint.
  /// - Throws: `InputError<CheckpointProblem>`.
  func restore<Learned>(_ state: inout LearningState<Learned>, named name: String) throws -> Bool {
    let prefix = Self.prefix(of: name)
    func own(_ key: String) -> String? {
      key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : nil
    }
    var checkpoint = Safetensors(metadata: [:], tensors: [])
    for (key, value) in contents.metadata { own(key).map { checkpoint.metadata[$0] = value } }
    guard !checkpoint.metadata.isEmpty else { return false }
    checkpoint.tensors = contents.tensors.compactMap { name, value in own(name).map { ($0, value) }
    }
    try state.restore(checkpoint, file: file)
    return true
  }
}
