import Genomics
import Inference
import Motifs
import Testing

/// Every expectation is the definition of the lesson, checked on the sequences themselves.
@Suite struct SimulationTests {
  private func motif(_ text: String, _ alphabet: Alphabet = .dna) throws -> SimulatedMotif {
    SimulatedMotif(try SequencePattern(text, alphabet: alphabet))
  }

  private func simulation(
    _ lesson: Lesson, _ patterns: [String], _ change: (inout SimulationPlan) -> Void = { _ in }
  ) throws -> Simulation {
    var plan = SimulationPlan(lesson, motifs: try patterns.map { try motif($0) })
    plan.length = 60
    change(&plan)
    return try Simulation(plan)
  }

  private func sequences(_ simulation: Simulation, _ count: Int = 100) -> [SimulatedSequence] {
    (0..<count).map(simulation.sequence)
  }

  /// The letters of a site, on its strand.
  private func letters(_ site: SimulatedSite, of sequence: SimulatedSequence) -> String {
    let codes = sequence.codes[site.range]
    let read = site.strand == .reverse ? Alphabet.dna.reverseComplement(of: codes) : Array(codes)
    return String(decoding: read.map(Alphabet.dna.letter), as: UTF8.self)
  }

  @Test(arguments: [
    (Lesson.single, [0: [0], 1: [1]]), (.count, [0: [1], 1: [3]]), (.density, [0: [3], 1: [3]]),
  ])
  func plantsSoManySites(lesson: Lesson, counts: [Int: [Int]]) throws {
    let simulation = try simulation(lesson, ["ACGTAC"]) { $0.readsBothStrands = true }
    var strands = Set<Strand>()
    for (index, sequence) in sequences(simulation).enumerated() {
      #expect(sequence.labels == [index % 2] && sequence.codes.count == 60)
      #expect(counts[sequence.labels[0]] == [sequence.sites.count])
      #expect(sequence.sites.allSatisfy { letters($0, of: sequence) == "ACGTAC" })
      for (site, next) in zip(sequence.sites, sequence.sites.dropFirst()) {
        #expect(site.range.upperBound <= next.range.lowerBound)
      }
      strands.formUnion(sequence.sites.map(\.strand))
      guard lesson == .density, sequence.labels == [1] else { continue }
      #expect(sequence.sites.allSatisfy { 20 <= $0.range.lowerBound && $0.range.upperBound <= 40 })
    }
    #expect(strands == [.forward, .reverse])
  }

  /// Between the sites of a positive stand 7 letters, of a negative any other number.
  @Test func keepsTheDistance() throws {
    let simulation = try simulation(.spacing, ["ACGTAC", "TTGG"]) {
      ($0.gap, $0.readsBothStrands) = (7, true)
    }
    var (gaps, orders) = (Set<Int>(), Set<[Int]>())
    for sequence in sequences(simulation, 400) {
      let (first, second) = (sequence.sites[0], sequence.sites[1])
      let gap = second.range.lowerBound - first.range.upperBound
      #expect((gap == 7) == (sequence.labels == [1]))
      #expect(first.strand == second.strand)
      #expect([first.motif, second.motif] == (first.strand == .forward ? [0, 1] : [1, 0]))
      gaps.insert(gap)
      orders.insert([first.motif, second.motif])
    }
    #expect(gaps.min() == 0 && gaps.max()! > 40 && orders.count == 2)
  }

  @Test func labelsByMotifs() throws {
    let pair = try simulation(.xor, ["ACGTAC", "TTGGCC"])
    for sequence in sequences(pair) {
      #expect(sequence.labels == [sequence.sites.count == 1 ? 1 : 0])
    }
    let counts = Dictionary(grouping: sequences(pair, 80)) { Set($0.sites.map(\.motif)) }
    #expect(counts.mapValues(\.count) == [[]: 30, [0]: 20, [1]: 20, [0, 1]: 10])
    let three = try simulation(.multiple, ["ACGTAC", "TTGGCC", "AAAA"])
    #expect(three.tasks == ["ACGTAC", "TTGGCC", "AAAA"])
    for sequence in sequences(three) {
      #expect(
        sequence.labels
          == (0..<3).map { motif in
            sequence.sites.contains { $0.motif == motif } ? 1 : 0
          })
    }
  }

  /// Shares of 4,000 sequences of 60 letters: the standard error is 0.001.
  @Test func drawsBackgroundAndSites() throws {
    let matrix = try #require(ProbabilityMatrix(columns: [[0.1, 0.2, 0.3, 0.4], [0, 0, 1, 0]]))
    var plan = SimulationPlan(
      .single, motifs: [SimulatedMotif(name: "m", source: .matrix(matrix))])
    (plan.length, plan.gc) = (60, 0.3)
    let made = sequences(try Simulation(plan), 4000)
    let negatives = made.filter { $0.labels == [0] }.flatMap(\.codes)
    let gc = Double(negatives.count { $0 == 1 || $0 == 2 }) / Double(negatives.count)
    #expect(abs(gc - 0.3) < 0.006)
    let sites = made.filter { $0.labels == [1] }.map { Array($0.codes[$0.sites[0].range]) }
    #expect(sites.allSatisfy { $0[1] == 2 })
    for code in UInt8(0)..<4 {
      let share = Double(sites.count { $0[0] == code }) / Double(sites.count)
      #expect(abs(share - (0.1 + 0.1 * Double(code))) < 0.05)
    }
    #expect(sequences(try Simulation(plan)) == sequences(try Simulation(plan)))
    plan.seed = 2
    #expect(sequences(try Simulation(plan), 5) != Array(made[..<5]))
  }

  @Test func plantsInProteins() throws {
    let plan = SimulationPlan(
      .single, motifs: [try motif("C-x(2)-C", .protein)], alphabet: .protein)
    let made = sequences(try Simulation(plan), 200)
    #expect(made.allSatisfy { $0.text.allSatisfy(Alphabet.protein.text.contains) })
    for sequence in made where sequence.labels == [1] {
      let site = Array(sequence.codes[sequence.sites[0].range])
      #expect(site.count == 4 && site[0] == 1 && site[3] == 1)
    }
    // Leucine is the most frequent amino acid, tryptophan the rarest.
    let counts = (UInt8(0)..<20).map { code in
      made.reduce(0) { $0 + $1.codes.count { $0 == code } }
    }
    #expect(counts.max() == counts[9] && counts.min() == counts[18])
  }

  @Test func refusesPlansThatFail() throws {
    func problem(_ lesson: Lesson, _ patterns: [String], length: Int = 60) -> SimulationProblem? {
      do {
        _ = try simulation(lesson, patterns) { $0.length = length }
        return nil
      } catch {
        return error as? SimulationProblem
      }
    }
    #expect(problem(.single, []) == .motifCount(0, lesson: .single))
    #expect(problem(.xor, ["AC"]) == .motifCount(1, lesson: .xor))
    #expect(problem(.xor, ["AC", "AC"]) == .motifTwice("AC"))
    #expect(problem(.single, ["ACGT"], length: 3) == .shortSequences(length: 3, least: 4))
    #expect(problem(.single, ["ACGT"], length: 4) == nil)
    #expect(problem(.spacing, ["AC", "GT"], length: 12) == .shortSequences(length: 12, least: 13))
    #expect(problem(.density, ["ACGT"], length: 36) == nil)
  }
}
