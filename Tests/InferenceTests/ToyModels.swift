import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport

/// A model with drawn weights that are large enough to matter; with padding it reads windows, as
/// imported ones do.
func toyModel(
  windowLength: Int, width: Int = 5, tasks: Int = 2, pooling: Pooling = .maxAndMean,
  strands: StrandRule = .max, front: Front? = nil, padding: Int = 0
) throws -> Model {
  var configuration = NetworkConfiguration.deepBind(
    filters: 4, width: width, pooling: pooling, hidden: 3, dropout: 0, strands: strands)
  if padding > 0 {
    configuration.padding = padding
    configuration.windows = WindowRule(length: windowLength)
  }
  if let front {
    configuration = NetworkConfiguration(
      front: front,
      layers: [.convolution(filters: 3, width: width), .globalPooling(pooling)],
      strands: strands)
  }
  var network = try Network(configuration, taskCount: tasks, seed: 1)
  network.parameters = network.parameters.enumerated().map { index, parameter in
    var random = RandomStream(seed: 2, .initialization, index)
    return Tensor(
      shape: parameter.shape, scalars: parameter.scalars.map { _ in 2 * random.uniform() - 1 })
  }
  return Model(
    ensemble: Ensemble(network), objective: .binary, tasks: (0..<tasks).map { "t\($0)" },
    windowLength: windowLength, provenance: Provenance(version: "", seed: 0, inputs: []),
    background: [])
}

/// FASTA with lines of 60 bases.
func fasta(_ sequences: [(name: String, bases: EncodedSequence)]) -> [UInt8] {
  sequences.flatMap { name, bases in
    let letters = bases.letters
    let lines = stride(from: 0, to: letters.count, by: 60).flatMap {
      letters[$0..<min($0 + 60, letters.count)] + Array("\n".utf8)
    }
    return Array(">\(name)\n".utf8) + lines
  }
}
