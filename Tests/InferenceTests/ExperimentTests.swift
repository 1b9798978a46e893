import Genomics
import Inference
import Models
import Motifs
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct ExperimentTests {
  private func codes(_ text: String) -> [UInt8] { EncodedSequence(text)!.codes }

  /// Columns of 2 bits, 0.19 bits, 0 bits and 0.53 bits.
  @Test func consensusKeepsBasesOfLittleInformation() throws {
    let matrix = try #require(
      ProbabilityMatrix(columns: [
        [0, 1, 0, 0], [0.45, 0.15, 0.2, 0.2], [0.25, 0.25, 0.25, 0.25], [0.1, 0.1, 0.1, 0.7],
      ]))
    let site = PlantedSite(consensusOf: Motif(name: "m", probabilities: matrix))
    #expect(site.codes == [1, nil, nil, 3])
    #expect(site.reverseComplement.codes == [0, nil, nil, 2])
    let planted = site.planted(in: EncodedSequence(codes: codes("AAAAAA")), at: 1)
    #expect(planted.text == "ACAATA")
  }

  /// 1, 2 and 3: variance 1, so 1/√3.
  @Test func meanAndItsError() {
    let effect = MeanEffect(of: [1, 2, 3])
    #expect(effect.mean == 2)
    #expect(abs((effect.standardError ?? 0) - 0.577_350_269) < 1e-9)
    #expect(MeanEffect(of: [4]).standardError == nil)
  }

  private let site = PlantedSite(codes: [1, 1, nil, 0, 2])
  private let other = PlantedSite(codes: [3, 0, 3, 2])

  private func output(_ model: Model, _ sequence: EncodedSequence, task: Int) -> Double {
    Double(model.ensemble.outputs([sequence], threads: 1).scalars[task])
  }

  /// The definition, one sequence at a time.
  @Test func effectIsTheMeanDifference() throws {
    let model = try toyModel(windowLength: 40)
    let backgrounds = PlantingBackgrounds.random(7, length: 40, gc: 0.4, seed: 3)
    let experiment = PlantingExperiment(model, backgrounds: backgrounds, threads: 2)
    let effects = experiment.effects(of: [other, site])
    for task in 0..<2 {
      let expected = MeanEffect(
        of: backgrounds.map {
          output(model, site.planted(in: $0, at: 17), task: task) - output(model, $0, task: task)
        })
      #expect(abs(effects[1][task].mean - expected.mean) < 1e-6)
      #expect(
        abs((effects[1][task].standardError ?? 0) - (expected.standardError ?? 1)) < 1e-6)
    }
    #expect(abs(effects[1][0].mean) > 1e-3)
  }

  @Test func interactionIsWhatDoesNotAddUp() throws {
    let model = try toyModel(windowLength: 40, strands: .forward)
    let backgrounds = PlantingBackgrounds.random(5, length: 40, gc: 0.5, seed: 4)
    let experiment = PlantingExperiment(model, backgrounds: backgrounds, threads: 2)
    #expect(experiment.largestGap(between: site, and: other) == 31)
    let effects = experiment.spacing(of: site, and: other, gaps: 0...6)[1]
    #expect(effects.count == 4 * 7)
    let effect = try #require(effects.first { $0.orientation == .forwardReverse && $0.gap == 6 })
    // (40 - 5 - 6 - 4) / 2 = 12
    let right = other.reverseComplement
    let expected = MeanEffect(
      of: backgrounds.map { background in
        let one = site.planted(in: background, at: 12)
        return output(model, right.planted(in: one, at: 23), task: 1)
          - output(model, one, task: 1)
          - output(model, right.planted(in: background, at: 23), task: 1)
          + output(model, background, task: 1)
      })
    #expect(abs(effect.interaction.mean - expected.mean) < 1e-5)
    #expect(abs(expected.mean) > 1e-4)
  }

  @Test func ablationReplacesAPart() throws {
    let model = try toyModel(windowLength: 40)
    let sequence = randomBases(40, seed: 6)
    let ablation = Ablation(model, copies: 4, seed: 9, threads: 2)
    let effects = ablation.effects(of: [3..<3, 5..<20], in: sequence, index: 2)
    #expect(effects[0].allSatisfy { $0.mean == 0 })
    var shuffler = DinucleotideShuffler()
    let expected = MeanEffect(
      of: (0..<4).map { copy in
        var random = RandomStream(seed: 9, .experiments, 2, copy)
        let shuffle = shuffler.shuffled(sequence, using: &random)
        let replaced = sequence.text.prefix(5) + shuffle[5..<20].text + sequence.text.suffix(20)
        return output(model, sequence, task: 0)
          - output(model, EncodedSequence(String(replaced))!, task: 0)
      })
    #expect(abs(effects[1][0].mean - expected.mean) < 1e-6)
    #expect(abs(expected.mean) > 1e-4)
  }

  @Test func randomBackgroundsHaveTheContentAskedFor() {
    let weak = PlantingBackgrounds.random(3, length: 50, gc: 0, seed: 1)
    #expect(weak.allSatisfy { $0.gcFraction == 0 && $0.count == 50 })
    #expect(weak[0] != weak[1])
    let share = PlantingBackgrounds.random(1, length: 20_000, gc: 0.3, seed: 1)[0].gcFraction
    // Four standard deviations of a share of 20,000 bases.
    #expect(abs((share ?? 0) - 0.3) < 4 * 0.00324)
  }

  /// Each shuffle has its source's dinucleotides, so its first and last base too.
  @Test func shufflesComeFromAllSequences() {
    let sequences = (0..<4).map { randomBases(30, seed: UInt64($0)) }
    let few = PlantingBackgrounds.shuffles(2, of: sequences, seed: 1)
    #expect(few.map(\.codes.first) == [sequences[0], sequences[2]].map(\.codes.first))
    let many = PlantingBackgrounds.shuffles(8, of: sequences, seed: 1)
    #expect(many.map(\.gcFraction) == (sequences + sequences).map(\.gcFraction))
    #expect(many[0] != many[4])
  }

  @Test func findsHitsInsideAStretch() {
    func hit(_ start: Int, _ end: Int, _ name: String) -> Peak {
      Peak(interval: GenomicInterval("20", start: start, end: end), name: name)
    }
    let hits = PlacedHits([
      hit(30, 40, "c"), hit(5, 12, "a"), hit(10, 18, "b"), hit(35, 52, "d"), hit(20, 20, "e"),
    ])
    let inside = hits.inside(GenomicInterval("chr20", start: 10, end: 50))
    #expect(inside.map(\.name) == ["b", "c"])
    #expect(hits.inside(GenomicInterval("chr1", start: 0, end: 100)).isEmpty)
  }
}
