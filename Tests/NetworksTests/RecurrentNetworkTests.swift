import Foundation
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct RecurrentNetworkTests {
  /// DanQ (Quang & Xie 2016, Nucleic Acids Research 44:e107), as a recipe has it.
  private let danQ = """
    {"layers": [
      {"convolution": {"filters": 320, "width": 26}}, {"rectifier": {}},
      {"windowPooling": {"pooling": "max", "window": 13}}, {"dropout": {"rate": 0.2}},
      {"bidirectional": {"inner": [{"lstm": {"units": 320}}]}}, {"dropout": {"rate": 0.5}},
      {"flatten": {}}, {"dense": {"units": 925}}, {"rectifier": {}}],
     "strands": "forward", "length": 1000}
    """

  /// Li et al. 2021 (DeepATT, Briefings in Bioinformatics 22:bbaa159) give 46,926,479 in their table. By hand:
  /// filters 320 · (26 · 4 + 1), cells 2 · 4 · 320 · (320 + 320 + 1), and dense layers that read 75 positions of 640
  /// states: 925 · (48,000 + 1) and 919 · (925 + 1).
  @Test func danQHasItsParameters() throws {
    let configuration = try JSONDecoder().decode(
      NetworkConfiguration.self, from: Data(danQ.utf8))
    let table = try LayerTable(configuration, length: 1000, taskCount: 919)
    #expect(table.parameters == 46_926_479)
    let cells = table.rows.filter { $0.path.hasPrefix("layers.4") }
    #expect(cells.map(\.path) == ["layers.4", "layers.4.forward.0", "layers.4.reverse.0"])
    #expect(cells.map(\.parameters) == [1_640_960, 820_480, 820_480])
    #expect(cells[0].output == .positions(75, channels: 640))
    // Products of 320 inputs and 320 states with 1,280 sums, at 75 positions, in both directions.
    #expect(cells[0].multiplyAdds == 2 * 75 * (320 + 320) * 1280)
  }

  /// The network that is trained has the parameters that its configuration counts, under their paths.
  @Test func smallNetworksAreMade() throws {
    let configuration = NetworkConfiguration(
      layers: [
        .convolution(filters: 4, width: 5), .rectifier, .windowPooling(.max, window: 4),
        .bidirectional([.lstm(units: 3)]), .gru(units: 2, output: .last),
      ], strands: .forward)
    let network = try Network(configuration, taskCount: 2, seed: 1)
    let table = try LayerTable(configuration, length: 40, taskCount: 2)
    #expect(network.parameters.reduce(0) { $0 + $1.shape.count } == table.parameters)
    #expect(
      network.parameterPaths.filter { $0.hasPrefix("layers.3") } == [
        "layers.3.forward.0.inputWeight", "layers.3.forward.0.recurrentWeight",
        "layers.3.forward.0.bias", "layers.3.reverse.0.inputWeight",
        "layers.3.reverse.0.recurrentWeight", "layers.3.reverse.0.bias",
      ])
  }

  /// Sums have no fused form: the list is computed layer by layer.
  @Test(arguments: [AnyLayerConfiguration.globalPooling(.sum), .windowPooling(.sum, window: 3)])
  func sumsAreComputedPlainly(pooling: AnyLayerConfiguration) throws {
    let configuration = NetworkConfiguration(
      layers: [.convolution(filters: 3, width: 4), .rectifier, pooling]
        + (pooling.kind == "globalPooling" ? [] : [.flatten]), strands: .max,
      length: pooling.kind == "globalPooling" ? nil : 14)
    let network = try Network(configuration, taskCount: 1, seed: 1)
    #expect(network.configuration.stemLayerCount == 0)
    let batch = sequences(count: 3, length: 14)
    #expect(network.logits(batch) == network.plain.logits(batch))
  }
}
