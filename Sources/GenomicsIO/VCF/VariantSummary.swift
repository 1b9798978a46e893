public import Genomics

/// What a VCF or BCF file holds.
public struct VariantSummary: Codable, Equatable, Sendable {
  /// What an alternate allele does to the reference.
  public enum AlleleKind: String, CaseIterable, Codable, Sendable {
    /// Another base.
    case snv
    /// As many other bases, more than one.
    case substitution
    case insertion
    case deletion
    /// `<DEL>` and the like.
    case symbolic
    case breakend
    /// `*`
    case overlappingDeletion
  }

  public private(set) var records = 0
  /// The number of samples.
  public let samples: Int
  /// The number of sequences whose length the header states.
  public let contigs: Int
  /// The records on each sequence, in the order of the file.
  public let sequences: [NamedCount]
  /// The number of alternate alleles of each kind, of those kinds that there are.
  public let alleles: [NamedCount]
  /// The records without an alternate allele.
  public private(set) var withoutAlternate = 0
  /// Whether the records of a sequence stand together, by position.
  public private(set) var isSorted = true

  /// Reads and checks every record.
  ///
  /// - Throws: `ByteError`, `VCFError` with the line.
  public init(path: String) throws {
    var reader = try VCFReader(path: path)
    samples = reader.header.sampleNames.count
    contigs = reader.header.contigs.count
    var sequences = NameCounter()
    var kinds: [AlleleKind: Int] = [:]
    var last: Variant?
    while let block = try reader.nextBlock() {
      for record in try block.records() {
        let variant = record.variant
        records += 1
        let isNew = sequences.add(variant.sequence)
        let follows = last.map {
          $0.sequence == variant.sequence && $0.position <= variant.position
        }
        if !isNew, follows == false { isSorted = false }
        if variant.alternates.isEmpty { withoutAlternate += 1 }
        for allele in variant.alternates {
          kinds[AlleleKind(of: allele, against: variant.reference), default: 0] += 1
        }
        last = variant
      }
    }
    self.sequences = sequences.counts
    alleles = AlleleKind.allCases.compactMap { kind in
      kinds[kind].map { NamedCount(name: kind.rawValue, count: $0) }
    }
  }
}

extension VariantSummary.AlleleKind {
  /// - Parameter allele: As `VCFReader` lets it pass.
  init(of allele: String, against reference: String) {
    let (alternate, count) = (Array(allele.utf8)[...], reference.utf8.count)
    if allele == "*" {
      self = .overlappingDeletion
    } else if VCFAllele.isSymbolic(alternate) {
      self = .symbolic
    } else if !VCFAllele.isSequence(alternate) {
      self = .breakend
    } else if alternate.count == count {
      self = count == 1 ? .snv : .substitution
    } else {
      self = alternate.count > count ? .insertion : .deletion
    }
  }
}
