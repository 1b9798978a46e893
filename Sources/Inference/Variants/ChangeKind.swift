package import Genomics

/// What changes are compared with each other: substitutions, or insertions and deletions, of about as many bases.
package struct ChangeKind: Hashable, Sendable {
  package let isIndel: Bool
  /// The bases of the longer allele, without those that both share at their ends: rounded up to a power of two,
  /// at most `largestSize`.
  package let size: Int

  package static let largestSize = 64

  package init(reference: Int, alternate: Int) {
    isIndel = reference != alternate
    var size = 1
    while size < min(max(reference, alternate), Self.largestSize) { size *= 2 }
    self.size = size
  }

  /// Makes a random change of this kind of the bases in the middle of some sequence.
  ///
  /// A substitution has another base at both ends and any bases between, each as likely. An indel takes the bases
  /// out, which is an insertion read the other way round.
  package func randomChange(of codes: [UInt8], using random: inout RandomStream)
    -> (reference: Haplotype, alternate: Haplotype)
  {
    let start = (codes.count - size) / 2
    let reference = Haplotype(codes: codes, allele: start..<start + size)
    var changed = codes
    guard !isIndel else {
      changed.removeSubrange(reference.allele)
      return (reference, Haplotype(codes: changed, allele: start..<start))
    }
    for position in reference.allele {
      let isEnd = position == start || position == start + size - 1
      let (code, bases) = (Int(codes[position]), Alphabet.dna.count)
      changed[position] = UInt8(
        isEnd && code < bases
          ? (code + 1 + random.next(below: bases - 1)) % bases : random.next(below: bases))
    }
    return (reference, Haplotype(codes: changed, allele: reference.allele))
  }
}
