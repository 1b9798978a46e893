import Genomics

extension ProbabilityMatrix {
  /// The consensus in IUPAC letters (Cavener 1987): a base above one half and above twice the next;
  /// else two bases above three quarters together; else N.
  public var consensus: String {
    String(decoding: columns.map(Self.consensusLetter), as: UTF8.self)
  }

  private static let pairLetters: [Set<Int>: String] = [
    [0, 1]: "M", [0, 2]: "R", [0, 3]: "W", [1, 2]: "S", [1, 3]: "Y", [2, 3]: "K",
  ]

  private static func consensusLetter(_ column: SIMD4<Double>) -> UInt8 {
    let order = column.indices.sorted {
      column[$0] == column[$1] ? $0 < $1 : column[$0] > column[$1]
    }
    let (first, second) = (order[0], order[1])
    if column[first] > 0.5, column[first] > 2 * column[second] {
      return Alphabet.dna.letters[first]
    }
    if column[first] + column[second] > 0.75, let letter = pairLetters[[first, second]] {
      return letter.utf8.first!
    }
    return Alphabet.dna.unknownLetter
  }
}
