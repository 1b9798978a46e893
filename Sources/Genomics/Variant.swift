/// A record of a VCF file: what stands on the reference, and what may stand there instead.
public struct Variant: Equatable, Sendable {
  /// The name of the sequence, as the file has it.
  public let sequence: String
  /// The 0-based position of the first reference base.
  public let position: Int
  public let reference: String
  /// The alternate alleles as written, symbolic ones (`<DEL>`, `*`, breakends) too.
  public let alternates: [String]

  public init(sequence: String, position: Int, reference: String, alternates: [String]) {
    self.sequence = sequence
    self.position = position
    self.reference = reference
    self.alternates = alternates
  }

  /// The reference bases that the record replaces: `[position, position + reference length)`.
  public var interval: GenomicInterval {
    GenomicInterval(sequence, start: position, end: position + reference.utf8.count)
  }
}
