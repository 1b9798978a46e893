import Foundation
import Genomics
import Layers
import Tensors
import TestSupport
import Testing

/// What PyTorch makes of layers in double precision; `scripts/goldens/layers.py` says how.
@Suite struct PyTorchLayerTests {
  struct Numbers: Decodable {
    let shape: [Int]
    let scalars: [Float]
    var tensor: Tensor { Tensor(shape: Shape(shape), scalars: scalars) }
  }

  struct Case: Decodable {
    let layer: AnyLayerConfiguration
    let input: Numbers
    let parameters: [Numbers]
    let output: Numbers
    let weights: Numbers
    let inputGradient: Numbers
    let parameterGradients: [Numbers]
    /// `training` or `inference`; missing if both are the same.
    let pass: String?
    /// The running means and variances after the pass.
    let settled: [Numbers]?
  }

  static let cases: [Case] = {
    let file = packageRoot + "/Tests/LayersTests/Goldens/layers.json"
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: file)),
      let cases = try? JSONDecoder().decode([Case].self, from: bytes)
    else { preconditionFailure("no goldens in \(file)") }
    return cases
  }()

  private let training = Pass.training(
    TrainingPass(seed: 1, step: 0, firstExample: 0, exampleCount: 1))

  /// All but the numbers beside sequences, whose standardization is checked by hand.
  @Test func everyKindHasACase() {
    let kinds = Set(Self.cases.map { $0.layer.kind })
    #expect(Set(AnyLayerConfiguration.kinds.map { $0.kind }).subtracting(kinds) == ["sideInputs"])
  }

  @Test(arguments: cases.indices) func isThatOfPyTorch(index: Int) throws {
    let expected = Self.cases[index]
    let input = expected.input.tensor
    let extents = input.extents
    var random = RandomStream(seed: 1, .initialization)
    let output = try expected.layer.layer.output(after: extents)
    var layer = expected.layer.layer.makeLayer(reading: extents, using: &random)
    layer.parameters = expected.parameters.map(\.tensor)
    #expect(expected.output.tensor.extents == output)
    try check(layer, expected, at: input)
  }

  private func check(_ layer: some Layer, _ expected: Case, at input: Tensor) throws {
    for (name, pass) in [("training", training), ("inference", .inference)]
    where expected.pass ?? name == name {
      let (output, saved) = layer.forward(input, in: pass)
      expectClose(output, expected.output.tensor, "output")
      let gradient = layer.backward(expected.weights.tensor, saved: saved, wantsInput: true)
      expectClose(try #require(gradient.input), expected.inputGradient.tensor, "input")
      expectClose(
        layer.inputGradient(expected.weights.tensor, saved: saved),
        expected.inputGradient.tensor, "input alone")
      #expect(gradient.parameters.count == expected.parameterGradients.count)
      for (own, other) in zip(gradient.parameters, expected.parameterGradients) {
        expectClose(own, other.tensor, "parameter")
      }
      guard let settled = expected.settled else { continue }
      var after = layer
      after.settle(gradient.statistics)
      for (own, other) in zip(after.parameters.suffix(settled.count), settled) {
        expectClose(own, other.tensor, "statistic")
      }
    }
  }

  /// Single precision against double: sums of some tens of products, through up to seven positions.
  private func expectClose(_ own: Tensor, _ other: Tensor, _ what: Comment) {
    let size = other.scalars.map(abs).max() ?? 0
    #expect(worst(own, other) <= 3e-6 * max(1, size), what)
  }
}

extension Tensor {
  /// Those of an example.
  fileprivate var extents: Extents {
    shape.rank == 3 ? .positions(shape[1], channels: shape[2]) : .vector(shape[1])
  }
}
