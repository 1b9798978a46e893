import Genomics
import GenomicsIO
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct RareScoresTests {
  /// Chances against the counted share of 400,000 fresh shuffles: 20,000, 4,000, 400 and 40 of them, which
  /// differ by 1, 2, 5 and 16 % by chance; the curve's own error is of the same order.
  ///
  /// The second network finds nothing in about nineteen of twenty shuffles, which have one score, the lowest.
  @Test(arguments: [false, true]) func chancesAreWhatIsCounted(mostAreEqual: Bool) throws {
    let sources = (0..<200).map { randomBases(60, seed: UInt64($0)) }
    var ensemble = try toyModel(windowLength: 60, width: 8, tasks: 1).ensemble
    if mostAreEqual {
      let biases = stride(from: Float(-1), through: -8, by: -0.1)
      ensemble = try #require(
        biases.lazy.map { silent(ensemble.networks[0], bias: $0) }.first {
          let outputs = $0.outputs(sources, threads: 2).scalars
          return 20 * outputs.count { $0 == outputs.min() } > 19 * outputs.count
        })
    }
    let distribution = backgroundDistributions(
      of: ensemble, sources: sources, from: .sequences, length: 60, seed: 1, threads: 2)[0]
    let fresh = backgroundShuffles(
      of: sources, count: 400_000, length: 60, seed: 99, threads: 2)
    let outputs = ensemble.outputs(fresh, threads: 2).scalars
    let lowest = outputs.min()
    #expect((100 * outputs.count { $0 == lowest } > 92 * outputs.count) == mostAreEqual)
    let descending = outputs.sorted(by: >)
    for (rank, tolerance) in [(20_000, 0.15), (4000, 0.2), (400, 0.35), (40, 0.8)] {
      let score = descending[rank - 1]
      let share = Double(outputs.count { $0 >= score }) / Double(outputs.count)
      let pValue = distribution.pValue(of: score)
      #expect(abs(share / pValue - 1) < tolerance, "\(share) where \(pValue) is expected")
    }
    #expect(distribution.pValue(of: .infinity) < 1e-7)
  }

  /// A network of positive weights whose filters must overcome a bias.
  private func silent(_ network: Network, bias: Float) -> Ensemble {
    var copy = network
    copy.parameters = network.parameters.enumerated().map { index, parameter in
      Tensor(
        shape: parameter.shape,
        scalars: parameter.scalars.map { index == 0 ? $0 : index == 1 ? bias : abs($0) })
    }
    return Ensemble(copy)
  }

  /// Where all shuffles score the same nothing is rarer than that.
  @Test func endsWhereScoresDoNotRise() throws {
    let ensemble = try toyModel(windowLength: 12, tasks: 1).ensemble
    let distribution = backgroundDistributions(
      of: ensemble, sources: [EncodedSequence("ACACACACACAC")!], from: .sequences, length: 12,
      seed: 1, threads: 1)[0]
    #expect(distribution.pValue(of: distribution.tail[0]) > 0.5)
    #expect(distribution.isSoundInAFile)
  }

  private func dinucleotides(_ codes: [UInt8]) -> [Int] {
    zip(codes, codes.dropFirst()).reduce(into: [Int](repeating: 0, count: 25)) {
      $0[5 * Int($1.0) + Int($1.1)] += 1
    }
  }

  @Test func stepsKeepDinucleotides() {
    var random = RandomStream(seed: 1, .background)
    var step = ShuffleStep()
    var codes = randomBases(101, seed: 4, unknownRuns: true).codes
    let counts = dinucleotides(codes)
    let first = codes
    for _ in 0..<200 {
      codes = step.applied(to: codes, using: &random)
      #expect(dinucleotides(codes) == counts)
    }
    #expect(zip(codes, first).count { $0 != $1 } > 40)
  }

  /// Every shuffle of a short sequence, found by trying all arrangements, is met equally often: 20,000 draws,
  /// thirty steps apart, each share within five standard deviations.
  @Test func stepsMeetAllShufflesEqually() {
    let start = EncodedSequence("ACAGCATGAC")!.codes
    let counts = dinucleotides(start)
    var shuffles: Set<[UInt8]> = []
    func extend(_ prefix: [UInt8]) {
      if prefix.count == start.count {
        if dinucleotides(prefix) == counts { shuffles.insert(prefix) }
        return
      }
      for code in UInt8(0)..<4 {
        let longer = prefix + [code]
        if zip(dinucleotides(longer), counts).allSatisfy({ $0 <= $1 }) { extend(longer) }
      }
    }
    extend([start[0]])
    var random = RandomStream(seed: 2, .background)
    var step = ShuffleStep()
    var codes = start
    var met: [[UInt8]: Int] = [:]
    let draws = 20_000
    for _ in 0..<draws {
      for _ in 0..<30 { codes = step.applied(to: codes, using: &random) }
      met[codes, default: 0] += 1
    }
    let expected = Double(draws) / Double(shuffles.count)
    #expect(shuffles.count > 4 && Set(met.keys) == shuffles)
    #expect(met.values.allSatisfy { abs(Double($0) - expected) < 5 * expected.squareRoot() })
  }

  @Test func genomeWindowsAreThoseOfTheGenome() throws {
    let folder = TemporaryFolder()
    let bases = randomBases(5000, seed: 1, unknownRuns: true)
    let path = folder.write(fasta([("a", bases), ("short", bases[0..<9])]), to: "g.fa")
    let windows = try backgroundWindows(
      of: Genome(path: path), length: 40, seed: 1, threads: 2)
    let known = Set((0...4960).map { bases[$0..<$0 + 40] })
    #expect(windows.count > 1000)
    #expect(windows.allSatisfy { known.contains($0) && !$0.isMostlyUnknown })
    #expect(
      try windows == backgroundWindows(of: Genome(path: path), length: 40, seed: 1, threads: 1))
  }
}

extension ScoreDistribution {
  /// Rising scores and falling chances, as a reader demands.
  fileprivate var isSoundInAFile: Bool {
    let rare = rare ?? []
    return zip(rare, rare.dropFirst()).allSatisfy { $0.score < $1.score && $0.chance > $1.chance }
  }
}
