import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct CheckpointTests {
  let trainer: Trainer

  init() {
    trainer = Self.trainer(.adam)
  }

  private static func trainer(_ kind: OptimizerKind) -> Trainer {
    var configuration = TrainerTests.configuration(epochs: 5)
    configuration.optimizer = kind
    return TrainerTests.trainer(
      configuration, planted(count: 70, seed: 1), planted(count: 30, seed: 2),
      shufflesPerPositive: 1)
  }

  private func fresh(seed: UInt64 = 1) throws -> TrainingState {
    TrainingState(
      network: try TrainerTests.network(seed: seed), configuration: trainer.configuration)
  }

  @Test(arguments: OptimizerKind.allCases)
  func goesOnAsIfNothingHadHappened(kind: OptimizerKind) throws {
    let trainer = Self.trainer(kind)
    func start(seed: UInt64) throws -> TrainingState {
      TrainingState(
        network: try TrainerTests.network(seed: seed), configuration: trainer.configuration)
    }
    var whole = try start(seed: 1)
    for _ in 0..<5 { try trainer.runEpoch(&whole) { _ in } }

    for stop in 0..<5 {
      var state = try start(seed: 1)
      for _ in 0..<stop { try trainer.runEpoch(&state) { _ in } }
      let bytes = try state.checkpoint(run: "run")
      // Whatever the new process began with is replaced.
      var resumed = try start(seed: 9)
      try resumed.restore(bytes, file: "c", run: "run")
      #expect(try resumed.checkpoint(run: "run") == bytes)
      for _ in stop..<5 { try trainer.runEpoch(&resumed) { _ in } }
      #expect(try resumed.checkpoint(run: "run") == whole.checkpoint(run: "run"))
      #expect(resumed.history == whole.history)
    }
  }

  @Test func refusesAnotherRun() throws {
    let bytes = try fresh().checkpoint(run: "run")
    var state = try fresh()
    #expect(throws: InputError(file: "c", CheckpointProblem.otherRun)) {
      try state.restore(bytes, file: "c", run: "other")
    }
  }

  @Test func refusesWhatIsDamaged() throws {
    func problem(_ change: (inout Safetensors) -> Void) throws -> CheckpointProblem? {
      var contents = try Safetensors(bytes: fresh().checkpoint(run: "run"), file: "c")
      change(&contents)
      let bytes = try contents.bytes
      var state = try fresh()
      return #expect(throws: InputError<CheckpointProblem>.self) {
        try state.restore(bytes, file: "c", run: "run")
      }?.problem
    }
    #expect(try problem { $0.metadata["history"] = "[1]" } == .damaged(key: "history"))
    #expect(try problem { $0.metadata["history"] = nil } == .damaged(key: "history"))
    #expect(
      try problem { $0.metadata["optimizer.step"] = "-1" } == .damaged(key: "optimizer.step"))
    #expect(
      try problem { contents in
        contents.tensors[0].value = Tensor(zeros: [1])
      } == .damaged(key: "current.layers.0.weight"))
    #expect(
      try problem { contents in
        contents.tensors.removeAll { $0.name == "best.output.bias" }
      } == .damaged(key: "best.output.bias"))
    #expect(
      try problem { contents in
        contents.tensors.removeAll { $0.name == "optimizer.3" }
      } == .damaged(key: "optimizer.3"))
    #expect(try problem { $0.tensors[0].value.scalars[0] += 1 } == .digest)
    #expect(try problem { $0.metadata["digest"] = nil } == .digest)
    // A history and a step that make sense, but aren't those that were written.
    #expect(try problem { $0.metadata["optimizer.step"] = "1" } == .digest)
    #expect(try problem { $0.metadata["more"] = "" } == .digest)
    var state = try fresh()
    #expect(throws: InputError<SafetensorsProblem>.self) {
      try state.restore([1, 2, 3], file: "c", run: "run")
    }
  }
}
