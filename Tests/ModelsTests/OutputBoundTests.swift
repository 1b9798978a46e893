import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// Weights that are finite, and outputs that wouldn't be.
@Suite struct OutputBoundTests {
  /// A model whose parameters are multiplied by a factor each.
  private func model(
    _ configuration: NetworkConfiguration = .deepBind(filters: 3, width: 5, hidden: 4),
    times factors: [Float]
  ) throws -> Model {
    var network = try Network(configuration, taskCount: 1, seed: 4)
    var index = 0
    network.updateParameters { _, parameter in
      let factor = index < factors.count ? factors[index] : 1
      parameter.scalars = parameter.scalars.map { $0 * factor }
      index += 1
    }
    return Model(
      ensemble: Ensemble(network), objective: .binary, tasks: ["t"], windowLength: 21,
      provenance: Provenance(version: "1", seed: 1, inputs: []), background: [])
  }

  private func isRefused(_ model: Model) throws -> Bool {
    do {
      _ = try Model(bytes: model.bytes, file: "m")
      return false
    } catch let error as InputError<ModelProblem> {
      #expect(error.problem == .overflow)
      #expect(error.kind == .badData)
      return true
    }
  }

  /// Attention has five parameters, which aren't weights and biases in turn; its filters read the bases by tables.
  @Test func layersOfOtherParametersAreTriedOnSequences() throws {
    let configuration = NetworkConfiguration(layers: [
      .convolution(filters: 4, width: 5), .rectifier, .windowPooling(.max, window: 3),
      .selfAttention(heads: 2, distance: 4), .globalPooling(.mean),
    ])
    #expect(!(try isRefused(model(configuration, times: []))))
    #expect(try isRefused(model(configuration, times: [1e38])))
  }

  /// Factors of the weights and biases of the three layers, in their order.
  @Test(
    arguments: [
      ([1, 1, 1, 1, 1, 1], false), ([1e20, 1, 1, 1, 1, 1], false),
      ([1e20, 1, 1e20, 1, 1, 1], true), ([1e38, 1, 1, 1, 1, 1], true),
      ([1, 1, 1, 1, 1e38, 1], true), ([1e15, 1, 1e15, 1, 1e15, 1], true),
      ([1e-30, 1, 1e30, 1, 1, 1], false),
    ] as [([Float], Bool)])
  func overflowIsRefused(factors: [Float], isRefused: Bool) throws {
    #expect(try self.isRefused(model(times: factors)) == isRefused)
  }

  /// Thirty convolutions, whose sums of weights multiply to more than a number holds, though outputs don't
  /// come near that.
  @Test func deepNetworksAreTried() throws {
    let deep = NetworkConfiguration(
      front: .oneHot,
      layers: (0..<30).flatMap { _ -> [AnyLayerConfiguration] in
        [.convolution(filters: 64, width: 1), .rectifier]
      } + [.globalPooling(.max)], strands: .forward)
    #expect(try !isRefused(model(deep, times: [])))
    #expect(try isRefused(model(deep, times: [1e30, 1, 1e30])))
  }

  /// A filter that sees nothing but its favourite, which no random sequence holds, overflows the layer
  /// behind it.
  @Test func favouritesAreTried() throws {
    let width = 24
    var weight = Tensor(zeros: [width, 4, 1])
    for position in 0..<width { weight.scalars[4 * position + position % 4] = 1e18 }
    var network = try Network(
      .deepBind(filters: 1, width: width, hidden: nil, dropout: 0, strands: .forward), taskCount: 1,
      seed: 1)
    network.parameters = [
      weight, Tensor(shape: [1], scalars: [-2.35e19]), Tensor(shape: [1, 1], scalars: [1e20]),
      Tensor(zeros: [1]),
    ]
    let model = Model(
      ensemble: Ensemble(network), objective: .number, tasks: ["t"], windowLength: 60,
      provenance: Provenance(version: "1", seed: 1, inputs: []), background: [])
    #expect(model.overflows)
  }
}
