import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct SequenceScorerTests {
  /// Every window of a long sequence, cut out and read as a sequence of its own.
  @Test(arguments: [StrandRule.max, .mean, .forward, .pooled])
  func theBestWindowCounts(strands: StrandRule) throws {
    let model = try toyModel(windowLength: 20, strands: strands)
    let sequences = (0..<3).map { randomBases(70 + 1200 * $0, seed: UInt64($0), unknownRuns: true) }
    let scores = SequenceScorer(model).scores(of: sequences, threads: 2)
    for (sequence, score) in zip(sequences, scores) {
      let score = try score.get()
      let windows = (0...sequence.count - 20).map { sequence[$0..<$0 + 20] }
      let outputs = model.ensemble.outputs(windows, threads: 1).scalars
      let known = windows.indices.filter { !windows[$0].isMostlyUnknown }
      #expect(score.windowCount == known.count)
      for task in 0..<2 {
        let best = try #require(known.map { outputs[2 * $0 + task] }.max())
        let place = score.windows[task].place
        #expect(place.count == 20)
        #expect(score.outputs[task] == outputs[2 * place.lowerBound + task])
        // Sliding sums may end in other bits.
        #expect(abs(score.outputs[task] - best) < 1e-5)
        #expect(score.predictions[task] == model.objective.prediction(score.outputs[task]))
      }
    }
  }

  /// The reverse complement's best window is the same one, counted from the other end, on the other
  /// strand.
  @Test(arguments: [StrandRule.max, .pooled])
  func theOtherStrandMirrorsIt(strands: StrandRule) throws {
    let model = try toyModel(windowLength: 20, tasks: 1, strands: strands)
    let sequences = (0..<20).map { randomBases(90, seed: UInt64(40 + $0)) }
    let scorer = SequenceScorer(model)
    let forward = scorer.scores(of: sequences, threads: 1)
    let reverse = scorer.scores(of: sequences.map(\.reverseComplement), threads: 1)
    for (one, other) in zip(forward, reverse) {
      let (one, other) = (try one.get(), try other.get())
      // Sums of the two strands end in other bits.
      #expect(abs(one.outputs[0] - other.outputs[0]) < 1e-5)
      let place = one.windows[0].place
      guard other.windows[0].place == 90 - place.upperBound..<90 - place.lowerBound else {
        continue
      }
      #expect(one.windows[0].strand != other.windows[0].strand)
    }
    let mirrored = try zip(forward, reverse).count { one, other in
      let (one, other) = (try one.get().windows[0].place, try other.get().windows[0].place)
      return other == 90 - one.upperBound..<90 - one.lowerBound
    }
    #expect(mirrored >= 15, "equal best windows are told apart by their order")
  }

  @Test func meanAndSumAreOverTheWindowsPredictions() throws {
    let model = try toyModel(windowLength: 20, tasks: 1)
    let sequence = randomBases(64, seed: 3)
    let windows = (0...44).map { sequence[$0..<$0 + 20] }
    let sum = model.ensemble.outputs(windows, threads: 1).scalars
      .reduce(0.0) { $0 + Double(model.objective.prediction($1)) }
    func prediction(_ reduction: WindowReduction) throws -> Double {
      let scores = SequenceScorer(model, reduction: reduction).scores(of: [sequence], threads: 1)
      return Double(try scores[0].get().predictions[0])
    }
    #expect(abs(try prediction(.sum) - sum) < 1e-4)
    #expect(abs(try prediction(.mean) - sum / 45) < 1e-6)
  }

  /// Up to the longest sequence of training a sequence is read whole.
  @Test func readsWhatTrainingSawAsTrainingDid() throws {
    let toy = try toyModel(windowLength: 20, tasks: 1)
    let model = Model(
      ensemble: toy.ensemble, objective: .binary, tasks: ["t"], windowLength: 20,
      lengths: 12...35, provenance: toy.provenance, background: [])
    let sequences = [8, 12, 20, 35, 36].map { randomBases($0, seed: 5) }
    let scores = try SequenceScorer(model).scores(of: sequences, threads: 1).map { try $0.get() }
    #expect(scores.map(\.windowCount) == [1, 1, 1, 1, 17])
    #expect(scores.map { $0.windows[0].place.count } == [8, 12, 20, 35, 20])
    let whole = model.ensemble.outputs(sequences, threads: 1).scalars
    #expect(scores.prefix(4).map { $0.outputs[0] } == Array(whole.prefix(4)))
    #expect(
      SequenceScorer(model).predictions(of: sequences, threads: 1).scalars
        == scores.map { $0.predictions[0] })
    let again = try Model(bytes: model.bytes, file: "m")
    #expect(again.lengths == 12...35)
  }

  @Test func saysWhatCannotBeScored() throws {
    let model = try toyModel(windowLength: 20, width: 5, tasks: 1)
    func problem(_ bases: String) throws -> UnscorableSequence? {
      let sequence = try #require(EncodedSequence(bases))
      switch SequenceScorer(model).scores(of: [sequence], threads: 1)[0] {
      case .success: return nil
      case .failure(let problem): return problem
      }
    }
    let unknown = String(repeating: "N", count: 60)
    #expect(try problem("") == .empty)
    #expect(try problem("ACGT") == .shorterThanFilters(width: 5))
    #expect(try problem("ACGTA") == nil)
    #expect(try problem("ACGTANNNNNN") == .mostlyUnknown)
    #expect(try problem(unknown) == .mostlyUnknown)
    // A window of which half is known is in the middle of many that aren't.
    #expect(try problem(unknown + "ACGTACGTAC" + unknown) == nil)
    #expect(try problem(unknown + "ACGTACGTA" + unknown) == .mostlyUnknown)
  }

  /// An imported model keeps to its own rule; the window told is the best by that rule.
  @Test func importedModelsReadTheirOwnWindows() throws {
    let model = try toyModel(windowLength: 9, tasks: 1, pooling: .max, padding: 4)
    let sequence = randomBases(40, seed: 6)
    let score = try SequenceScorer(model).scores(of: [sequence], threads: 1)[0].get()
    #expect(score.outputs == model.ensemble.outputs([sequence], threads: 1).scalars)
    let best = model.ensemble.outputs([sequence[score.windows[0].place]], threads: 1).scalars
    #expect(best == score.outputs)
  }
}
