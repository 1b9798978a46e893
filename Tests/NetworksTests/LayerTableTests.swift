import Layers
import Networks
import Tensors
import Testing

@Suite struct LayerTableTests {
  private typealias Figures = [[Int]]

  /// By hand, 101 bases: 78 places for 16 filters of 24 · 4 weights; 16 · 32 + 32; 32 + 1. Both strands are
  /// read, 2 · 78 · 16 · 96 products; layers without weights count what they read.
  @Test func deepBind() throws {
    let table = try LayerTable(.deepBind(), length: 101, taskCount: 1)
    #expect(
      table.rows.map(\.path)
        == ["layers.0", "layers.1", "layers.2", "layers.3", "layers.4", "layers.5", "output"])
    #expect(
      table.rows.map(\.output) == [
        .positions(78, channels: 16), .positions(78, channels: 16), .vector(16), .vector(32),
        .vector(32), .vector(32), .vector(1),
      ])
    #expect(table.rows.map(\.parameters) == [1552, 0, 0, 544, 0, 0, 33])
    #expect(table.rows.map(\.multiplyAdds) == [239_616, 2496, 2496, 1024, 64, 64, 64])
    #expect(table.parameters == 2129)
    #expect(table.multiplyAdds == 245_824)
  }

  /// By hand: the global pooling makes one row of both strands, so that the layers behind it cost half:
  /// 2 · 86 · 64 · 64, then 128 · 32 once.
  @Test func pooledStrandsAreJoined() throws {
    let table = try LayerTable(.standard, length: 101, taskCount: 3)
    #expect(table.rows[0].multiplyAdds == 2 * 86 * 64 * 64)
    let pooling = try #require(table.rows.first { $0.layer.kind == "globalPooling" })
    #expect(pooling.multiplyAdds == 2 * 86 * 64)
    let dense = try #require(table.rows.first { $0.layer.kind == "dense" })
    #expect(dense.multiplyAdds == 128 * 32)
    let output = try #require(table.rows.last)
    #expect((output.path, output.multiplyAdds, output.parameters) == ("output", 96, 99))
  }

  /// By hand, 10 bases on one strand: a residual convolution of 4 filters of 3 · 4 weights keeps 10 positions.
  @Test func layersWithinOthersHaveRowsOfTheirOwn() throws {
    let network = NetworkConfiguration(
      layers: [
        .residual([.convolution(filters: 4, width: 3, padding: .same), .rectifier]),
        .globalPooling(.max),
      ], strands: .forward)
    let table = try LayerTable(network, length: 10, taskCount: 1)
    #expect(
      table.rows.map(\.path)
        == ["layers.0", "layers.0.inner.0", "layers.0.inner.1", "layers.1", "output"])
    #expect(table.rows.map(\.depth) == [0, 1, 1, 0, 0])
    #expect(table.rows.map(\.parameters) == [52, 52, 0, 0, 5])
    #expect(table.parameters == 57)
    #expect(table.rows[0].multiplyAdds == 10 * 4 * 12 + 40)
    #expect(table.rows[1].multiplyAdds == 10 * 4 * 12)
  }

  /// A network has as many parameters as its table says.
  @Test(arguments: [NetworkConfiguration.deepBind(), .standard]) func countsWhatANetworkHas(
    configuration: NetworkConfiguration
  ) throws {
    let network = try Network(configuration, taskCount: 2, seed: 1)
    let table = try LayerTable(configuration, length: 50, taskCount: 2)
    #expect(table.parameters == network.parameters.reduce(0) { $0 + $1.scalars.count })
  }

  @Test func refusesShortSequences() {
    #expect(throws: ConfigurationError.self) {
      try LayerTable(.deepBind(), length: 23, taskCount: 1)
    }
  }
}
