import Genomics
import Layers
import Models
import Tensors
import Testing

@Suite struct GenerativeModelFileTests {
  private static let settings = DeepBeliefSettings(length: 5, hidden: [4, 3], isUnrolled: true)

  private func file(_ model: some GenerativeModel) -> GenerativeModelFile {
    GenerativeModelFile(
      model: model, provenance: Provenance(version: "1.2.3", seed: 7, inputs: []),
      figures: ["accuracy": 0.5])
  }

  /// What comes back of a file has the parameters, the figures and the samples that went in.
  private func expectReturn(_ model: some GenerativeModel) throws {
    let read = try GenerativeModelFile(bytes: file(model).bytes, file: "m")
    #expect(read.method == type(of: model).method && read.figures == ["accuracy": 0.5])
    #expect(read.provenance.seed == 7)
    #expect(read.model.parameterPaths == model.parameterPaths)
    #expect(read.model.parameters == model.parameters)
    let request = SampleRequest(seed: 1)
    let samples = read.model.generator?.samples(0..<3, request)
    #expect(samples == model.generator?.samples(0..<3, request))
    #expect(read.model.encoder?.parameters == model.encoder?.parameters)
  }

  @Test func machinesComeBack() throws {
    var deep = try DeepBeliefNetwork(Self.settings, seed: 3)
    // As after fine-tuning: the autoencoder is another than the machines.
    deep.visitParameters { path, _, parameter in
      if path.hasPrefix("autoencoder") { parameter = parameter.map { $0 + 0.5 } }
    }
    try expectReturn(deep)
    let upward = try #require(deep.encoder?.parameters["layers.1.weight"])
    #expect(upward == deep.machines[0].weight.map { $0 + 0.5 })
    try expectReturn(
      SequenceBoltzmannMachine(
        DeepBeliefSettings(length: 5, hidden: [4], isUnrolled: false), seed: 3))
    try expectReturn(HelmholtzMachine(HelmholtzSettings(length: 5, hidden: [4, 3]), seed: 3))
  }

  /// Settings that aren't those of the parameters, of the method, or of any machine.
  @Test(arguments: [
    ("dbn", #"{"hidden":[4,2],"isUnrolled":true,"length":5}"#, "is missing or of another shape"),
    ("dbn", #"{"hidden":[4,3],"isUnrolled":false,"length":5}"#, "the model has no parameter"),
    ("dbn", #"{"hidden":[],"isUnrolled":true,"length":5}"#, "hidden is empty"),
    ("dbn", #"{"hidden":[4,0],"isUnrolled":true,"length":5}"#, "hidden is 0"),
    ("rbm", #"{"hidden":[4,3],"isUnrolled":true,"length":5}"#, "hidden has 2 numbers"),
    ("helmholtz", #"{"hidden":[4,3],"length":0}"#, "length is 0"),
    ("dbn", #"{"hidden":[4,3]}"#, "the metadata \"settings\""),
  ])
  func otherSettingsAreRefused(method: String, settings: String, words: String) throws {
    let deep = try DeepBeliefNetwork(Self.settings, seed: 3)
    var contents = try Safetensors(bytes: file(deep).bytes, file: "m")
    (contents.metadata["method"], contents.metadata["settings"]) = (method, settings)
    contents.addDigests()
    let error = try #require(throws: InputError<GenerativeModelProblem>.self) {
      try GenerativeModelFile(bytes: contents.bytes, file: "m")
    }
    #expect("\(error.problem)".contains(words), "\(error.problem)")
  }
}
