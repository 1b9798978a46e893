import Datasets
import Foundation
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct NetworkTests {
  /// The rules that every network can follow.
  static let strandRules = [StrandRule.max, .mean, .forward]

  static let configurations: [NetworkConfiguration] =
    strandRules.flatMap { strands in
      [
        .deepBind(
          filters: 5, width: 6, pooling: .maxAndMean, hidden: 4, dropout: 0.3, strands: strands),
        .deepBind(filters: 3, width: 4, hidden: nil, dropout: 0, strands: strands),
        NetworkConfiguration(
          front: .oneHot,
          layers: [
            .convolution(filters: 4, width: 5), .rectifier, .convolution(filters: 3, width: 2),
            .rectifier, .globalPooling(.max),
          ], strands: strands),
      ] + Pooling.allCases.map { windowed($0, strands) }
    } + [pooled(.max), pooled(.maxAndMean)]

  /// Both strands in one row, and everything else that a fused stem may be told.
  static func pooled(_ pooling: Pooling) -> NetworkConfiguration {
    NetworkConfiguration(
      front: .motifConvolution(
        filters: 5, width: 6, pooling: pooling, meanScale: pooling == .max ? nil : 3,
        initialScale: 0.5, initialBias: -0.25),
      layers: [.dropout(rate: 0.3), .dense(units: 4), .rectifier], strands: .pooled)
  }

  /// Of 14 bases 11 positions, 5 windows, 4 positions behind a convolution, 2 windows.
  static func windowed(_ pooling: Pooling, _ strands: StrandRule) -> NetworkConfiguration {
    NetworkConfiguration(
      front: .motifConvolution(filters: 5, width: 4, pooling: pooling, window: 2),
      layers: [
        .convolution(filters: 3, width: 2), .rectifier, .windowPooling(pooling, window: 2),
        .flatten,
      ], strands: strands, length: 14)
  }

  /// 3 · 2 · 2 weights for each position and task, and as many bases as the last position needs: one
  /// window of 2 over one of 2 windows of 2 over 4 bases is 4 + 1 + (2 - 1) · 2 + (2 - 1) · 2.
  @Test func countsThePositionsThatItFlattens() throws {
    let network = try network(Self.windowed(.max, .max))
    #expect(network.minimumLength == 14)
    #expect(network.parameters[4].shape == [6, 2])
    var configuration = network.configuration
    for (length, count) in [(9, 3), (12, 3), (13, 6), (101, 3 * 24)] {
      configuration.length = length
      #expect(try self.network(configuration).parameters[4].shape == [count, 2])
    }
    configuration.layers[6] = .globalPooling(.max)
    configuration.length = nil
    #expect(try self.network(configuration).minimumLength == 9)
  }

  @Test(arguments: [
    (14, nil, "flatten needs a length; give --length"),
    (8, 8, "length is 8; take 9 to 1073741824"),
  ]) func refusesToFlattenUnknownPositions(length: Int, given: Int?, message: String) {
    var configuration = Self.windowed(.max, .max)
    configuration.length = given
    let error = #expect(throws: ConfigurationError.self) {
      try Network(configuration, taskCount: 1, seed: 0)
    }
    #expect(error?.description == message)
  }

  /// Absent keys are those of models that were written before windows were.
  @Test func configurationsWithoutWindowsHaveNoKeysForThem() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(NetworkConfiguration.deepBind()), as: UTF8.self)
    let expected =
      #"{"layers":[{"convolution":{"filters":16,"initialScale":0.1,"width":24}},{"rectifier":{}},"#
      + #"{"globalPooling":{"pooling":"max"}},{"dense":{"units":32}},{"rectifier":{}},"#
      + #"{"dropout":{"rate":0.2}}],"strands":"max"}"#
    #expect(text == expected)
    for configuration in Self.configurations {
      let again = try JSONDecoder().decode(
        NetworkConfiguration.self, from: encoder.encode(configuration))
      #expect(again == configuration)
    }
  }

  /// A network with two tasks whose weights are large enough to matter.
  func network(_ configuration: NetworkConfiguration) throws -> Network {
    var network = try Network(configuration, taskCount: 2, seed: 3)
    network.parameters = network.parameters.enumerated().map {
      scattered($0.element.shape, seed: $0.offset)
    }
    return network
  }

  @Test(arguments: configurations)
  func gradientsMatchCentralDifferences(configuration: NetworkConfiguration) throws {
    let network = try network(configuration)
    let batch = sequences(count: 3, length: 14)
    let weights = scattered([3, 2], seed: 8)
    let pass = TrainingPass(seed: 1, step: 1, firstExample: 0, exampleCount: 3)
    func loss(_ network: Network) -> Double {
      network.gradients(batch, in: pass) { logits in
        LossGradient(
          loss: zip(logits.scalars, weights.scalars).reduce(0) { $0 + Double($1.0 * $1.1) },
          gradient: weights)
      }.loss
    }
    let gradients = network.gradients(batch, in: pass) { _ in
      LossGradient(loss: 0, gradient: weights)
    }.parameters
    for (index, gradient) in gradients.enumerated() {
      let slopes = differences(of: gradient, at: network.parameters[index]) { changed in
        var copy = network
        copy.parameters[index] = changed
        return loss(copy)
      }
      #expect(slopes.worst < 5e-3, "\(network.parameterPaths[index])")
      #expect(slopes.kinks * 3 <= gradient.scalars.count + 2, "\(network.parameterPaths[index])")
    }
  }

  /// Both strands, worked separately by a network that reads one.
  @Test(arguments: [StrandRule.max, .mean])
  func combinesBothStrands(rule: StrandRule) throws {
    let both = try network(.deepBind(filters: 5, width: 6, strands: rule))
    var single = try Network(
      .deepBind(filters: 5, width: 6, strands: .forward), taskCount: 2, seed: 0)
    single.parameters = both.parameters
    let batch = sequences(count: 4, length: 30)
    let forward = single.logits(batch).scalars
    let reverse = single.logits(batch.reverseComplement).scalars
    for (index, logit) in both.logits(batch).scalars.enumerated() {
      let expected =
        rule == .max
        ? max(forward[index], reverse[index]) : (forward[index] + reverse[index]) / 2
      #expect(abs(logit - expected) < 1e-5)
    }
  }

  /// With both strands read, a sequence and its reverse complement are one.
  @Test(arguments: [
    NetworkConfiguration.deepBind(filters: 5, width: 6), windowed(.maxAndMean, .max),
    pooled(.maxAndMean),
  ])
  func strandsDoNotMatter(configuration: NetworkConfiguration) throws {
    let network = try network(configuration)
    let batch = sequences(count: 4, length: configuration.length ?? 30)
    let pairs = zip(network.logits(batch).scalars, network.logits(batch.reverseComplement).scalars)
    for (a, b) in pairs { #expect(abs(a - b) < 1e-5) }
  }

  /// Apart, a network reads each strand as one of the rule `forward` does.
  @Test func readsPooledStrandsApart() throws {
    let network = try network(Self.pooled(.maxAndMean))
    var configuration = network.configuration
    configuration.strands = .forward
    let single = try self.network(configuration)
    let batch = sequences(count: 4, length: 30)
    let apart = network.readingStrandsApart
    let (logits, isReverse) = apart.combineStrands(
      apart.strandLogits(apart.stem.windowFeatures(Array(batch.codes[..<30]), length: 30)))
    let forward = single.logits(batch.gathered([0])).scalars
    let reverse = single.logits(batch.gathered([0]).reverseComplement).scalars
    for task in 0..<2 {
      #expect(abs(logits.scalars[task] - max(forward[task], reverse[task])) < 1e-5)
      #expect(isReverse[task] == (reverse[task] > forward[task]))
    }
    #expect(apart.configuration.strands == .max)
    #expect(
      network.combineStrands(network.logits(batch)).isReverse == [Bool](repeating: false, count: 8))
  }

  /// 5000 draws: the standard deviation of their standard deviation is a hundredth.
  @Test func drawsFiltersAsTold() throws {
    func parameters(_ scale: Float?, _ bias: Float?) throws -> [Tensor] {
      try Network(
        NetworkConfiguration(
          front: .motifConvolution(
            filters: 50, width: 25, pooling: .max, initialScale: scale, initialBias: bias),
          layers: []), taskCount: 1, seed: 4
      ).parameters
    }
    for (scale, bias) in [(Float(0.5), Float(-2)), (nil, nil)] {
      let parameters = try parameters(scale, bias)
      let variance = parameters[0].scalars.reduce(0) { $0 + $1 * $1 } / 5000
      #expect(abs(variance.squareRoot() / (scale ?? 0.1) - 1) < 0.04)
      #expect(parameters[1].scalars == [Float](repeating: bias ?? 0, count: 50))
    }
    #expect(try parameters(0.1, 0) == parameters(nil, nil))
  }

  /// The list, computed layer by layer, is the oracle of the fused form: outputs, the gradients of the input and
  /// of every parameter, with the same random draws.
  @Test(arguments: configurations) func theListIsTheOracle(configuration: NetworkConfiguration)
    throws
  {
    let network = try network(configuration)
    let plain = network.plain
    let batch = sequences(count: 9, length: 14).gathered([6, 7, 8])
    #expect(plain.motifs == nil && plain.parameterPaths == network.parameterPaths)
    #expect(worst(network.logits(batch), plain.logits(batch)) < 1e-5)
    #expect(
      worst(network.inputGradient(batch, task: 1), plain.inputGradient(batch, task: 1)) < 1e-5)
    let pass = TrainingPass(seed: 1, step: 1, firstExample: 0, exampleCount: 3)
    func gradients(_ network: Network) -> [Tensor] {
      network.gradients(batch, in: pass) { LossGradient(loss: 0, gradient: $0) }.parameters
    }
    for (fused, listed) in zip(gradients(network), gradients(plain)) {
      #expect(worst(fused, listed) < 1e-4)
    }
  }

  /// Each convolution takes off its width less one: 5 and 2 wide need 6 bases.
  @Test(arguments: strandRules)
  func readsOneHotSequencesOfAnyLength(strands: StrandRule) throws {
    let network = try network(
      NetworkConfiguration(
        front: .oneHot,
        layers: [
          .convolution(filters: 4, width: 5), .rectifier, .convolution(filters: 3, width: 2),
          .globalPooling(.max),
        ], strands: strands))
    #expect(network.minimumLength == 6)
    let batch = sequences(count: 150, length: 14)
    let mixed = (0..<150).map { index in
      EncodedSequence(codes: Array(batch.codes[batch.range(of: index)].prefix(1 + index % 14)))
    }
    let alone = mixed.flatMap { network.logits(SequenceBatch([$0.padded(to: 6)])).scalars }
    let together = network.outputs(mixed, threads: 2).scalars
    #expect(together.count == alone.count)
    #expect(zip(together, alone).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// Of one position a padded convolution with a stride keeps all, of two it makes one.
  @Test func refusesResidualsThatFitTheShortestSequenceOnly() {
    let configuration = NetworkConfiguration(
      layers: [
        .residual([.convolution(filters: 4, width: 3, stride: 2, padding: .positions(1))]),
        .globalPooling(.max),
      ])
    #expect(throws: ConfigurationError.self) {
      try Network(configuration, taskCount: 1, seed: 0)
    }
  }

  @Test func namesEveryParameter() throws {
    let network = try network(.deepBind())
    #expect(
      network.parameterPaths == [
        "layers.0.weight", "layers.0.bias", "layers.3.weight", "layers.3.bias", "output.weight",
        "output.bias",
      ])
    #expect(network.parameters.count == network.parameterPaths.count)
  }

  @Test(arguments: [
    (
      NetworkConfiguration.deepBind(filters: 0),
      "layers.0 (convolution): filters is 0; take 1 to 65536"
    ),
    (.deepBind(dropout: 1), "layers.5 (dropout): rate is 1.0; take 0 to below 1"),
    (
      NetworkConfiguration(front: .oneHot, layers: [], strands: .pooled),
      "strands: pooled without a globalPooling among the layers; take max or mean"
    ),
    (
      windowed(.max, .pooled),
      "strands: pooled without a globalPooling among the layers; take max or mean"
    ),
    (
      NetworkConfiguration(
        front: .motifConvolution(filters: 1, width: 2, pooling: .max, meanScale: 2), layers: []),
      "layers.2 (globalPooling): meanScale without means; leave it out"
    ),
    (
      NetworkConfiguration(
        front: .motifConvolution(filters: 1, width: 2, pooling: .max, initialScale: 0), layers: []),
      "layers.0 (convolution): initialScale is 0.0; take above 0"
    ),
    (
      NetworkConfiguration(
        front: .motifConvolution(filters: 1, width: 2, pooling: .max, initialBias: .infinity),
        layers: []),
      "layers.0 (convolution): initialBias is no finite number"
    ),
    (
      NetworkConfiguration(front: .oneHot, layers: [.dense(units: 3)]),
      "layers.0 (dense): can't read positions; put globalPooling or flatten before it"
    ),
    (
      NetworkConfiguration(front: .oneHot, layers: []),
      "layers: the last one leaves positions; end with globalPooling or flatten"
    ),
  ])
  func refusesConfigurationsThatMakeNoNetwork(
    configuration: NetworkConfiguration, message: String
  ) {
    #expect(throws: ConfigurationError.self) {
      try Network(configuration, taskCount: 1, seed: 0)
    }
    do {
      _ = try Network(configuration, taskCount: 1, seed: 0)
    } catch { #expect("\(error)" == message) }
  }

  /// Compares a gradient with central differences of a function that is linear but for kinks.
  ///
  /// A step may carry a maximum to another position, or a rectifier past 0: then the slopes on the two
  /// sides of the point differ, which counts as a kink and isn't compared.
  /// - Returns: The largest difference elsewhere, relative to the larger of the two or to 1.
  private func differences(
    of gradient: Tensor, at point: Tensor, of function: (Tensor) -> Double
  ) -> (worst: Double, kinks: Int) {
    let middle = function(point)
    var (worst, kinks) = (0.0, 0)
    for index in point.scalars.indices {
      func slope(_ step: Float) -> Double {
        var moved = point
        moved.scalars[index] += step
        return (function(moved) - middle) / Double(moved.scalars[index] - point.scalars[index])
      }
      let (left, right, own) = (slope(-5e-4), slope(5e-4), Double(gradient.scalars[index]))
      guard abs(left - right) < 5e-3 * max(1, abs(left), abs(right)) else {
        kinks += 1
        continue
      }
      let error = abs(own - (left + right) / 2) / max(1, abs(own), abs(left))
      worst = max(worst, error.isFinite ? error : .infinity)
    }
    return (worst, kinks)
  }
}
