import Genomics
import Testing

@Suite struct AlphabetTests {
  private func codes(_ text: String, in alphabet: Alphabet) -> [UInt8] {
    text.utf8.map { alphabet.codeOfLetter[Int($0)] }
  }

  /// By the definition: a letter's code is its place.
  @Test(arguments: [Alphabet.dna, .rna, .protein]) func codesAreTheLettersPlaces(alphabet: Alphabet)
  {
    let all = (0...UInt8(alphabet.count)).map(alphabet.letter)
    let text = String(decoding: all, as: UTF8.self)
    #expect(Array(all.dropLast()) == alphabet.letters)
    #expect(codes(text, in: alphabet) == Array(0...alphabet.unknown))
    #expect(codes(text.lowercased(), in: alphabet) == Array(0...alphabet.unknown))
  }

  /// IUPAC's codes of nucleotides and amino acids (Cornish-Bowden 1985; IUPAC-IUB 1984).
  @Test func knowsTheLettersThatStandForSeveral() {
    let nucleotides = [UInt8](repeating: 4, count: 11)
    #expect(codes("RYSWKMBDHVN", in: .dna) == nucleotides)
    #expect(codes("RYSWKMBDHVN", in: .rna) == nucleotides)
    #expect(codes("XBZJUO", in: .protein) == [UInt8](repeating: 20, count: 6))
    #expect(codes("TUtu", in: .dna) == [3, 3, 3, 3])
    #expect(codes("TUtu", in: .rna) == [3, 3, 3, 3])
  }

  /// Everything but letters, and the letters that no alphabet has.
  @Test(arguments: [Alphabet.dna, .rna, .protein]) func refusesOtherBytes(alphabet: Alphabet) {
    let others = (UInt8.min...UInt8.max).filter { !(65...90).contains($0 & 0xdf) || $0 >= 128 }
    #expect(others.allSatisfy { alphabet.codeOfLetter[Int($0)] == 255 })
    #expect(codes("EFIJLOPQXZ", in: .dna) == [UInt8](repeating: 255, count: 10))
  }

  /// A pairs with T, C with G; what isn't known stays unknown.
  @Test func pairsNucleotides() {
    #expect(codes("GATTNC", in: .dna) == [2, 0, 3, 3, 4, 1])
    #expect(
      Alphabet.dna.reverseComplement(of: codes("GATTNC", in: .dna)[...])
        == codes("GNAATC", in: .dna))
    #expect(
      Alphabet.rna.reverseComplement(of: codes("GAUUNC", in: .rna)[...])
        == codes("GNAAUC", in: .rna))
    #expect(Alphabet.dna.hasComplement && Alphabet.rna.hasComplement)
    #expect(!Alphabet.protein.hasComplement)
  }

  /// What the codes of encoded sequences mean.
  @Test func encodedSequencesAreDNA() {
    #expect(Alphabet.dna.unknown == EncodedSequence.unknown)
    #expect(Alphabet.dna.count == 4 && Alphabet.protein.count == 20)
    #expect(Alphabet.dna.text == "ACGT" && Alphabet.rna.text == "ACGU")
  }
}
