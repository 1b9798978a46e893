import Datasets
import Genomics
import Testing

@Suite struct FoldsTests {
  /// Unrelated sequences, of which the first ones are positives.
  static func examples(positives: Int, negatives: Int) -> [Example] {
    (0..<positives + negatives).map { index in
      var random = RandomStream(seed: 5, .background, index)
      let codes = (0..<60).map { _ in UInt8(random.next(below: 4)) }
      return Example(
        name: "\(index)", bases: EncodedSequence(codes: codes),
        labels: [index < positives ? 1 : 0])
    }
  }

  /// 10 positives and 20 negatives in three folds: 4, 3 and 3 positives, 10 examples each, each example
  /// once.
  @Test func classesAreDealtOutEvenly() throws {
    let examples = Self.examples(positives: 10, negatives: 20)
    let parts = try folds(of: examples, count: 3, areClasses: true, seed: 1)
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<30))
    #expect(parts.map(\.count) == [10, 10, 10])
    #expect(parts.map { $0.count { $0 < 10 } }.sorted() == [3, 3, 4])
    #expect(try folds(of: examples, count: 3, areClasses: true, seed: 1) == parts)
    #expect(try folds(of: examples, count: 3, areClasses: true, seed: 2) != parts)
  }

  /// Each sequence, its reverse complement and a copy with one other base.
  @Test func nearDuplicatesStayTogether() throws {
    let originals = Self.examples(positives: 12, negatives: 0)
    let copies = originals.flatMap { original -> [Example] in
      var (reverse, changed) = (original, original)
      reverse.bases = original.bases.reverseComplement
      var codes = original.bases.codes
      codes[59] = (codes[59] + 1) % 4
      changed.bases = EncodedSequence(codes: codes)
      return [original, reverse, changed]
    }
    let parts = try folds(of: copies, count: 3, areClasses: true, seed: 1)
    for part in parts {
      #expect(part.count == 12)
      #expect(Set(part.map { $0 / 3 }).count == 4)
    }
  }

  /// Six chromosomes of four windows; as two chromosomes they hold more than a third each, and the
  /// windows, which overlap in pairs, are dealt out.
  @Test func chromosomesAreDealtOutWhereTheyFit() throws {
    func placed(chromosomes: Int) -> [Example] {
      Self.examples(positives: 24, negatives: 0).enumerated().map { index, example in
        var example = example
        let place = index / chromosomes
        example.interval = GenomicInterval(
          "chr\(index % chromosomes)", start: 1000 * (place / 2) + 30 * (place % 2),
          end: 1000 * (place / 2) + 30 * (place % 2) + 60)
        return example
      }
    }
    let six = try folds(of: placed(chromosomes: 6), count: 3, areClasses: true, seed: 1)
    #expect(six.map(\.count) == [8, 8, 8])
    for part in six { #expect(Set(part.map { $0 % 6 }).count == 2) }
    let two = try folds(of: placed(chromosomes: 2), count: 3, areClasses: true, seed: 1)
    #expect(two.map(\.count) == [8, 8, 8])
    for part in two {
      let pairs = Dictionary(grouping: part) { [$0 % 2, $0 / 4] }
      #expect(pairs.values.allSatisfy { $0.count == 2 })
    }
  }

  @Test(arguments: [(2, 20, "positives"), (20, 2, "negatives"), (1, 1, "positives")])
  func everyFoldNeedsBothClasses(positives: Int, negatives: Int, scarce: String) {
    let examples = Self.examples(positives: positives, negatives: negatives)
    let error = SplitError.fewerThanFolds(
      folds: 3, kind: scarce, count: min(positives, negatives))
    #expect(throws: error) { try folds(of: examples, count: 3, areClasses: true, seed: 1) }
  }

  @Test func theCauseIsNamed() {
    let two = Self.examples(positives: 2, negatives: 0)
    let few = #expect(throws: SplitError.self) {
      try folds(of: two, count: 3, areClasses: true, seed: 1)
    }
    #expect(
      few?.description
        == "can't make 3 folds: each needs positives, and there are 2 to train on; give "
        + "more, or a smaller --folds")
    let numbers = #expect(throws: SplitError.self) {
      try folds(of: two, count: 3, areClasses: false, seed: 1)
    }
    #expect(
      numbers?.description.contains("each needs examples, and there are 2 to train on") == true)
    // Copies of one sequence go into one fold.
    let copies = (0..<6).map { _ in two[0] }
    #expect(throws: SplitError.tooFewForFolds(folds: 3, examples: 6)) {
      try folds(of: copies, count: 3, areClasses: true, seed: 1)
    }
  }
}
