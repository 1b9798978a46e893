import Layers
import Networks
import Testing
import Training

@Suite struct ShardSizeTests {
  private func shardSize(
    batch: Int, filters: Int, then layers: [AnyLayerConfiguration] = []
  ) -> Int {
    let network = NetworkConfiguration(
      layers: [
        .convolution(filters: filters, width: 15), .rectifier, .windowPooling(.max, window: 5),
      ] + layers + [.flatten], strands: .forward, length: 150)
    var configuration = TrainingConfiguration()
    configuration.batchSize = batch
    return configuration.shardSize(for: network, length: 150, taskCount: 1)
  }

  /// An eighth of a large batch, from 32 to 128.
  @Test(arguments: [(1, 1), (31, 31), (64, 32), (256, 32), (264, 33), (1000, 125), (4096, 128)])
  func growsWithTheBatch(batch: Int, expected: Int) {
    #expect(shardSize(batch: batch, filters: 10) == expected)
  }

  /// 128 filters in 27 windows are 3,456 features, and so many again when they are flattened.
  @Test func staysSmallIfFeaturesAreMany() {
    #expect(shardSize(batch: 1000, filters: 128) == 32)
  }

  /// A larger one would change what a network learns.
  @Test func staysWhatItIsIfBatchesAreNormalized() {
    #expect(shardSize(batch: 1000, filters: 10, then: [.batchNormalization()]) == 32)
  }
}
