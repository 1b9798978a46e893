import Datasets
import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// The names of a network's parameters in the goldens, those of version 0.1.
private let formerNames = [
  "front.weight", "front.bias", "layer1.weight", "layer1.bias", "output.weight", "output.bias",
]

/// What PyTorch makes of weights that PyPI safetensors wrote; `scripts/goldens/networks.py` says how.
@Suite struct PyTorchTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let pooling: Pooling
      let strands: StrandRule
      let logits: [[Float]]
    }
    let sequences: [String]
    let cases: [Case]
  }

  let golden: Golden
  let weights: Safetensors

  init() throws {
    let folder = packageRoot + "/Tests/NetworksTests/Goldens/"
    golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "logits.json")))
    weights = try Safetensors(
      bytes: Array(Data(contentsOf: URL(fileURLWithPath: folder + "weights.safetensors"))),
      file: "weights.safetensors")
  }

  @Test func readsWhatPythonWrote() {
    #expect(weights.metadata == ["made by": #"PyPI "safetensors""#])
    #expect(
      weights.tensors.map(\.name).sorted() == [
        "front.bias", "front.weight", "layer1.bias", "layer1.weight", "output.bias",
        "output.weight",
      ])
    #expect(weights["front.weight"]?.shape == [7, 4, 5])
  }

  /// Single precision against double: sums of 28 products below 2, then of 10 and 4.
  @Test func logitsAreThoseOfPyTorch() throws {
    #expect(golden.cases.count == 6)
    for reference in golden.cases {
      let network = try network(reference)
      let sequences = golden.sequences.map { EncodedSequence($0)! }
      let logits = network.logits(SequenceBatch(sequences))
      let expected = reference.logits.flatMap { $0 }
      #expect(logits.shape == [sequences.count, 3])
      for (logit, expected) in zip(logits.scalars, expected) {
        #expect(abs(logit - expected) <= 1e-5, "\(reference.pooling), \(reference.strands)")
      }
      #expect(network.outputs(sequences, threads: 2) == logits)
    }
  }

  /// The file's weights; the hidden layer reads means only where there are some.
  private func network(_ reference: Golden.Case) throws -> Network {
    var network = try Network(
      .deepBind(
        filters: 5, width: 7, pooling: reference.pooling, hidden: 4, dropout: 0,
        strands: reference.strands), taskCount: 3, seed: 0)
    network.parameters = try zip(formerNames, network.parameters).map {
      name, parameter in
      let stored = try #require(weights[name])
      return Tensor(
        shape: parameter.shape, scalars: Array(stored.scalars.prefix(parameter.shape.count)))
    }
    return network
  }
}

/// The lecture's network: filters, windows of 5, and a dense layer over all of them.
@Suite struct PyTorchWindowTests {
  struct Golden: Decodable {
    let sequences: [String]
    let cases: [PyTorchTests.Golden.Case]
    let gradients: [String: [Float]]
  }

  let golden: Golden
  let weights: Safetensors
  let batch: SequenceBatch

  init() throws {
    let folder = packageRoot + "/Tests/NetworksTests/Goldens/"
    golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "lecture.json")))
    weights = try Safetensors(
      bytes: Array(Data(contentsOf: URL(fileURLWithPath: folder + "lecture.safetensors"))),
      file: "lecture.safetensors")
    batch = SequenceBatch(golden.sequences.map { EncodedSequence($0)! })
  }

  private func network(_ pooling: Pooling, _ strands: StrandRule) throws -> Network {
    var network = try Network(
      NetworkConfiguration(
        front: .motifConvolution(filters: 9, width: 15, pooling: pooling, window: 5),
        layers: [.flatten], strands: strands, length: 152), taskCount: 2, seed: 0)
    network.parameters = try zip(formerNames.filter { !$0.hasPrefix("layer1") }, network.parameters)
      .map {
        name, parameter in
        let stored = try #require(weights[name])
        return Tensor(
          shape: parameter.shape, scalars: Array(stored.scalars.prefix(parameter.shape.count)))
      }
    return network
  }

  /// Single precision against double: sums of up to 486 products below 5.
  @Test func logitsAreThoseOfPyTorch() throws {
    #expect(golden.cases.count == 9)
    for reference in golden.cases {
      let logits = try network(reference.pooling, reference.strands).logits(batch)
      let expected = Tensor(shape: [3, 2], scalars: reference.logits.flatMap { $0 })
      #expect(worst(logits, expected) < 1e-4, "\(reference.pooling), \(reference.strands)")
    }
  }

  /// Of the sum of the squared logits; sums of hundreds of numbers up to 100.
  @Test func gradientsAreThoseOfPyTorch() throws {
    let network = try network(.max, .forward)
    let pass = TrainingPass(seed: 0, step: 0, firstExample: 0, exampleCount: 3)
    let gradients = network.gradients(batch, in: pass) { logits in
      LossGradient(loss: 0, gradient: logits.map { 2 * $0 })
    }.parameters
    for (name, gradient) in zip(formerNames.filter { !$0.hasPrefix("layer1") }, gradients) {
      let expected = Tensor(shape: gradient.shape, scalars: try #require(golden.gradients[name]))
      let size = expected.scalars.map(abs).max() ?? 0
      #expect(size > 1 && worst(gradient, expected) < 1e-4 * size, "\(name)")
    }
  }
}
