import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct WindowSearchTests {
  /// Three networks as long as their weights differ, and k-mers if asked for.
  private func ensemble(
    _ strands: StrandRule, tasks: Int, kmers: Bool, widths: [Int] = [7, 7, 7]
  ) throws -> Ensemble {
    let networks = try (0..<3).map { member in
      var network = try Network(
        .deepBind(
          filters: 20, width: widths[member], pooling: .max, hidden: 18, dropout: 0.1,
          strands: strands),
        taskCount: tasks, seed: 1)
      network.parameters = network.parameters.enumerated().map { index, parameter in
        var random = RandomStream(seed: 2, .initialization, index, member)
        return Tensor(
          shape: parameter.shape, scalars: parameter.scalars.map { _ in random.uniform() - 0.5 })
      }
      return network
    }
    var random = RandomStream(seed: 3, .initialization)
    let table = KmerTable(
      scalars: Tensor(
        shape: [1 << 20, tasks], scalars: (0..<tasks << 20).map { _ in random.uniform() - 0.5 }),
      bias: Tensor(zeros: [tasks]))
    let members = kmers ? 4 : 3
    return Ensemble(
      networks: networks, kmers: kmers ? table : nil,
      weights: Tensor(
        shape: [members, tasks],
        scalars: (0..<members * tasks).map { [0.5, -0.25, 1.5, 0.75][$0 / tasks] }),
      intercept: Tensor(shape: [tasks], scalars: [Float](repeating: 0.25, count: tasks)))
  }

  /// Each window read alone is the definition.
  @Test(arguments: StrandRule.allCases, [false, true])
  func screenErrsNoMoreThanItSays(strands: StrandRule, kmers: Bool) throws {
    try checkScreen(of: try ensemble(strands, tasks: kmers ? 1 : 2, kmers: kmers))
  }

  @Test(arguments: StrandRule.allCases) func screensFiltersOfSeveralWidths(strands: StrandRule)
    throws
  {
    try checkScreen(of: try ensemble(strands, tasks: 2, kmers: false, widths: [7, 12, 7]))
  }

  private func checkScreen(of ensemble: Ensemble) throws {
    let tasks = ensemble.taskCount
    let screen = try #require(EnsembleScreen(ensemble))
    let bases = randomBases(400, seed: 6)
    let found = screen.outputs(bases.codes, length: 31)
    let windows = (0...369).map { bases[$0..<$0 + 31] }
    let expected = ensemble.outputs(windows, threads: 1).scalars
    #expect(found.count == expected.count)
    let errors = zip(found, expected).map { abs($0 - $1) }
    #expect(errors.indices.allSatisfy { errors[$0] <= screen.errors[$0 % tasks] })
    // The bound is of use, and something is rounded.
    #expect(screen.errors.allSatisfy { $0 < 0.1 } && errors.contains { $0 > 1e-6 })
  }

  @Test func otherNetworksHaveNoScreen() throws {
    let models = [
      try toyModel(windowLength: 20, pooling: .maxAndMean),
      try toyModel(windowLength: 20, pooling: .max, padding: 4),
      try toyModel(windowLength: 20, front: .oneHot),
    ]
    #expect(models.allSatisfy { EnsembleScreen($0.ensemble) == nil })
  }

  /// Outputs that reach the threshold are, to the last bit, those of the windows alone; the others are below it.
  @Test(arguments: [StrandRule.pooled, .max], [false, true])
  func scanIsExactFromTheThresholdOn(strands: StrandRule, wantsAll: Bool) throws {
    let folder = TemporaryFolder()
    let length = 31
    let bases = randomBases(9_000, seed: 7, unknownRuns: true)
    let path = folder.write(fasta([("s", bases)]), to: "g.fa")
    let model = Model(
      ensemble: try ensemble(strands, tasks: 1, kmers: true), objective: .binary, tasks: ["t"],
      windowLength: length, provenance: Provenance(version: "", seed: 0, inputs: []),
      background: [])
    let windows = (0...bases.count - length).map { bases[$0..<$0 + length] }
    let expected = zip(model.ensemble.outputs(windows, threads: 2).scalars, windows).map {
      2 * $1.unknownCount > length ? Float.nan : $0
    }
    let threshold = expected.filter { !$0.isNaN }.sorted()[expected.count / 2]
    var scan = try GenomeScan(
      genome: path, model: model,
      outputs: .reaching([threshold], othersToRounding: wantsAll), threads: 2)
    let stretch = try #require(try scan.next())
    let found = stretch.scores.outputs
    #expect(stretch.isLast && found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { $0.isNaN == $1.isNaN })
    let pairs = zip(found, expected).filter { !$0.1.isNaN }
    #expect(pairs.allSatisfy { $1 >= threshold ? $0 == $1 : $0 < threshold })
    #expect(pairs.contains { $1 >= threshold } && pairs.contains { $1 < threshold })
    if wantsAll { #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 }) }
  }
}
