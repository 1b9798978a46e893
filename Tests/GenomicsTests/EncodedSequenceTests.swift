import Genomics
import Testing

@Suite struct EncodedSequenceTests {
  @Test func encodesLetters() throws {
    let bases = try #require(EncodedSequence("ACGTUacgtuN"))
    let codes: [UInt8] = [0, 1, 2, 3, 3, 0, 1, 2, 3, 3, 4]
    #expect(bases.codes == codes)
    #expect(bases.text == "ACGTTACGTTN")
  }

  /// The ambiguity letters of IUPAC-IUB (Cornish-Bowden 1985), of which each is unknown.
  @Test func ambiguityIsUnknown() throws {
    let bases = try #require(EncodedSequence("RYSWKMBDHVNryswkmbdhvn"))
    #expect(bases.unknownCount == 22)
    #expect(bases.gcFraction == nil)
  }

  @Test func onlyNucleotideLettersHaveCodes() {
    let letters = (0...255).filter { EncodedSequence.code(of: UInt8($0)) != 255 }
    #expect(letters.count == 2 * "ACGTURYSWKMBDHVN".count)
    for text in ["AXC", "A-C", "A C", "E", "\u{0}"] { #expect(EncodedSequence(text) == nil) }
  }

  @Test func reverseComplements() throws {
    let bases = try #require(EncodedSequence("AACGTN"))
    #expect(bases.reverseComplement.text == "NACGTT")
    #expect(bases.reverseComplement.reverseComplement == bases)
  }

  @Test func slicesAndCounts() throws {
    let bases = try #require(EncodedSequence("GGCANN"))
    #expect(bases[1..<4].text == "GCA")
    #expect(bases.count == 6 && bases.unknownCount == 2)
    #expect(bases.gcFraction == 0.75)
    #expect(DNASequence(name: "a", bases: bases).length == 6)
  }

  /// Cysteine is the second letter of the alphabet, alanine the first; X stands for any.
  @Test func encodesProteins() throws {
    var sequence = try #require(EncodedSequence("caXW", alphabet: .protein))
    #expect(sequence.codes == [1, 0, 20, 18] && sequence.text == "CAXW")
    #expect(sequence.unknownCount == 1 && sequence.gcFraction == nil)
    #expect(EncodedSequence("CA*", alphabet: .protein) == nil)
    #expect(EncodedSequence("EF") == nil)
    sequence.side = [2]
    let padded = sequence.padded(to: 6)
    #expect(padded.codes == [20, 1, 0, 20, 18, 20] && padded.side == [2])
    #expect(padded[1..<3].text == "CA" && padded[1..<3].side == [2])
    #expect(EncodedSequence("GAUC", alphabet: .rna)?.reverseComplement.text == "GAUC")
    #expect(sequence.withoutSide == EncodedSequence("CAXW", alphabet: .protein))
  }
}
