import Datasets
import Foundation
import Genomics
import GenomicsIO
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct ModelTests {
  let model: Model

  init() throws {
    model = Model(
      ensemble: Ensemble(
        try Network(.deepBind(filters: 3, width: 5, hidden: 4), taskCount: 2, seed: 4)),
      objective: .binary, tasks: ["CTCF", "a \"b\"/é"], windowLength: 21,
      provenance: Provenance(
        version: "1.2", seed: .max, inputs: [InputDigest(name: "p.fa", sha256: "00ff")]),
      background: [
        ScoreDistribution(scores: [1, 2], origin: .genome),
        ScoreDistribution(scores: [0.1, -3, 7]),
      ])
  }

  @Test func bytesSurviveTheRoundTrip() throws {
    let bytes = try model.bytes
    let again = try Model(bytes: bytes, file: "m")
    #expect(try again.bytes == bytes)
    #expect(again.ensemble.networks[0].parameters == model.ensemble.networks[0].parameters)
    #expect(again.ensemble.configuration == model.ensemble.configuration)
    #expect(again.tasks == model.tasks && again.windowLength == 21)
    #expect(again.objective == .binary && again.provenance == model.provenance)
    #expect(again.background == model.background)
  }

  /// What the positives were told from is a kind or a mix; files of earlier versions don't say.
  @Test func theNegativesSurviveTheRoundTrip() throws {
    var known = model
    #expect(try Model(bytes: known.bytes, file: "m").negatives == nil)
    known.negatives = try NegativeMix("random:3,repeats")
    let bytes = try known.bytes
    #expect(try Model(bytes: bytes, file: "m").negatives == known.negatives)
    #expect(known.with(background: []).negatives == known.negatives)
    var contents = try Safetensors(bytes: bytes, file: "m")
    contents.metadata["negatives"] = "everything"
    let damaged = try contents.bytes
    #expect(throws: InputError<ModelProblem>.self) { try Model(bytes: damaged, file: "m") }
  }

  /// A network with weights for each position reads windows of its length alone.
  @Test func flattenedModelsSurviveTheRoundTrip() throws {
    let configuration = NetworkConfiguration(
      front: .motifConvolution(filters: 3, width: 4, pooling: .maxAndMean, window: 5),
      layers: [.flatten], length: 21)
    let model = Model(
      ensemble: Ensemble(try Network(configuration, taskCount: 1, seed: 4)),
      objective: .binary,
      tasks: ["t"], windowLength: 21, provenance: model.provenance, background: [])
    let again = try Model(bytes: model.bytes, file: "m")
    #expect(again.ensemble.configuration == configuration)
    #expect(again.ensemble.networks[0].parameters == model.ensemble.networks[0].parameters)
    for (length, expected) in [
      ("\"length\":22", ModelProblem.metadata(key: "model")),
      ("\"length\":23", .configuration("the network has 76 parameters, the file 70")),
      ("\"length\":7", .configuration("length is 7; take 8 to 1073741824")),
      ("\"length\":null", .configuration("flatten needs a length; give --length")),
      (
        "\"length\":1073741824",
        .configuration(
          "layers.0 (convolution): the number of features of an example is 3221225463; take 0 to "
            + "2147483648")
      ),
    ] {
      var contents = try Safetensors(bytes: model.bytes, file: "m")
      contents.metadata["network"] = contents.metadata["network"]!.replacingOccurrences(
        of: "\"length\":21", with: length)
      let bytes = try contents.bytes
      let error = #expect(throws: InputError<ModelProblem>.self) {
        try Model(bytes: bytes, file: "m")
      }
      #expect(error?.problem == expected)
    }
  }

  private func problem(_ key: String, _ old: String, _ new: String) throws -> ModelProblem? {
    try model.problem { contents in
      let text = contents.metadata[key]!
      #expect(text.contains(old))
      contents.metadata[key] = text.replacingOccurrences(of: old, with: new)
    }
  }

  @Test func refusesOtherFiles() throws {
    #expect(try model.problem { $0.metadata = [:] } == .notAModel)
    #expect(try model.problem { $0.metadata["format"] = "pt" } == .notAModel)
    #expect(try model.problem { $0.metadata = ["run": "x", "digest": "y"] } == .checkpoint)
    #expect(
      try model.problem { $0.metadata["format"] = "seqcnn/4" }
        == .newer(format: "seqcnn/4", version: "1.2"))
  }

  @Test(arguments: ["network", "model", "provenance", "background"])
  func refusesMetadataThatIsMissingOrUnreadable(key: String) throws {
    #expect(try model.problem { $0.metadata[key] = nil } == .metadata(key: key))
    #expect(try model.problem { $0.metadata[key] = "{" } == .metadata(key: key))
    #expect(try model.problem { $0.metadata[key] = "3" } == .metadata(key: key))
  }

  @Test func refusesMetadataThatMakesNoSense() throws {
    let model = ModelProblem.metadata(key: "model")
    #expect(try problem("model", "\"windowLength\":21", "\"windowLength\":0") == model)
    // Shorter than the filters, which then have nowhere to stand.
    #expect(try problem("model", "\"windowLength\":21", "\"windowLength\":4") == model)
    #expect(try problem("model", "21", "9223372036854775807") == model)
    #expect(try problem("model", "classification", "guess") == model)
    let background = ModelProblem.metadata(key: "background")
    #expect(try problem("background", "[1,2]", "[2,1]") == background)
    #expect(try problem("background", "\"sampleCount\":2", "\"sampleCount\":1") == background)
    #expect(try problem("background", "\"tail\":[1,2]", "\"tail\":[]") == background)
    #expect(try problem("background", "\"tail\":[1,2]", "\"tail\":[8,9]") == background)

  }

  @Test func refusesNetworksThatCannotBe() throws {
    #expect(
      try problem("network", "\"filters\":3", "\"filters\":0")
        == .configuration("layers.0 (convolution): filters is 0; take 1 to 65536"))
    #expect(
      try problem("network", "\"filters\":3", "\"filters\":4")
        == .configuration("the network has 114 parameters, the file 89"))
    #expect(
      try problem("network", "\"units\":4", "\"units\":3")
        == .parameters(name: "layers.3.weight"))
  }

  /// Such a network would take a gigabyte and minutes before anybody saw that the file has no such weights.
  @Test(.timeLimit(.minutes(1))) func refusesHugeNetworksBeforeMakingThem() throws {
    let problem = try problem(
      "network", "\"filters\":3,\"initialScale\":0.1,\"width\":5",
      "\"filters\":65536,\"width\":1024")
    guard case .configuration(let what)? = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
    // 65536 · (4 · 1024 + 1) filters, 4 · 65537 and 2 · 5 behind them.
    #expect(what == "the network has 268763150 parameters, the file 89")
  }

  @Test func refusesDamagedWeights() throws {
    #expect(try model.problem { $0.tensors[5].name = "other" } == .parameters(name: "output.bias"))
    #expect(
      try model.problem { contents in
        contents.tensors[1].value.scalars[0] = .nan
      } == .notFinite(name: "layers.0.bias"))
    #expect(
      try model.problem { contents in
        contents.tensors[1].value.scalars[0] += 1
      } == .digest)
    #expect(try model.problem { $0.metadata["digest"] = nil } == .digest)
    #expect(
      try model.problem { $0.tensors.append(("more", Tensor(zeros: [1]))) }
        == .surplus(name: "more"))
  }

  @Test func wordsProblemsInOneLine() {
    let problems: [ModelProblem] = [
      .notAModel, .newer(format: "x\ny", version: nil), .surplus(name: "s"), .metadata(key: "k"),
      .configuration("c"),
      .parameters(name: "\u{1b}[31m"), .digest, .notFinite(name: "n"),
    ]
    for problem in problems {
      let text = "\(InputError(file: "m", problem))"
      #expect(text.hasPrefix("m: ") && text.contains("; "))
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 32 })
    }
  }
}

extension Model {
  /// What is wrong with its file after a change to its contents.
  func problem(_ change: (inout Safetensors) -> Void) throws -> ModelProblem? {
    var contents = try Safetensors(bytes: bytes, file: "m")
    change(&contents)
    let changed = try contents.bytes
    return #expect(throws: InputError<ModelProblem>.self) { try Model(bytes: changed, file: "m") }?
      .problem
  }
}
