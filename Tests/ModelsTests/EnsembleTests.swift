import Foundation
import Genomics
import GenomicsIO
import Layers
import Models
import Networks
import Tensors
import Testing

@Suite struct EnsembleTests {
  let bases = [EncodedSequence("ACGTTGCATGCAACGGT")!, EncodedSequence("TTTTACGNACGGGATCA")!]

  func networks() throws -> [Network] {
    try (1...2).map {
      try Network(
        .deepBind(filters: 3, width: 5, hidden: 4, dropout: 0), taskCount: 2, seed: UInt64($0))
    }
  }

  func table() -> KmerTable {
    var random = RandomStream(seed: 5, .initialization)
    return KmerTable(
      scalars: Tensor(
        shape: [1 << (2 * KmerTable.span), 2],
        scalars: (0..<2 << (2 * KmerTable.span)).map { _ in Float(random.normal()) }),
      bias: Tensor(shape: [2], scalars: [0.5, -0.25]))
  }

  func ensemble() throws -> Ensemble {
    Ensemble(
      networks: try networks(), kmers: table(),
      weights: Tensor(shape: [3, 2], scalars: [0.5, 1, -0.25, 2, 0.125, 3]),
      intercept: Tensor(shape: [2], scalars: [1, -1]))
  }

  /// `b + Σ w · output`, in Double, of what the members say alone.
  @Test(arguments: [1, 3]) func addsItsMembersWeighted(threads: Int) throws {
    let ensemble = try ensemble()
    let outputs = ensemble.outputs(bases, threads: threads).scalars
    let members =
      try networks().map { $0.outputs(bases, threads: 1).scalars }
      + [table().outputs(bases, threads: 1).scalars]
    let weights: [[Double]] = [[0.5, 1], [-0.25, 2], [0.125, 3]]
    for index in 0..<4 {
      var expected: Double = index % 2 == 0 ? 1 : -1
      for (member, weight) in zip(members, weights) {
        expected += weight[index % 2] * Double(member[index])
      }
      #expect(abs(Double(outputs[index]) - expected) < 1e-5)
    }
  }

  /// One network alone says what it says, to the last bit.
  @Test func oneNetworkStaysAsItIs() throws {
    let network = try networks()[0]
    #expect(Ensemble(network).outputs(bases, threads: 1) == network.outputs(bases, threads: 1))
  }

  func model(_ ensemble: Ensemble) -> Model {
    Model(
      ensemble: ensemble, objective: .binary, tasks: ["a", "b"], windowLength: 17,
      provenance: Provenance(version: "1", seed: 1, inputs: []), background: [])
  }

  @Test func aModelFileHoldsAllMembers() throws {
    let ensemble = try ensemble()
    let again = try Model(bytes: model(ensemble).bytes, file: "m").ensemble
    #expect(again.networks.map(\.parameters) == ensemble.networks.map(\.parameters))
    #expect(again.kmers == ensemble.kmers)
    #expect(again.weights == ensemble.weights && again.intercept == ensemble.intercept)
  }

  private func mixed() throws -> Ensemble {
    let networks = try [5, 9].map {
      try Network(
        .deepBind(filters: 3, width: $0, hidden: 4, dropout: 0), taskCount: 2, seed: UInt64($0))
    }
    return Ensemble(
      networks: networks, kmers: nil,
      weights: Tensor(shape: [2, 2], scalars: [0.5, 1, -0.25, 2]), intercept: Tensor(zeros: [2]))
  }

  /// A newer format says the configuration of each network, and older programs name it instead of a tensor.
  @Test func aModelFileHoldsNetworksOfSeveralWidths() throws {
    let ensemble = try mixed()
    #expect(ensemble.minimumLength == 9)
    let model = model(ensemble)
    let again = try Model(bytes: model.bytes, file: "m")
    #expect(again.fileFormat == "seqcnn/3" && model.fileFormat == "seqcnn/3")
    #expect(again.ensemble.networks.map(\.configuration) == ensemble.networks.map(\.configuration))
    #expect(
      again.ensemble.outputs(bases, threads: 1) == ensemble.outputs(bases, threads: 1))
    let alike = try self.ensemble()
    #expect(self.model(alike).fileFormat == "seqcnn/2")
  }

  @Test func refusesNetworksThatDoNotReadAlike() throws {
    var file = try Safetensors(bytes: model(try mixed()).bytes, file: "m")
    let key = "networks"
    for (old, new) in [
      ("\"strands\":\"max\"}]", "\"strands\":\"mean\"}]"), ("[{", "[{\"a\":1},{"), ("[", "["),
    ] {
      let text = try #require(file.metadata[key])
      var changed = file
      changed.metadata[key] = old == new ? "[]" : text.replacingOccurrences(of: old, with: new)
      changed.addDigests()
      #expect(throws: InputError(file: "m", ModelProblem.metadata(key: key))) {
        try Model(bytes: changed.bytes, file: "m")
      }
    }
    file.metadata[key] = nil
    #expect(throws: (any Error).self) { try Model(bytes: file.bytes, file: "m") }
  }

  /// A calibrated network alone needs its weight, too.
  @Test func aModelFileHoldsOneWeightedNetwork() throws {
    let ensemble = Ensemble(
      networks: [try networks()[0]], kmers: nil,
      weights: Tensor(shape: [1, 2], scalars: [0.5, 2]), intercept: Tensor(zeros: [2]))
    let again = try Model(bytes: model(ensemble).bytes, file: "m").ensemble
    #expect(again.weights == ensemble.weights && again.kmers == nil && again.networks.count == 1)
  }

  /// The names of the tensors of one network are those of files from before there were more.
  @Test func aFileOfOneNetworkIsPlain() throws {
    let contents = try Safetensors(
      bytes: model(Ensemble(try networks()[0])).bytes, file: "m")
    #expect(contents.tensors.contains { $0.name == "layers.0.weight" })
    #expect(!contents.tensors.contains { $0.name.hasPrefix("ensemble") })
    #expect(contents.metadata["model"]?.contains("members") == false)
  }

  @Test func refusesAFileThatLacksAMember() throws {
    var contents = try Safetensors(bytes: model(try ensemble()).bytes, file: "m")
    contents = Safetensors(
      metadata: contents.metadata,
      tensors: contents.tensors.filter { $0.name != "kmers.bias" }.map { ($0.name, $0.value) })
    let bytes = try contents.bytes
    #expect(throws: InputError<ModelProblem>(file: "m", .parameters(name: "kmers.bias"))) {
      try Model(bytes: bytes, file: "m")
    }
  }
}
