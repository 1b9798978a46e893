import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct EmbeddingTests {
  /// By hand: along (3, 4) / 5 the points lie at -10, -5, 5 and 10, across it at 1 and -1, so the variances are 250 / 3 and
  /// 4 / 3.
  @Test func componentsAreTheDirectionsOfVariance() {
    let along: [Float] = [-10, -5, 5, 10]
    let across: [Float] = [1, -1, -1, 1]
    let rows = zip(along, across).map { a, b -> [Float] in
      [7 + a * 0.6 - b * 0.8, -2 + a * 0.8 + b * 0.6]
    }
    let components = PrincipalComponents(of: rows, count: 2)
    let expected = [[0.6, 0.8], [0.8, -0.6]]
    for (found, wanted) in zip(components.directions, expected) {
      for (one, other) in zip(found, wanted) { #expect(abs(one - other) < 1e-5) }
    }
    #expect(abs(components.variances[0] - 250.0 / 3) < 1e-3)
    #expect(abs(components.variances[1] - 4.0 / 3) < 1e-3)
    #expect(abs(components.totalVariance - 254.0 / 3) < 1e-3)
    #expect(zip(components.center, [7, -2]).allSatisfy { abs($0 - $1) < 1e-6 })
    let place = components.coordinates(of: rows[3])
    #expect(abs(place[0] - 10) < 1e-4 && abs(place[1] + 1) < 1e-4)
  }

  /// Three clouds of 30, 20 and 10 points.
  @Test func groupsAreTheClouds() {
    var random = RandomStream(seed: 1, .groups)
    let centers: [(x: Double, y: Double, count: Int)] = [(0, 0, 20), (10, 0, 30), (0, 10, 10)]
    let points = centers.flatMap { center in
      (0..<center.count).map { _ in
        [center.x + random.normal(), center.y + random.normal()]
      }
    }
    let groups = PointGroups(of: points, count: 3, seed: 3)
    let expected =
      [Int](repeating: 1, count: 20) + [Int](repeating: 0, count: 30)
      + [Int](repeating: 2, count: 10)
    #expect(groups.groups == expected)
    #expect(groups == PointGroups(of: points, count: 3, seed: 3))
    #expect(PointGroups(of: [[1], [1]], count: 5, seed: 1).centers.count == 2)
  }

  /// The output layer's weighted sum of the features is the output.
  @Test(arguments: [StrandRule.max, .mean, .forward]) func featuresMakeTheOutputs(
    strands: StrandRule
  ) throws {
    let model = try toyModel(windowLength: 40, tasks: 2, strands: strands)
    let sequences = (0..<5).map { randomBases(40, seed: UInt64($0 + 1)) }
    let (features, unread) = SequenceFeatures.read(
      sequences + [EncodedSequence(codes: [])], by: model, task: 0, threads: 2)
    #expect(unread.map(\.index) == [5] && features.rows.count == 5)
    let network = model.ensemble.networks[0]
    let (weight, bias) = (network.parameters[network.parameters.count - 2], network.outputBias)
    let outputs = model.ensemble.outputs(sequences, threads: 1).scalars
    for (index, row) in features.rows.enumerated() {
      let sum = row.enumerated().reduce(bias[0]) { $0 + $1.element * weight.scalars[2 * $1.offset] }
      #expect(abs(sum - outputs[2 * index]) < 1e-4)
    }
  }
}
