public import Genomics

/// Which alleles of a record the haplotypes of a sample have.
public struct PhasedRecord: Sendable {
  /// The record's line, counted from 1.
  public let line: Int
  public let variant: Variant
  /// For each haplotype the number of its allele: 0 for the reference allele.
  let alleles: [Int]
  /// For each haplotype what it has instead of reference bases, shared bases dropped; `nil` if it has the reference
  /// allele, or one that can't be put in.
  let changes: [AlleleChange?]
  let genotype: Genotype?
  /// Why its haplotypes aren't scored; `nil` if they can be.
  let problem: UnscoredHaplotypes?

  /// Whether any haplotype has something else than the reference.
  var isCarried: Bool { changes.contains { $0 != nil } }

  /// Whether the two are on one sequence and less than so many bases apart.
  func isWithin(_ reach: Int, of other: PhasedRecord) -> Bool {
    variant.sequence == other.variant.sequence
      && abs(variant.position - other.variant.position) < reach
  }

  /// Whether the two are known to be on the same haplotype if they have the same place in their genotypes.
  func isPhased(with other: PhasedRecord) -> Bool {
    other.genotype?.isHomozygous == true || genotype?.phaseSet == other.genotype?.phaseSet
  }
}

/// Why the haplotypes at a record can't be scored.
public enum UnscoredHaplotypes: String, Equatable, Sendable {
  /// The sample has no genotype there, or a part of it is missing.
  case noGenotype = "no_genotype"
  /// The alleles differ, and which haplotype has which isn't told.
  case unphased
  /// There are more than two haplotypes.
  case polyploid
  /// All haplotypes have the reference allele.
  case notCarried = "not_carried"
  /// A haplotype's allele overlaps one that it has of an earlier record.
  case overlapping
  /// The allele has no scores of its own either.
  case unscoredAllele = "unscored_allele"
  /// More than half of a window's bases are unknown.
  case mostlyUnknown = "mostly_unknown"
}

/// Puts the alleles of a sample on its haplotypes, record by record. Of alleles of one haplotype that overlap the first
/// one counts, as in bcftools consensus.
struct Phasing {
  /// The last change of each haplotype.
  private var latest: [AlleleChange?] = [nil, nil]
  private var sequence = ""

  /// The next record, in the order of positions.
  mutating func add(_ variant: Variant, line: Int, _ genotype: Genotype?) -> PhasedRecord {
    if variant.sequence != sequence { (latest, sequence) = ([nil, nil], variant.sequence) }
    let alleles = genotype?.alleles.compactMap { $0 } ?? []
    var problem = Self.problem(of: genotype)
    var changes = [AlleleChange?](repeating: nil, count: alleles.count)
    for (haplotype, allele) in alleles.enumerated() where problem == nil && allele > 0 {
      changes[haplotype] = AlleleChange(of: variant, allele: allele)
    }
    for haplotype in changes.indices where problem == nil && alleles[haplotype] > 0 {
      guard let change = changes[haplotype] else {
        problem = .unscoredAllele
        break
      }
      if latest[haplotype].map(change.overlaps) == true { changes[haplotype] = nil }
    }
    if problem == nil, zip(alleles, changes).contains(where: { $0 > 0 && $1 == nil }) {
      problem = .overlapping
    }
    for (haplotype, change) in changes.enumerated() where change != nil {
      latest[haplotype] = change
    }
    return PhasedRecord(
      line: line, variant: variant, alleles: alleles, changes: changes, genotype: genotype,
      problem: problem)
  }

  private static func problem(of genotype: Genotype?) -> UnscoredHaplotypes? {
    guard let genotype, !genotype.alleles.isEmpty, !genotype.alleles.contains(nil) else {
      return .noGenotype
    }
    if genotype.alleles.allSatisfy({ $0 == 0 }) { return .notCarried }
    if genotype.alleles.count > 2 { return .polyploid }
    return genotype.isPhased ? nil : .unphased
  }
}

extension AlleleChange {
  /// An alternate allele as it is written, shared bases dropped; `nil` if it isn't a sequence, or on none.
  ///
  /// - Parameter allele: Its number, from 1.
  init?(of variant: Variant, allele: Int) {
    guard UnscoredAllele(alternate: variant.alternates[allele - 1]) == nil,
      let reference = EncodedSequence(variant.reference),
      variant.position <= .max - reference.count,
      let alternate = EncodedSequence(variant.alternates[allele - 1])
    else { return nil }
    self.init(start: variant.position, reference: reference.codes, alternate: alternate.codes)
    // The base before an insertion stays before it.
    trimSharedStart()
    trimSharedEnd()
  }

  /// Whether it isn't all behind an earlier change. Two insertions in one place overlap.
  fileprivate func overlaps(_ earlier: AlleleChange) -> Bool {
    start < earlier.end || start == earlier.start && reference.isEmpty && earlier.reference.isEmpty
  }
}
