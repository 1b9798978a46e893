import Genomics
import GenomicsIO
import Inference
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct VariantScorerTests {
  private static let bases = randomBases(200, seed: 11).text

  private func scorer(_ bases: String, windowLength: Int = 31) throws -> VariantScorer {
    let folder = TemporaryFolder()
    // Read into memory: the folder goes when this returns.
    let fasta = Gzip.member(">chr7\n\(bases)\n".utf8)
    let genome = try Genome(path: folder.write(fasta, to: "g.fa.gz"))
    return VariantScorer(model: try toyModel(windowLength: windowLength), genome: genome)
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
      [variant(100, reference, other(reference))], threads: 1)
    let window = letters(85..<116)
    let changed = letters(85..<100) + other(reference) + letters(101..<116)
    let outputs = try toyModel(windowLength: 31).ensemble.outputs(
      [EncodedSequence(window)!, EncodedSequence(changed)!], threads: 1
    ).scalars
    #expect(
      results[0].outcomes == [
        .scored(AlleleScore(reference: Array(outputs[..<2]), alternate: Array(outputs[2...])))
      ])
    #expect(results[0].mismatch == nil)
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
    let alone = try scorer.score([variant(50, reference, other(reference))], threads: 1)
    let results = try scorer.score(
      [variant(50, reference, text, other(reference)), variant(3, letters(3..<4), text)], threads: 1
    )
    #expect(results[0].outcomes == [.unscored(reason)] + alone[0].outcomes)
    #expect(results[1].outcomes == [.unscored(reason)])
    #expect(results.allSatisfy { $0.mismatch == nil })
  }

  @Test func comparesTheReference() throws {
    let reference = letters(50..<53)
    let wrong = letters(50..<51) + other(letters(51..<52)) + letters(52..<53)
    let results = try scorer(Self.bases).score(
      [variant(50, wrong, "A", "<DEL>"), variant(50, reference.lowercased(), "A")], threads: 1)
    #expect(results[0].outcomes == [.unscored(.referenceMismatch), .unscored(.symbolic)])
    let mismatch = try #require(results[0].mismatch)
    #expect(mismatch.found == reference)
    #expect(
      mismatch.explanation == "REF is \"\(wrong)\" at 7:51, the genome has \"\(reference)\"")
    #expect(results[1].mismatch == nil)
  }

  /// Where the genome doesn't know a base, any base can stand.
  @Test func unknownBasesContradictNothing() throws {
    let results = try scorer("ACGNNACG").score([variant(2, "GTA", "G")], threads: 1)
    guard case .scored = results[0].outcomes[0] else {
      Issue.record("\(results[0].outcomes)")
      return
    }
  }

  /// Nor does an unknown base of the reference allele; where no allele is a sequence, nothing is
  /// compared.
  @Test func unknownReferenceBasesContradictNothing() throws {
    let results = try scorer("ACGTACGT").score(
      [variant(2, "NT", "G"), variant(2, "N", "<DEL>"), variant(2, "T", "*", "<DEL>")], threads: 1)
    guard case .scored = results[0].outcomes[0] else {
      Issue.record("\(results[0].outcomes)")
      return
    }
    #expect(results[1].outcomes == [.unscored(.symbolic)])
    #expect(results[2].outcomes == [.unscored(.overlappingDeletion), .unscored(.symbolic)])
    #expect(results.allSatisfy { $0.mismatch == nil })
  }

  @Test func refusesWhatLiesOutsideTheSequence() throws {
    let scorer = try scorer("ACGT")
    let outside: [(Variant, String)] = [
      (variant(3, "TA", "T"), "T"), (variant(4, "A", "C"), ""), (variant(5, "A", "C"), ""),
      (variant(1000, "ACG", "A"), ""), (variant(-1, "A", "C"), ""),
      (variant(.max - 1, "AC", "C"), ""),
    ]
    for (variant, found) in outside {
      let result = try scorer.score([variant], threads: 1)[0]
      #expect(result.outcomes == [.unscored(.referenceMismatch)], "\(variant.position)")
      #expect(result.mismatch?.found == found)
    }
  }

  @Test func knowsTheSequencesOfTheGenome() throws {
    let results = try scorer("ACGT").score(
      [
        Variant(sequence: "8", position: 0, reference: "A", alternates: ["C", "*"]),
        Variant(sequence: "chr7", position: 0, reference: "A", alternates: []),
      ], threads: 1)
    #expect(results[0].outcomes == [.unscored(.noSuchSequence), .unscored(.overlappingDeletion)])
    #expect(results[0].mismatch == nil && results[1].outcomes.isEmpty)
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
    let there = try scorer(Self.bases).score([variant(start - 1, reference, alternate)], threads: 1)
    let back = try scorer(changed).score([variant(start - 1, alternate, reference)], threads: 1)
    guard case .scored(let forward) = there[0].outcomes[0],
      case .scored(let backward) = back[0].outcomes[0]
    else {
      Issue.record("\(there[0].outcomes), \(back[0].outcomes)")
      return
    }
    #expect(forward.reference == backward.alternate && forward.alternate == backward.reference)
    #expect(forward.reference != forward.alternate)
  }

  @Test func threadsDoNotMatter() throws {
    let scorer = try scorer(Self.bases)
    let variants = (0..<190).map { variant($0, letters($0..<$0 + 1), "A", "C", "G", "T", "AC") }
    let one = try scorer.score(variants, threads: 1).map(\.outcomes)
    #expect(try scorer.score(variants, threads: 3).map(\.outcomes) == one)
  }
}
