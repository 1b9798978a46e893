internal import FoundationEssentials
public import Genomics
internal import Layers
internal import Models
internal import Networks
internal import Tensors

/// What can be wrong with a checkpoint.
public enum CheckpointProblem: InputProblem {
  case otherRun
  case damaged(key: String)
  case digest

  public var description: String {
    switch self {
    case .otherRun:
      "is of a run with other input, options or version; "
        + "repeat that run's command with --resume, or start anew with --force"
    case .damaged(let key):
      "lacks \(key.quoted); start anew with --force"
    case .digest: "doesn't match its digest: the file is damaged; start anew with --force"
    }
  }
}

extension TrainingState {
  private static let optimizerStepKey = "optimizer.step"

  /// The state as a safetensors file.
  ///
  /// - Parameter run: What the run depends on, so that another run's checkpoint is told apart.
  public func checkpoint(run: String) throws -> [UInt8] {
    let names = network.parameterPaths
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let history = try encoder.encode(history)
    let groups: [(prefix: String, tensors: [Tensor])] = [
      ("current", network.parameters), ("best", bestParameters),
      ("average", average?.parameters ?? []),
    ]
    var contents = Safetensors(
      metadata: [
        "run": run, "history": String(decoding: history, as: UTF8.self),
        Self.optimizerStepKey: "\(optimizer.step)",
      ],
      tensors: groups.flatMap { group in
        zip(names, group.tensors).map { ("\(group.prefix).\($0)", $1) }
      } + optimizer.memory.enumerated().map { ("optimizer.\($0.offset)", $0.element) })
    contents.addDigests()
    return try contents.bytes
  }

  /// Goes on from a checkpoint.
  ///
  /// - Parameters:
  ///   - file: The name for messages.
  ///   - run: What this run depends on.
  /// - Throws: `InputError<SafetensorsProblem>`, `InputError<CheckpointProblem>`.
  public mutating func restore(_ bytes: [UInt8], file: String, run: String) throws {
    let contents = try Safetensors(bytes: bytes, file: file)
    guard contents.metadata["run"] == run else {
      throw InputError(file: file, CheckpointProblem.otherRun)
    }
    func damaged(_ key: String) -> InputError<CheckpointProblem> {
      InputError(file: file, .damaged(key: key))
    }
    func tensors(_ names: [String], like shapes: [Tensor]) throws -> [Tensor] {
      try zip(names, shapes).map { name, expected in
        guard let tensor = contents[name], tensor.shape == expected.shape else {
          throw damaged(name)
        }
        return tensor
      }
    }
    let names = network.parameterPaths
    guard let step = contents.metadata[Self.optimizerStepKey].flatMap({ Int($0) }), step >= 0 else {
      throw damaged(Self.optimizerStepKey)
    }
    guard let text = contents.metadata["history"],
      let history = try? JSONDecoder().decode([EpochRecord].self, from: Data(text.utf8))
    else { throw damaged("history") }
    let best = try tensors(names.map { "best.\($0)" }, like: network.parameters)
    let memory = try tensors(
      optimizer.memory.indices.map { "optimizer.\($0)" }, like: optimizer.memory)
    let current = try tensors(names.map { "current.\($0)" }, like: network.parameters)
    let averaged =
      average == nil || contents["average.\(names[0])"] == nil
      ? [] : try tensors(names.map { "average.\($0)" }, like: network.parameters)
    guard contents.tensorsMatchDigest,
      contents.metadataMatchesDigest(orHasOnly: ["run", "history", Self.optimizerStepKey])
    else {
      throw InputError(file: file, CheckpointProblem.digest)
    }
    bestParameters = best
    optimizer.memory = memory
    network.parameters = current
    average?.parameters = averaged
    optimizer.step = step
    self.history = history
  }
}
