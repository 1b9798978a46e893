import Genomics
import Testing

@Suite struct SequencePatternTests {
  private func letters(_ pattern: SequencePattern, _ alphabet: Alphabet) -> [String] {
    pattern.elements.map { String(decoding: $0.codes.map(alphabet.letter), as: UTF8.self) }
  }

  /// PROSITE's manual: `[AC]-x-V-x(4)-{ED}` is [Ala or Cys]-any-Val-any-any-any-any-{any but Glu or Asp}.
  @Test func readsPROSITE() throws {
    let pattern = try SequencePattern("[AC]-x-V-x(4)-{ED}.", alphabet: .protein)
    let all = Alphabet.protein.text
    #expect(
      letters(pattern, .protein) == ["AC", all, "V", all, all.filter { !"ED".contains($0) }])
    #expect(pattern.elements.map(\.repeats) == [1...1, 1...1, 1...1, 4...4, 1...1])
    #expect(pattern.longest == 8)
    #expect(try SequencePattern("C-x(2,4)-C", alphabet: .protein).longest == 6)
  }

  /// IUPAC's letters (Cornish-Bowden 1985).
  @Test func readsNucleotides() throws {
    let pattern = try SequencePattern("caNRt", alphabet: .dna)
    #expect(letters(pattern, .dna) == ["C", "A", "ACGT", "AG", "T"])
    #expect(letters(try SequencePattern("UGUANAUA", alphabet: .rna), .rna)[0] == "U")
  }

  @Test func drawsWhatMatches() throws {
    let pattern = try SequencePattern("C-x(1,3)-[AG]", alphabet: .dna)
    var random = RandomStream(seed: 1, .simulation)
    let drawn = (0..<200).map { _ in pattern.drawn(using: &random) }
    #expect(drawn.allSatisfy { $0.first == 1 && [0, 2].contains($0.last!) })
    #expect(Set(drawn.map(\.count)) == [3, 4, 5])
    #expect(Set(drawn.map(\.last)).count == 2)
  }

  @Test func refusesWhatIsNoPattern() {
    func problem(_ text: String, _ alphabet: Alphabet = .protein) -> PatternProblem? {
      do {
        _ = try SequencePattern(text, alphabet: alphabet)
        return nil
      } catch {
        return error
      }
    }
    #expect(problem("") == .empty)
    #expect(problem("x(0)") == .empty)
    #expect(problem("<M") == .unknownLetter("<", alphabet: .protein))
    #expect(problem("CE", .dna) == .unknownLetter("E", alphabet: .dna))
    #expect(problem("C(4,2)") == .badRepeats("(4,2)"))
    #expect(problem("C(1,2,3)") == .badRepeats("(1,2,3)"))
    #expect(problem("[AC") == .notClosed("["))
    #expect(problem("{ACGT}", .dna) == .matchesNothing("{ACGT}"))
  }
}
