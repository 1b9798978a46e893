/// Which alleles a sample has at a record.
public struct Genotype: Equatable, Sendable {
  /// One per haplotype: 0 for the reference allele, 1 for the first alternate allele; `nil` if not called.
  public let alleles: [Int?]
  /// Whether the order of the alleles says on which haplotype each is: they are written so, or there are no two.
  public let isPhased: Bool
  /// The name of the stretch within which haplotypes are told apart; `nil` if that isn't limited.
  public let phaseSet: String?

  public init(alleles: [Int?], isPhased: Bool, phaseSet: String? = nil) {
    self.alleles = alleles
    self.isPhased = isPhased || Set(alleles).count == 1
    self.phaseSet = phaseSet
  }

  /// Whether all haplotypes have the same allele.
  public var isHomozygous: Bool { Set(alleles).count == 1 }
}
