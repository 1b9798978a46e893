// Training and inference throughput of networks on random sequences: what run.sh sets beside PyTorch.
//
//     seqcnn-bench THREADS [NAME]
//
// Prints a tab-separated line a network: its name, sequences a second in training and in inference, the median
// of five passes after a warm-up; with NAME only those that begin with it.

import Datasets
import Genomics
import Networks
import Tensors
import Training

struct Workload {
  let name: String
  let network: NetworkConfiguration
  let batch: Int
  let length: Int
  let steps: Int
}

func deepBind(_ filters: Int) -> NetworkConfiguration {
  .deepBind(filters: filters, dropout: 0, strands: .forward)
}

let workloads = [
  Workload(
    name: "DeepBind 16x24, 101 bp, batch 64", network: deepBind(16), batch: 64, length: 101,
    steps: 400),
  Workload(
    name: "DeepBind 128x24, 101 bp, batch 256", network: deepBind(128), batch: 256, length: 101,
    steps: 60),
  Workload(
    name: "DeepBind 128x24, 200 bp, batch 256", network: deepBind(128), batch: 256, length: 200,
    steps: 40),
  Workload(
    name: "lecture 128x15 pool 5, 150 bp, batch 1000",
    network: NetworkConfiguration(
      front: .motifConvolution(filters: 128, width: 15, pooling: .max, window: 5),
      layers: [.flatten], strands: .forward, length: 150),
    batch: 1000, length: 150, steps: 10),
]

func examples(_ workload: Workload) -> [Example] {
  (0..<workload.batch * workload.steps).map { index in
    var random = RandomStream(seed: 1, .background, index)
    let codes = (0..<workload.length).map { _ in UInt8(random.next(below: 4)) }
    return Example(
      name: "", bases: EncodedSequence(codes: codes), labels: [Float(random.next(below: 2))])
  }
}

/// The median of the seconds that five runs take.
func medianSeconds(_ run: () throws -> Void) rethrows -> Double {
  try run()
  let clock = ContinuousClock()
  var times: [Duration] = []
  for _ in 0..<5 { times.append(try clock.measure(run)) }
  return times.sorted()[2] / .seconds(1)
}

let arguments = CommandLine.arguments
guard (2...3).contains(arguments.count), let threads = Int(arguments[1]), threads > 0 else {
  preconditionFailure("usage: seqcnn-bench THREADS [NAME]")
}

for workload in workloads where workload.name.hasPrefix(arguments.count == 3 ? arguments[2] : "") {
  let data = examples(workload)
  var configuration = TrainingConfiguration()
  configuration.optimizer = .sgd
  configuration.learningRate = 0.01
  configuration.l2 = 0
  configuration.batchSize = workload.batch
  configuration.epochs = 1000
  configuration.patience = 1000
  let trainer = Trainer(
    configuration, objective: .classification,
    training: TrainingSet(data, freshNegatives: false, seed: 1),
    validation: Array(data.prefix(1)), seed: 1, threads: threads)
  var state = TrainingState(
    network: try Network(workload.network, taskCount: 1, seed: 1), configuration: configuration)
  let training = try medianSeconds { try trainer.runEpoch(&state) { _ in } }
  let sequences = data.map(\.bases)
  let network = state.network
  let inference = medianSeconds { _ = network.outputs(sequences, threads: threads) }
  let rates = [training, inference].map { String(Int(Double(data.count) / $0)) }
  print(([workload.name] + rates).joined(separator: "\t"))
}
