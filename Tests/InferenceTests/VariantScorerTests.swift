import Genomics
import GenomicsIO
import Inference
import Models
import Tensors
import TestSupport
import Testing

@Suite struct VariantScorerTests {
  private static let bases = randomBases(200, seed: 11).text

  private func scorer(
    _ bases: String, model: Model? = nil, withPlacements: Bool = false
  ) throws -> VariantScorer {
    let folder = TemporaryFolder()
    // Read into memory: the folder goes when this returns.
    let fasta = Gzip.member(">chr7\n\(bases)\n".utf8)
    let genome = try Genome(path: folder.write(fasta, to: "g.fa.gz"))
    return VariantScorer(
      model: try model ?? toyModel(windowLength: 31), genome: genome, withPlacements: withPlacements
    )
  }

  private func variant(_ position: Int, _ reference: String, _ alternates: String...) -> Variant {
    Variant(sequence: "7", position: position, reference: reference, alternates: alternates)
  }

  private func letters(_ range: Range<Int>, of bases: String = bases) -> String {
    String(decoding: Array(bases.utf8)[range], as: UTF8.self)
  }

  private func other(_ letter: String) -> String { letter == "A" ? "C" : "A" }

  /// The network's outputs of the windows, cut by hand.
  @Test func scoresBothWindows() throws {
    let reference = letters(100..<101)
    let results = try scorer(Self.bases).score(
      [variant(100, reference, other(reference))])
    let window = letters(85..<116)
    let changed = letters(85..<100) + other(reference) + letters(101..<116)
    let outputs = try toyModel(windowLength: 31).ensemble.outputs(
      [EncodedSequence(window)!, EncodedSequence(changed)!], threads: 1
    ).scalars
    let score = try #require(results[0].scores.first)
    #expect(
      score.centred
        == AlleleOutputs(reference: Array(outputs[..<2]), alternate: Array(outputs[2...])))
    #expect(score.placements == nil && results[0].mismatch == nil)
    #expect(score.centred.difference(task: 1) == outputs[3] - outputs[1])
    #expect(outputs[0] != outputs[2])
  }

  static let alleles: [(text: String, reason: UnscoredAllele)] = [
    ("<DEL>", .symbolic), ("<INS:ME>", .symbolic), ("*", .overlappingDeletion), (".", .missing),
    ("", .missing), ("A[chr2:100[", .breakend), ("]chr2:100]A", .breakend), (".A", .breakend),
    ("A.", .breakend),
  ]

  /// Beside an allele that can be scored, whose score stays its own.
  @Test(arguments: alleles) func saysWhyItCannotScore(text: String, reason: UnscoredAllele) throws {
    let reference = letters(50..<51)
    let scorer = try scorer(Self.bases)
    let alone = try scorer.score([variant(50, reference, other(reference))])
    let results = try scorer.score(
      [variant(50, reference, text, other(reference)), variant(3, letters(3..<4), text)]
    )
    #expect(results[0].outcomes == [.unscored(reason)] + alone[0].outcomes)
    #expect(results[1].outcomes == [.unscored(reason)])
    #expect(results.allSatisfy { $0.mismatch == nil })
  }

  @Test func comparesTheReference() throws {
    let reference = letters(50..<53)
    let wrong = letters(50..<51) + other(letters(51..<52)) + letters(52..<53)
    let results = try scorer(Self.bases).score(
      [variant(50, wrong, "A", "<DEL>"), variant(50, reference.lowercased(), "A")])
    #expect(results[0].outcomes == [.unscored(.referenceMismatch), .unscored(.symbolic)])
    let mismatch = try #require(results[0].mismatch)
    #expect(mismatch.found == reference)
    #expect(
      mismatch.explanation == "REF is \"\(wrong)\" at 7:51, the genome has \"\(reference)\"")
    #expect(results[1].mismatch == nil)
  }

  /// Where the genome doesn't know a base, any base can stand.
  @Test func unknownBasesContradictNothing() throws {
    let results = try scorer("ACGTACGTACGNNACGTACGT").score([variant(10, "GTA", "G")])
    #expect(results[0].scores.count == 1, "\(results[0].outcomes)")
  }

  /// Nor does an unknown base of the reference allele; where no allele is a sequence, nothing is
  /// compared.
  @Test func unknownReferenceBasesContradictNothing() throws {
    let results = try scorer("ACGTACGTACGTACGTACGT").score(
      [variant(10, "NT", "G"), variant(10, "N", "<DEL>"), variant(10, "T", "*", "<DEL>")])
    #expect(results[0].scores.count == 1, "\(results[0].outcomes)")
    #expect(results[1].outcomes == [.unscored(.symbolic)])
    #expect(results[2].outcomes == [.unscored(.overlappingDeletion), .unscored(.symbolic)])
    #expect(results.allSatisfy { $0.mismatch == nil })
  }

  /// Of a window of 31, 15 bases may be unknown: beyond an end, or in the sequence.
  @Test func leavesWindowsOutThatAreMostlyUnknown() throws {
    let results = try scorer("ACGTACGTACGTACGNACGTACGTACGTACGTACGT").score(
      [variant(0, "A", "C"), variant(1, "C", "A"), variant(2, "GT", "G")])
    #expect(results[0].outcomes == [.unscored(.mostlyUnknown)])
    #expect(results[1].scores.count == 1 && results[2].scores.count == 1)
  }

  @Test func refusesWhatLiesOutsideTheSequence() throws {
    let scorer = try scorer("ACGT")
    let outside: [(Variant, String)] = [
      (variant(3, "TA", "T"), "T"), (variant(4, "A", "C"), ""), (variant(5, "A", "C"), ""),
      (variant(1000, "ACG", "A"), ""), (variant(-1, "A", "C"), ""),
      (variant(.max - 1, "AC", "C"), ""),
    ]
    for (variant, found) in outside {
      let result = try scorer.score([variant])[0]
      #expect(result.outcomes == [.unscored(.referenceMismatch)], "\(variant.position)")
      #expect(result.mismatch?.found == found)
    }
  }

  @Test func knowsTheSequencesOfTheGenome() throws {
    let results = try scorer("ACGT").score(
      [
        Variant(sequence: "8", position: 0, reference: "A", alternates: ["C", "*"]),
        Variant(sequence: "chr7", position: 0, reference: "A", alternates: []),
      ])
    #expect(results[0].outcomes == [.unscored(.noSuchSequence), .unscored(.overlappingDeletion)])
    #expect(results[0].mismatch == nil && results[1].outcomes == [.unscored(.missing)])
  }

  /// On the genome that has the alternate allele, the same change the other way round gives the
  /// same two numbers, exchanged.
  @Test(arguments: [
    (60, 61, "G"), (60, 61, "GTTAC"), (60, 69, "A"), (60, 64, ""), (60, 64, "TTTTT"),
  ])
  func theOtherWayRoundIsTheNegative(start: Int, end: Int, inserted: String) throws {
    let anchor = letters(start - 1..<start)
    let reference = anchor + letters(start..<end)
    let alternate = anchor + inserted
    let changed = letters(0..<start) + inserted + letters(end..<200)
    let scorers = try [Self.bases, changed].map { try scorer($0, withPlacements: true) }
    let there = try scorers[0].score([variant(start - 1, reference, alternate)])
    let back = try scorers[1].score([variant(start - 1, alternate, reference)])
    let (forward, backward) = (
      try #require(there[0].scores.first), try #require(back[0].scores.first)
    )
    #expect(forward.centred.reference != forward.centred.alternate)
    #expect(forward.centred.isSwapped(backward.centred))
    let placements = try #require(forward.placements)
    #expect(placements.maximum.isSwapped(try #require(backward.placements).maximum))
    #expect(placements.mean.isSwapped(try #require(backward.placements).mean))
    let parts = (try #require(forward.parts), try #require(backward.parts))
    for (forward, backward) in zip(parts.0, parts.1) {
      #expect(forward.filters.map(\.filter) == backward.filters.map(\.filter))
      #expect(forward.filters.map(\.effect) == backward.filters.map { -$0.effect })
      #expect(forward.filters.map(\.isGained) == backward.filters.map { !$0.isGained })
    }
  }

  /// What a record scores doesn't depend on those beside it, nor on how close they are.
  @Test func recordsDoNotMatterToEachOther() throws {
    let scorer = try scorer(Self.bases, withPlacements: true)
    let variants = (0..<190).map { variant($0, letters($0..<$0 + 1), "A", "C", "G", "T", "AC") }
    let together = try scorer.score(variants)
    #expect(try scorer.score(variants.reversed()).reversed() == together)
    for index in stride(from: 0, to: 190, by: 19) {
      #expect(try scorer.score([variants[index]]) == [together[index]])
    }
  }

  static let changes = [("G", "T"), ("GATT", "G"), ("G", "GCCAGA"), ("GATTA", "GTC")]

  /// Every window that contains the allele, cut by hand and predicted one by one: for a deletion those
  /// with the bases on both sides of it.
  @Test(arguments: changes) func placementsAreAllWindows(reference: String, alternate: String)
    throws
  {
    let length = 31
    // The bases beside the change differ from it, so that nothing can shift.
    let (left, right) = (letters(40..<99) + "T", "C" + letters(110..<169))
    let scorer = try scorer(left + reference + right, withPlacements: true)
    let score = try #require(
      try scorer.score([variant(left.count, reference, alternate)])[0].scores.first)
    let placements = try #require(score.placements)
    let anchor = reference.first == alternate.first ? 1 : 0
    for (allele, found) in [
      (reference, (placements.maximum.reference, placements.mean.reference)),
      (alternate, (placements.maximum.alternate, placements.mean.alternate)),
    ] {
      let haplotype = Array((left + allele + right).utf8)
      let (start, end) = (left.count + anchor, left.count + allele.count)
      let windows = (0...haplotype.count - length).filter {
        start == end ? $0 < start && end < $0 + length : $0 <= start && end <= $0 + length
      }.map { EncodedSequence(letters: haplotype[$0..<$0 + length])! }
      let outputs = try toyModel(windowLength: length).ensemble.outputs(windows, threads: 1).scalars
      for task in 0..<2 {
        let own = stride(from: task, to: outputs.count, by: 2).map { Double(outputs[$0]) }
        #expect(abs(Double(found.0[task]) - own.max()!) < 1e-5)
        #expect(abs(Double(found.1[task]) - own.reduce(0, +) / Double(own.count)) < 1e-5)
      }
    }
  }
}

extension ScoredVariant {
  fileprivate var scores: [AlleleScore] {
    outcomes.compactMap { if case .scored(let score) = $0 { score } else { nil } }
  }
}

extension AlleleOutputs {
  fileprivate func isSwapped(_ other: AlleleOutputs) -> Bool {
    reference == other.alternate && alternate == other.reference
      && (0..<2).allSatisfy { difference(task: $0) == -other.difference(task: $0) }
  }
}
