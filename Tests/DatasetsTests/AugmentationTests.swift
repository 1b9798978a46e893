import Datasets
import Genomics
import Testing

@Suite struct AugmentationTests {
  /// 40 bases without a repeat of eight.
  private let codes: [UInt8] = (0..<40).map { UInt8(($0 * $0 / 3 + $0) % 4) }

  private func changed(
    _ change: (inout Augmentation) -> Void, draws: Int = 200
  ) -> [[UInt8]] {
    var augmentation = Augmentation()
    change(&augmentation)
    return (0..<draws).map { draw in
      var random = RandomStream(seed: 1, .augmentation, draw)
      return augmentation.applied(to: codes, using: &random)
    }
  }

  @Test func nothingChangesNothing() {
    #expect(changed { _ in }.allSatisfy { $0 == codes })
    #expect(
      changed {
        $0.mutation = 1
        $0.perSequence = 0
      }.allSatisfy { $0 == codes })
  }

  @Test func keepsTheLength() {
    let all = changed {
      ($0.insertion, $0.deletion, $0.inversion, $0.translocation) = (50, 50, 50, 50)
      ($0.shift, $0.masking, $0.mutation, $0.perSequence) = (50, 50, 0.5, 7)
    }
    #expect(all.allSatisfy { $0.count == codes.count && $0.allSatisfy { $0 <= 4 } })
  }

  @Test func otherStrandsComeAsOftenAsAsked() {
    let reverse = Alphabet.dna.reverseComplement(of: codes[...])
    let all = changed({ $0.reverseComplement = 0.25 }, draws: 1000)
    let count = all.count { $0 == reverse }
    #expect(all.allSatisfy { $0 == reverse || $0 == codes })
    // Four standard deviations of a binomial distribution are 55.
    #expect(abs(count - 250) < 55)
  }

  /// The bases are the same, from another one on.
  @Test func translocationRotates() {
    let all = changed { $0.translocation = 5 }
    let rotations = (-5...5).map { by in
      let first = (by + codes.count) % codes.count
      return Array(codes[first...] + codes[..<first])
    }
    #expect(all.allSatisfy(rotations.contains))
    #expect(rotations.allSatisfy(all.contains))
  }

  /// All but one stretch of at most four bases stay, and the stretch is that of the other strand.
  @Test func inversionTurnsAStretchRound() {
    for result in changed({ $0.inversion = 4 }) {
      let different = codes.indices.filter { result[$0] != codes[$0] }
      guard let first = different.first, let last = different.last else { continue }
      #expect(last - first < 4)
      // A stretch that begins or ends with a base that stays, such as a palindrome's, may be longer than what differs.
      let isTurned = (first - 3...first).contains { start in
        (last...last + 3).contains { end in
          guard start >= 0, end < codes.count, end - start < 4 else { return false }
          return Array(result[start...end])
            == Alphabet.dna.reverseComplement(of: codes[start...end])
        }
      }
      #expect(isTurned)
    }
  }

  @Test func maskingHidesAStretch() {
    let all = changed { $0.masking = 6 }
    for result in all {
      let hidden = result.indices.filter { result[$0] == EncodedSequence.unknown }
      #expect(hidden.count <= 6)
      #expect((hidden.last ?? 0) - (hidden.first ?? 0) == max(0, hidden.count - 1))
      #expect(result.indices.allSatisfy { hidden.contains($0) || result[$0] == codes[$0] })
    }
    #expect(Set(all.map { $0.count { $0 == EncodedSequence.unknown } }) == Set(0...6))
  }

  /// A quarter of the bases that are drawn anew stay by chance.
  @Test func mutationChangesAShare() {
    let all = changed { $0.mutation = 0.4 }
    let different = all.reduce(0) { sum, result in
      sum + codes.indices.count { result[$0] != codes[$0] }
    }
    // 8,000 bases, 0.3 each: four standard deviations are 164.
    #expect(abs(different - 2400) < 164)
  }

  /// What is left of a sequence by deletion, insertion or shift are its own stretches, in order.
  @Test func restIsInOrder() {
    for result in changed({ $0.deletion = 6 }) { #expect(longestCommon(result, codes) >= 34) }
    for result in changed({ $0.insertion = 6 }) { #expect(longestCommon(result, codes) >= 34) }
    for result in changed({ $0.shift = 6 }) {
      #expect(
        (-6...6).contains { by in
          (max(0, by)..<min(40, 40 + by)).allSatisfy { result[$0] == codes[$0 - by] }
        })
    }
  }

  /// The length of the longest common subsequence.
  private func longestCommon(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var diagonal = 0
      for (index, y) in b.enumerated() {
        let above = row[index + 1]
        row[index + 1] = x == y ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return row[b.count]
  }
}
