import Layers
import Testing

@Suite struct ReceptiveFieldTests {
  /// By hand: five bases; with every second of those, 5 + 2 · 1 = 7; maxima of 2, a step of 2 apart, 9; then three that are
  /// 4 apart, 9 + 2 · 4 = 17.
  @Test func stridesAddUp() {
    let layers: [AnyLayerConfiguration] = [
      .convolution(filters: 4, width: 5), .convolution(filters: 4, width: 3, stride: 2),
      .windowPooling(.max, window: 2), .convolution(filters: 4, width: 3),
    ]
    let fields = layers.indices.map { Array(layers[...$0]).receptiveField(after: .base) }
    #expect(fields.map(\.width) == [5, 7, 9, 17])
    #expect(fields.map(\.step) == [1, 2, 4, 4])
  }

  /// Two before the first base, and another two of the second layer's, which are 3 bases apart.
  @Test func paddingReadsWhatIsBefore() {
    let layers: [AnyLayerConfiguration] = [
      .convolution(filters: 4, width: 5, padding: .same), .windowPooling(.max, window: 3),
      .convolution(filters: 4, width: 5, padding: .positions(2)),
    ]
    let fields = layers.indices.map { Array(layers[...$0]).receptiveField(after: .base) }
    #expect(fields.map(\.start) == [-2, -2, -8])
  }

  @Test func poolingOfEverythingReadsAll() {
    let layers: [AnyLayerConfiguration] = [
      .convolution(filters: 4, width: 5), .globalPooling(.max),
    ]
    #expect(layers.receptiveField(after: .base) == .all)
  }
}
