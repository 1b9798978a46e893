package import Genomics
package import GenomicsIO

/// One sequence of a genome, with unknown bases wherever it isn't.
package struct SequenceSource {
  let genome: Genome
  let name: String
  let length: Int

  /// - Returns: `nil` where the genome has no sequence of that name.
  package init?(genome: Genome, name: String) {
    guard let length = genome.length(of: name) else { return nil }
    self.genome = genome
    self.name = name
    self.length = length
  }

  /// The codes of `[start, end)`, which may reach past both ends of the sequence.
  func codes(_ start: Int, _ end: Int) throws -> [UInt8] {
    let inside = min(max(start, 0), length)..<max(min(end, length), min(max(start, 0), length))
    let unknown = { [UInt8](repeating: EncodedSequence.unknown, count: max(0, $0)) }
    guard !inside.isEmpty else { return unknown(end - start) }
    let bases = try genome.bases(
      in: GenomicInterval(name, start: inside.lowerBound, end: inside.upperBound))
    return unknown(inside.lowerBound - start) + bases.codes + unknown(end - inside.upperBound)
  }
}

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

  /// Drops the bases that both alleles share and shifts an insertion or deletion as far left as it
  /// goes: the parsimonious, left-aligned form (Tan, Abecasis & Kang 2015), without its anchor base.
  package mutating func normalize(in source: SequenceSource) throws {
    trimEnds()
    guard reference.isEmpty != alternate.isEmpty else { return }
    // The bases to the left are read in pieces that double, since most shifts are short.
    var piece: [UInt8] = []
    var pieceLength = 32
    while let last = reference.last ?? alternate.last {
      if piece.isEmpty {
        guard start > 0 else { return }
        piece = try source.codes(max(0, start - pieceLength), start)
        pieceLength = min(2 * pieceLength, 1 << 14)
      }
      guard let before = piece.popLast(), before == last, before != EncodedSequence.unknown else {
        return
      }
      Self.rotate(&reference)
      Self.rotate(&alternate)
      start -= 1
    }
  }

  private mutating func trimEnds() {
    while let a = reference.last, a == alternate.last {
      reference.removeLast()
      alternate.removeLast()
    }
    let shared = zip(reference, alternate).prefix { $0 == $1 }.count
    reference.removeFirst(shared)
    alternate.removeFirst(shared)
    start += shared
  }

  private static func rotate(_ allele: inout [UInt8]) {
    if let last = allele.popLast() { allele.insert(last, at: 0) }
  }

  /// The windows around both alleles, each allele in the middle between the genome's flanks.
  ///
  /// A window of even length has the allele's middle base, or the base behind an even allele's
  /// middle, at offset `length / 2`. An allele longer than the window leaves its ends out.
  package func windows(of length: Int, in source: SequenceSource) throws
    -> (reference: EncodedSequence, alternate: EncodedSequence)
  {
    let left = try source.codes(start - length, start)
    let end = start + reference.count
    let right = try source.codes(end, end + length)
    func window(_ allele: [UInt8]) -> EncodedSequence {
      let haplotype = left + allele + right
      let first = left.count + allele.count / 2 - length / 2
      return EncodedSequence(codes: Array(haplotype[first..<first + length]))
    }
    return (window(reference), window(alternate))
  }
}
