internal import Genomics

/// The replacement of some bases of a sequence by others.
package struct AlleleChange: Equatable {
  /// The 0-based position of the first base that is replaced, or before which bases are inserted.
  package var start: Int
  package var reference: [UInt8]
  package var alternate: [UInt8]

  package init(start: Int, reference: [UInt8], alternate: [UInt8]) {
    self.start = start
    self.reference = reference
    self.alternate = alternate
  }

  /// The position behind the last base that is replaced.
  var end: Int { start + reference.count }

  /// Drops the bases that both alleles share and shifts an insertion or deletion as far left as it
  /// goes: the parsimonious, left-aligned form (Tan, Abecasis & Kang 2015), without its anchor base.
  package mutating func normalize(in source: SequenceSource) throws {
    trimEnds()
    guard reference.isEmpty != alternate.isEmpty else { return }
    let shift = try leftShift(of: reference + alternate, in: source)
    start -= shift
    Self.rotate(&reference, by: shift)
    Self.rotate(&alternate, by: shift)
  }

  private mutating func trimEnds() {
    trimSharedEnd()
    trimSharedStart()
  }

  mutating func trimSharedEnd() {
    let shared = zip(reference.reversed(), alternate.reversed()).prefix { $0 == $1 }.count
    reference.removeLast(shared)
    alternate.removeLast(shared)
  }

  mutating func trimSharedStart() {
    let shared = zip(reference, alternate).prefix { $0 == $1 }.count
    reference.removeFirst(shared)
    alternate.removeFirst(shared)
    start += shared
  }

  /// How many bases to the left the inserted or deleted ones can begin as well.
  private func leftShift(of bases: [UInt8], in source: SequenceSource) throws -> Int {
    // The bases to the left are read in pieces that double, since most shifts are short.
    var piece: [UInt8] = []
    var pieceLength = 32
    var shift = 0
    while true {
      if piece.isEmpty {
        let end = start - shift
        guard end > 0 else { return shift }
        piece = try source.codes(max(0, end - pieceLength), end)
        pieceLength = min(2 * pieceLength, 1 << 14)
      }
      let last = bases[bases.count - 1 - shift % bases.count]
      guard let before = piece.popLast(), before == last, before != EncodedSequence.unknown else {
        return shift
      }
      shift += 1
    }
  }

  /// Moves the last bases to the front.
  private static func rotate(_ allele: inout [UInt8], by count: Int) {
    guard !allele.isEmpty else { return }
    let kept = allele.count - count % allele.count
    allele = Array(allele[kept...] + allele[..<kept])
  }

  /// Where the window with the reference allele in its middle stands (`Haplotype.window(of:)`).
  func referenceWindow(of length: Int, on sequence: String) -> GenomicInterval {
    let first = start + reference.count / 2 - length / 2
    return GenomicInterval(sequence, start: first, end: first + length)
  }

  /// Both alleles between the genome's `flank` bases on either side.
  package func haplotypes(flank: Int, in source: SequenceSource) throws
    -> (reference: Haplotype, alternate: Haplotype)
  {
    let left = try source.codes(start - flank, start)
    let right = try source.codes(end, end + flank)
    func haplotype(_ allele: [UInt8]) -> Haplotype {
      Haplotype(
        codes: left + allele + right, allele: left.count..<left.count + allele.count)
    }
    return (haplotype(reference), haplotype(alternate))
  }
}

/// An allele where it stands in its sequence.
package struct Haplotype: Equatable, Sendable {
  package let codes: [UInt8]
  /// The allele's place in `codes`, between as many bases on either side.
  package let allele: Range<Int>

  package init(codes: [UInt8], allele: Range<Int>) {
    self.codes = codes
    self.allele = allele
  }

  /// The window with the allele in its middle.
  ///
  /// A window of even length has the allele's middle base, or the base behind an even allele's
  /// middle, at offset `length / 2`. An allele longer than the window leaves its ends out.
  /// - Precondition: The flanks have more than `length / 2` bases.
  package func window(of length: Int) -> ArraySlice<UInt8> {
    let first = allele.lowerBound + allele.count / 2 - length / 2
    return codes[first..<first + length]
  }

  /// The stretch of which each window of `length` bases contains the allele; of an empty allele, the
  /// bases on both sides of its place. An allele longer than that contains each window instead.
  ///
  /// - Precondition: The flanks have at least `length` bases.
  package func placements(of length: Int) -> ArraySlice<UInt8> {
    guard length > 1 || !allele.isEmpty else { return window(of: length) }
    let margin = allele.isEmpty ? 1 : 0
    let starts = (allele.lowerBound - margin, allele.upperBound - length + margin)
    return codes[min(starts.0, starts.1)..<max(starts.0, starts.1) + length]
  }
}
