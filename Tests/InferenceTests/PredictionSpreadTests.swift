import Foundation
import Genomics
import Inference
import Models
import Networks
import Tensors
import Testing

@Suite struct PredictionSpreadTests {
  private func model(_ networks: [Network], weights: [Float]) -> Model {
    Model(
      ensemble: Ensemble(
        networks: networks, kmers: nil,
        weights: Tensor(shape: [weights.count, 1], scalars: weights),
        intercept: Tensor(shape: [1], scalars: [0.25])),
      objective: .binary, tasks: ["t"], windowLength: 30,
      provenance: Provenance(version: "1", seed: 1, inputs: []), background: [])
  }

  /// The definition: each network with the weight of both, in Double.
  @Test func isTheDeviationOfTheNetworksPredictions() throws {
    let networks = try [1, 2, 3].map {
      try Network(.deepBind(filters: 4, width: 8), taskCount: 1, seed: $0)
    }
    let weights: [Float] = [1, 0.5, 2]
    var random = RandomStream(seed: 3, .initialization)
    let sequences = (0..<5).map { _ in
      EncodedSequence(codes: (0..<30).map { _ in UInt8(random.next(below: 4)) })
    }
    let spread = try #require(PredictionSpread(model(networks, weights: weights)))
    let found = spread.spreads(of: sequences, threads: 2)
    for (row, sequence) in sequences.enumerated() {
      let predictions = networks.map { network in
        let output = Double(network.outputs([sequence], threads: 1).scalars[0])
        return 1 / (1 + exp(-(3.5 * output + 0.25)))
      }
      let mean = predictions.reduce(0, +) / 3
      let variance = predictions.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
      #expect(abs(Double(found[row][0]) - variance.squareRoot()) < 1e-6)
      #expect(found[row][0] > 0)
    }
    #expect(PredictionSpread(model([networks[0]], weights: [1])) == nil)
  }
}
