internal import FoundationEssentials
public import Genomics
internal import Layers
internal import Models
internal import Networks
internal import Tensors

/// What can be wrong with a checkpoint.
public enum CheckpointProblem: InputProblem {
  case otherRun
  /// The run in the folder had as many epochs, or more.
  case asLong(epochs: Int)
  case damaged(key: String)
  case digest

  public var description: String {
    switch self {
    case .otherRun:
      "is of a run with other input, options or version; "
        + "repeat that run's command with --resume, or start anew with --force"
    case .asLong(let epochs):
      "is of a run of \(epochs) epochs; give more with --epochs to go on, or start anew with --force"
    case .damaged(let key):
      "lacks \(key.quoted); start anew with --force"
    case .digest: "doesn't match its digest: the file is damaged; start anew with --force"
    }
  }
}

extension LearningState {
  private static var stepKey: String { "optimizer.step" }

  /// What names of a phase's tensors begin with; nothing if there is one phase.
  private func prefix(ofPhase phase: Int) -> String {
    phases.count == 1 ? "" : "phase\(phase + 1)."
  }

  /// The state as a safetensors file.
  ///
  /// - Parameter run: What the run depends on, so that another run's checkpoint is told apart.
  public func checkpoint(run: String) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let history = try encoder.encode(history)
    var contents = Safetensors(
      metadata: ["run": run, "history": String(decoding: history, as: UTF8.self)], tensors: [])
    for (phase, state) in phases.enumerated() {
      let (prefix, holder) = (prefix(ofPhase: phase), learner[phase])
      let names = holder.parameterPaths
      let groups = [
        ("current", holder.parameters), ("best", state.bestParameters),
        ("average", state.average?.parameters ?? []),
      ]
      contents.metadata[prefix + Self.stepKey] = "\(state.optimizer.step)"
      contents.tensors += groups.flatMap { group, tensors in
        zip(names, tensors).map { ("\(prefix)\(group).\($0)", $1) }
      }
      contents.tensors += state.optimizer.memory.enumerated().map {
        ("\(prefix)optimizer.\($0.offset)", $0.element)
      }
    }
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
    try restore(contents, file: file)
  }

  /// Goes on from the contents of a checkpoint, of whatever run.
  ///
  /// - Parameter file: The name for messages.
  /// - Throws: `InputError<CheckpointProblem>`.
  mutating func restore(_ contents: Safetensors, file: String) throws {
    var next = self
    for phase in phases.indices { try next.restore(phase, from: contents, file: file) }
    guard let text = contents.metadata["history"],
      let history = try? JSONDecoder().decode([EpochRecord].self, from: Data(text.utf8))
    else { throw InputError(file: file, CheckpointProblem.damaged(key: "history")) }
    next.history = history
    guard contents.tensorsMatchDigest,
      contents.metadataMatchesDigest(orHasOnly: ["run", "history", Self.stepKey])
    else {
      throw InputError(file: file, CheckpointProblem.digest)
    }
    self = next
  }

  private mutating func restore(_ phase: Int, from contents: Safetensors, file: String) throws {
    let prefix = prefix(ofPhase: phase)
    func damaged(_ key: String) -> InputError<CheckpointProblem> {
      InputError(file: file, .damaged(key: prefix + key))
    }
    func tensors(_ names: [String], like shapes: [Tensor]) throws -> [Tensor] {
      try zip(names, shapes).map { name, expected in
        guard let tensor = contents[prefix + name], tensor.shape == expected.shape else {
          throw damaged(name)
        }
        return tensor
      }
    }
    let (names, parameters) = (learner[phase].parameterPaths, learner[phase].parameters)
    guard let step = contents.metadata[prefix + Self.stepKey].flatMap({ Int($0) }), step >= 0 else {
      throw damaged(Self.stepKey)
    }
    var state = phases[phase]
    state.bestParameters = try tensors(names.map { "best.\($0)" }, like: parameters)
    let memory = state.optimizer.memory
    state.optimizer.memory = try tensors(memory.indices.map { "optimizer.\($0)" }, like: memory)
    state.optimizer.step = step
    if state.average != nil, contents["\(prefix)average.\(names[0])"] != nil {
      state.average?.parameters = try tensors(names.map { "average.\($0)" }, like: parameters)
    } else {
      state.average?.parameters = []
    }
    learner[phase].parameters = try tensors(names.map { "current.\($0)" }, like: parameters)
    phases[phase] = state
  }
}
