import Datasets
import Genomics
import Layers
import Models
import Networks
import Tensors
import Training

/// A network and random sequences for it.
struct Workload {
  let name: String
  let network: NetworkConfiguration
  let length: Int
  let batch: Int
  let steps: Int
}

/// The networks of networks.py and deep_networks.py, under the same names.
let workloads = [
  Workload(
    name: "DeepBind 16×24, 101 bp, batch 64", network: deepBind(filters: 16), length: 101,
    batch: 64, steps: 64),
  Workload(
    name: "DeepBind 128×24, 101 bp, batch 256", network: deepBind(filters: 128), length: 101,
    batch: 256, steps: 8),
  Workload(
    name: "DeepBind 128×24, 200 bp, batch 256", network: deepBind(filters: 128), length: 200,
    batch: 256, steps: 8),
  lecture("lecture 128×15, max pool 5, 150 bp, batch 1000", filters: 128),
  lecture("lecture 10×15, max pool 5, 150 bp, batch 1000", filters: 10),
  lecture(
    "lecture 10×15, max pool 5, dense 32, 150 bp, batch 1000", filters: 10,
    then: [.dense(units: 32), .rectifier]),
  Workload(
    name: "Basset's body, 600 bp, batch 64", network: basset, length: 600, batch: 64, steps: 4),
  Workload(
    name: "residual 64×3, dilated to 512, 1000 bp, batch 32", network: residual, length: 1000,
    batch: 32, steps: 8),
  Workload(
    name: "DanQ, 1000 bp, batch 64", network: danQ, length: 1000, batch: 64, steps: 8),
]

/// The body of Kelley et al. 2016, as deep_networks.py has it.
private var basset: NetworkConfiguration {
  NetworkConfiguration(
    layers: [
      .convolution(filters: 300, width: 19), .rectifier, .windowPooling(.max, window: 3),
      .convolution(filters: 200, width: 11), .rectifier, .windowPooling(.max, window: 4),
      .convolution(filters: 200, width: 7), .rectifier, .windowPooling(.max, window: 4),
      .flatten, .dense(units: 1000), .rectifier, .dense(units: 1000), .rectifier,
    ], strands: .forward, length: 600)
}

/// A body of dilated residual layers, as deep_networks.py has it.
private var residual: NetworkConfiguration {
  NetworkConfiguration(
    layers: [.convolution(filters: 64, width: 25, padding: .same), .rectifier]
      + (1...9).map {
        .residual([
          .convolution(filters: 64, width: 3, dilation: 1 << $0, padding: .same), .rectifier,
        ])
      } + [.globalPooling(.mean)], strands: .forward)
}

/// Quang & Xie 2016 without dropout, as deep_networks.py has it.
private var danQ: NetworkConfiguration {
  NetworkConfiguration(
    layers: [
      .convolution(filters: 320, width: 26), .rectifier, .windowPooling(.max, window: 13),
      .bidirectional([.lstm(units: 320)]), .flatten, .dense(units: 925), .rectifier,
    ], strands: .forward, length: 1000)
}

private func lecture(
  _ name: String, filters: Int, then hidden: [AnyLayerConfiguration] = []
) -> Workload {
  Workload(
    name: name,
    network: NetworkConfiguration(
      layers: [
        .convolution(filters: filters, width: 15), .rectifier, .windowPooling(.max, window: 5),
        .flatten,
      ] + hidden, strands: .forward, length: 150),
    length: 150, batch: 1000, steps: 2)
}

func deepBind(filters: Int) -> NetworkConfiguration {
  .deepBind(filters: filters, dropout: 0, strands: .forward)
}

extension Workload {
  /// Seconds a sequence. A training pass is an epoch, with the order drawn and batches assembled.
  func times(threads: Int, seconds: Double) throws -> (training: Double, inference: Double) {
    let examples = randomExamples()
    let trainer = Trainer(
      trainingConfiguration, objective: .binary,
      training: TrainingSet(examples, shufflesPerPositive: 0, seed: 1),
      validation: Array(examples.prefix(1)), seed: 1, threads: threads)
    var state = TrainingState(
      network: try Network(network, taskCount: 1, seed: 1), configuration: trainer.configuration)
    let training = try medianTime(for: seconds) { try trainer.runEpoch(&state) { _ in } }
    let sequences = examples.map(\.bases)
    let trained = state.network
    let inference = medianTime(for: seconds) { _ = trained.outputs(sequences, threads: threads) }
    return (training / Double(examples.count), inference / Double(examples.count))
  }

  private var trainingConfiguration: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.optimizer = .sgd
    configuration.learningRate = 0.01
    configuration.momentum = 0.9
    configuration.l2 = 0
    configuration.batchSize = batch
    configuration.epochs = 1_000_000
    return configuration
  }

  private func randomExamples() -> [Example] {
    (0..<batch * steps).map { index in
      var random = RandomStream(seed: 1, .background, index)
      let codes = (0..<length).map { _ in UInt8(random.next(below: 4)) }
      return Example(
        name: "", bases: EncodedSequence(codes: codes), labels: [Float(random.next(below: 2))])
    }
  }
}
