internal import Genomics
internal import GenomicsIO

/// The two alleles of a change.
struct AllelePair {
  let reference, alternate: Haplotype
  /// Where in the genome the reference allele's window stands.
  let window: GenomicInterval
}

/// Reads from a genome what stands around variants, one after the other.
struct AlleleReader {
  private let windowLength: Int
  private var sources: GenomeSources

  init(genome: Genome, naming: SequenceNaming, windowLength: Int) {
    self.windowLength = windowLength
    sources = GenomeSources(genome: genome, naming: naming, windowLength: windowLength)
  }

  /// Finds both haplotypes of each alternate allele of a record, and adds those that can be scored to
  /// a list.
  ///
  /// - Returns: Why an alternate allele can't be scored, `nil` if it is in the list; and the mismatch
  ///   of the reference allele, if any.
  mutating func read(_ variant: Variant, into pairs: inout [AllelePair]) throws
    -> (unscored: [UnscoredAllele?], mismatch: ReferenceMismatch?)
  {
    let unscored = variant.alternates.map { UnscoredAllele(alternate: $0) }
    guard unscored.contains(nil) else {
      return (unscored.isEmpty ? [.missing] : unscored, nil)
    }
    guard let source = sources.source(named: variant.sequence) else {
      return (unscored.map { $0 ?? .noSuchSequence }, nil)
    }
    if let mismatch = try mismatch(of: variant) {
      return (unscored.map { $0 ?? .referenceMismatch }, mismatch)
    }
    let reference = EncodedSequence(variant.reference)?.codes ?? []
    return (
      try zip(variant.alternates, unscored).map { text, reason in
        guard reason == nil, let alternate = EncodedSequence(text) else { return reason }
        var change = AlleleChange(
          start: variant.position, reference: reference, alternate: alternate.codes)
        try change.normalize(in: source)
        let alleles = try change.haplotypes(flank: windowLength, in: source)
        let pair = AllelePair(
          reference: alleles.reference, alternate: alleles.alternate,
          window: change.referenceWindow(of: windowLength, on: variant.sequence))
        guard !pair.reference.isMostlyUnknown(windowLength),
          !pair.alternate.isMostlyUnknown(windowLength)
        else { return .mostlyUnknown }
        pairs.append(pair)
        return nil
      }, nil
    )
  }

  /// How the genome contradicts a variant's reference allele; `nil` if it doesn't, or no alternate
  /// allele is a sequence, or the genome has no such sequence.
  mutating func mismatch(of variant: Variant) throws -> ReferenceMismatch? {
    guard variant.alternates.contains(where: { UnscoredAllele(alternate: $0) == nil }),
      let source = sources.source(named: variant.sequence)
    else { return nil }
    let reference = EncodedSequence(variant.reference) ?? EncodedSequence(codes: [])
    var found: [UInt8] = []
    if (0..<source.length).contains(variant.position) {
      let end = min(variant.position + reference.count, source.length)
      found = try source.codes(variant.position, end)
    }
    guard reference.count == 0 || !reference.agrees(with: found) else { return nil }
    return ReferenceMismatch(variant: variant, found: EncodedSequence(codes: found).text)
  }
}

extension EncodedSequence {
  /// Whether the genome can have this allele: as many bases, and where both are known the same.
  func agrees(with found: [UInt8]) -> Bool {
    count == found.count
      && zip(codes, found).allSatisfy {
        $0 == $1 || $0 == Self.unknown || $1 == Self.unknown
      }
  }
}

extension Haplotype {
  func isMostlyUnknown(_ length: Int) -> Bool {
    2 * window(of: length).count { $0 == EncodedSequence.unknown } > length
  }
}
