import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct GenomeScanTests {
  /// The network's outputs of every window by itself, and no number where more than half of a
  /// window is unknown.
  func expected(_ bases: EncodedSequence, _ windows: some Sequence<Int>, _ model: Model) -> [Float]
  {
    let cut = windows.map { bases[$0..<$0 + model.windowLength] }
    let outputs = model.ensemble.outputs(cut, threads: 2).scalars
    return outputs.indices.map { index in
      2 * cut[index / model.tasks.count].unknownCount > model.windowLength ? .nan : outputs[index]
    }
  }

  /// Sums of a window slide or start anew: a few roundings of numbers below 30.
  func expectClose(_ found: [Float], _ expected: [Float]) {
    #expect(found.count == expected.count)
    let wrong = zip(found, expected).count { found, expected in
      found.isNaN != expected.isNaN || abs(found - expected) > 1e-4
    }
    #expect(wrong == 0)
  }

  @Test(arguments: [5, 6, 20, 101], [Pooling.max, .maxAndMean])
  func windowsAreWhatTheyAreAlone(length: Int, pooling: Pooling) throws {
    for (strands, padding) in zip(
      StrandRule.allCases + StrandRule.allCases, [0, 4, 0, 4, 4, 0, 4, 0])
    {
      let model = try toyModel(
        windowLength: length, pooling: pooling, strands: strands, padding: padding)
      let bases = randomBases(600, seed: 3, unknownRuns: true)
      let scores = model.ensemble.windowScores(bases.codes, length: length)
      let expected = expected(bases, 0...600 - length, model)
      #expect(expected.contains { $0.isNaN } == (length < 100) && expected.contains { !$0.isNaN })
      expectClose(scores.outputs, expected)
    }
  }

  /// Networks that start from the one-hot tensor take the general path.
  @Test(arguments: [
    Front.oneHot,
    .motifConvolution(filters: 4, width: 5, pooling: .maxAndMean, window: 2),
  ])
  func otherNetworksScoreWindowsToo(front: Front) throws {
    let model = try toyModel(windowLength: 17, front: front)
    let bases = randomBases(80, seed: 3, unknownRuns: true)
    expectClose(
      model.ensemble.windowScores(bases.codes, length: 17).outputs, expected(bases, 0...63, model))
  }

  /// A window of 10 is scored with 5 unknown bases, and not with 6.
  @Test func halfOfAWindowMustBeKnown() throws {
    let model = try toyModel(windowLength: 10, tasks: 1)
    let bases = EncodedSequence("ACGTANNNNNNCGTAC")!
    let outputs = model.ensemble.windowScores(bases.codes, length: 10).outputs
    #expect(outputs.map(\.isNaN) == [false, true, true, true, true, true, false])
  }

  @Test(arguments: [StrandRule.max, .mean, .pooled]) func tellsTheStrand(rule: StrandRule) throws {
    let model = try toyModel(windowLength: 30, tasks: 1, strands: rule)
    let bases = randomBases(200, seed: 4)
    let forward = model.ensemble.windowScores(bases.codes, length: 30)
    let reverse = model.ensemble.windowScores(bases.reverseComplement.codes, length: 30)
    expectClose(forward.outputs, reverse.outputs.reversed())
    #expect(forward.isReverse == reverse.isReverse.reversed().map { !$0 })
    #expect(forward.isReverse.contains(true) && forward.isReverse.contains(false))
  }

  /// Windows whose outputs reach the threshold have their strands, the others' outputs stay.
  @Test func tellsStrandsFromAThresholdOn() throws {
    let network = try toyModel(windowLength: 30, tasks: 1, strands: .pooled).ensemble
    let bases = randomBases(200, seed: 4)
    let all = network.windowScores(bases.codes, length: 30)
    let highest = try #require(all.outputs.max())
    let some = network.windowScores(bases.codes, length: 30, strandsFrom: highest)
    let window = try #require(all.outputs.firstIndex(of: highest))
    #expect(some.isReverse[window] == all.isReverse[window] && some.outputs == all.outputs)
    let none = network.windowScores(bases.codes, length: 30, strandsFrom: highest + 1)
    #expect(!none.isReverse.contains(true) && none.outputs == all.outputs)
  }

  /// Sequences longer than a chunk, as long as a window, and shorter.
  @Test(arguments: [1, 2]) func scansAcrossChunks(threads: Int) throws {
    let folder = TemporaryFolder()
    let length = 41
    let sequences = [
      ("long", randomBases(1_300_000, seed: 5, unknownRuns: true)),
      ("short", randomBases(40, seed: 6)),
      ("exact", randomBases(41, seed: 7)), ("chunk", randomBases(1 << 20, seed: 8)),
      ("more", randomBases((1 << 20) + 1, seed: 9)),
    ]
    let path = folder.write(fasta(sequences), to: "g.fa")
    let model = try toyModel(windowLength: length, tasks: 1, pooling: .max)
    var scan = try GenomeScan(genome: path, model: model, threads: threads)
    var outputs: [String: [Float]] = [:]
    var order: [String] = []
    var isOpen = false
    while let stretch = try scan.next() {
      if !isOpen { order.append(stretch.sequence) }
      #expect(order.last == stretch.sequence)
      #expect(outputs[stretch.sequence, default: []].count == stretch.start)
      outputs[stretch.sequence, default: []] += stretch.scores.outputs
      isOpen = !stretch.isLast
    }
    #expect(!isOpen && order == sequences.map(\.0))
    for (name, bases) in sequences {
      let found = try #require(outputs[name])
      let windows = max(0, bases.count - length + 1)
      #expect(found.count == windows)
      // Around the boundaries of chunks and blocks, and here and there.
      let checked = (0..<windows).filter { window in
        let toBoundary = min(window % 4096, 4096 - window % 4096)
        return toBoundary < 3 || abs(window - (1 << 20)) < 60 || window % 997 == 0
      }
      expectClose(checked.map { found[$0] }, expected(bases, checked, model))
    }
  }
}
