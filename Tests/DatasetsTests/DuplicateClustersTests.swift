import Datasets
import Genomics
import Testing

@Suite struct DuplicateClustersTests {
  private func duplicateClusters(_ sequences: [EncodedSequence]) -> [[Int]] {
    var sets = DisjointSets(count: sequences.count)
    sets.uniteNearDuplicates(of: sequences)
    return sets.sets()
  }

  func randomCodes(_ length: Int, using random: inout RandomStream) -> [UInt8] {
    (0..<length).map { _ in UInt8(random.next(below: 4)) }
  }

  /// The rule, pair by pair: multisets of canonical 15-mers as text.
  func areNearDuplicates(_ a: EncodedSequence, _ b: EncodedSequence) -> Bool {
    if a == b || a == b.reverseComplement { return true }
    func kmers(_ bases: EncodedSequence) -> [String: Int] {
      var counts: [String: Int] = [:]
      for start in 0..<max(0, bases.count - 14) {
        let kmer = bases[start..<start + 15]
        guard kmer.unknownCount == 0 else { continue }
        counts[min(kmer.text, kmer.reverseComplement.text), default: 0] += 1
      }
      return counts
    }
    let first = kmers(a)
    let second = kmers(b)
    let shared = first.reduce(0) { $0 + min($1.value, second[$1.key] ?? 0) }
    let fewer = min(first.values.reduce(0, +), second.values.reduce(0, +))
    return shared > 0 && 2 * shared >= fewer
  }

  /// Connected components by repeated merging.
  func bruteForce(_ sequences: [EncodedSequence]) -> [[Int]] {
    var labels = Array(sequences.indices)
    for a in sequences.indices {
      for b in 0..<a where areNearDuplicates(sequences[a], sequences[b]) {
        let (old, new) = (max(labels[a], labels[b]), min(labels[a], labels[b]))
        labels = labels.map { $0 == old ? new : $0 }
      }
    }
    return Dictionary(grouping: sequences.indices, by: { labels[$0] }).values
      .sorted { $0[0] < $1[0] }
  }

  @Test(arguments: 0..<4) func matchPairwiseComparison(seed: Int) {
    var random = RandomStream(seed: 1, .split, seed)
    var sequences: [EncodedSequence] = []
    for _ in 0..<25 {
      let source = randomCodes(90, using: &random)
      for _ in 0..<1 + random.next(below: 4) {
        // A stretch of the source, on either strand, with a few substitutions or unknown bases.
        let start = random.next(below: 50)
        var codes = Array(source[start..<min(90, start + 20 + random.next(below: 60))])
        for _ in 0..<random.next(below: 4) {
          codes[random.next(below: codes.count)] = UInt8(random.next(below: 5))
        }
        let bases = EncodedSequence(codes: codes)
        sequences.append(random.next(below: 2) == 0 ? bases : bases.reverseComplement)
      }
    }
    random.shuffle(&sequences)
    let expected = bruteForce(sequences)
    #expect(expected.contains { $0.count > 1 } && expected.count > 10)
    #expect(duplicateClusters(sequences) == expected)
  }

  /// Worked by hand: equal short sequences, a reverse complement, unknown bases, low complexity.
  @Test func knowWhatIsTheSame() {
    let sequences = [
      "ACGTT", "AACGT", "ACGTA", "ACGTT", "NNNNNNNNNNNNNNNNNNNN", "NNNNNNNNNNNNNNNNNNNN",
      "CACACACACACACACACACACA", "ACACACACACACACACACACACGTT", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "AAAAAAAAAAAAAAAACGCTAGCTAGGATCGATCGGATATCGCTAGGCTA",
    ].map { EncodedSequence($0)! }
    #expect(duplicateClusters(sequences) == [[0, 1, 3], [2], [4, 5], [6, 7], [8], [9]])
    #expect(duplicateClusters([]).isEmpty)
  }

  /// More copies than a 15-mer links directly.
  @Test func holdLargeFamiliesTogether() {
    var random = RandomStream(seed: 2, .split)
    let source = randomCodes(101, using: &random)
    let family = (0..<1500).map { _ in
      var codes = source
      codes[random.next(below: 101)] = UInt8(random.next(below: 4))
      return EncodedSequence(codes: codes)
    }
    let strangers = (0..<1500).map { _ in EncodedSequence(codes: randomCodes(101, using: &random)) }
    let clusters = duplicateClusters(family + strangers)
    #expect(clusters.first == Array(0..<1500))
    #expect(clusters.count == 1501)
  }

  /// Of proteins 6-mers are compared: the second shares 12 of the first's 15 (20 letters), the third none; a protein read
  /// backwards is another.
  @Test func comparesProteinsBySixLetters() {
    let first = "MKVLAAGIVGLCAKWYQDER"
    let near = String(first.dropLast(3)) + "HHH"
    let sequences = [first, near, "WWPPHHNNTTSSRRQQEEDD", String(first.reversed()), first].map {
      EncodedSequence($0, alphabet: .protein)!
    }
    #expect(duplicateClusters(sequences) == [[0, 1, 4], [2], [3]])
  }
}
