internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference

/// How many alleles were scored, and why the others weren't.
struct VariantTally: CustomStringConvertible, Sendable {
  private(set) var records = 0
  /// The records whose reference allele was compared with the genome.
  private var compared = 0
  /// Those of them that the genome contradicts.
  private var contradicted = 0
  /// The names of the sequences that variants are on, in the order they first came up.
  private(set) var sequences: [String] = []
  private var seen: Set<String> = []
  private var ledger: Ledger
  /// The records at which haplotypes were scored, and why not at the others.
  private var haplotypes: Ledger

  init(source: String) {
    ledger = Ledger(source: source)
    haplotypes = Ledger(source: source)
  }

  mutating func add(_ record: VCFRecord, _ found: ScoredRecord) {
    let scored = found.alleles
    switch found.haplotypes {
    case .scored: haplotypes.use()
    case .unscored(let reason): haplotypes.drop(reason.rawValue)
    case nil: break
    }
    records += 1
    note(record.variant.sequence)
    let isCompared = scored.outcomes.contains {
      switch $0 {
      case .scored, .unscored(.mostlyUnknown), .unscored(.referenceMismatch): true
      case .unscored: false
      }
    }
    if isCompared { compared += 1 }
    if scored.mismatch != nil { contradicted += 1 }
    for outcome in scored.outcomes {
      switch outcome {
      case .scored: ledger.use()
      case .unscored(let reason): ledger.drop(reason.rawValue)
      }
    }
  }

  mutating func add(_ other: VariantTally) {
    records += other.records
    compared += other.compared
    contradicted += other.contradicted
    for sequence in other.sequences { note(sequence) }
    ledger.use(other.ledger.used)
    for entry in other.ledger.dropped { ledger.drop(entry.reason, count: entry.count) }
    haplotypes.use(other.haplotypes.used)
    for entry in other.haplotypes.dropped { haplotypes.drop(entry.reason, count: entry.count) }
  }

  private mutating func note(_ sequence: String) {
    if sequences.last != sequence, seen.insert(sequence).inserted { sequences.append(sequence) }
  }

  /// An empty tally of the same source.
  var emptied: VariantTally { VariantTally(source: ledger.source) }

  var sourceName: String { ledger.sourceName }

  /// - Throws: `NothingToDoError` if the genome has none of the sequences that variants are on.
  func requireRecords(on genome: Genome) throws {
    try ledger.requireAlleles(on: genome, sequences: sequences, words: description)
  }

  private static let suspiciousShare = 0.1

  /// Warns of variants that weren't called on this genome; `nil` if hardly a reference allele differs.
  var warning: String? {
    guard contradicted > 0, Double(contradicted) > Self.suspiciousShare * Double(compared) else {
      return nil
    }
    return
      "warning: \(sourceName): \(grouped(contradicted)) of \(grouped(compared)) REF alleles aren't "
      + "the genome's: is it another build than the one that the variants were called on? Scores of "
      + "the others mean nothing then; give that genome"
  }

  var description: String {
    "\(sourceName): \(records) records kept, "
      + "\(ledger.used) of \(ledger.total) alternate alleles scored\(ledger.reasons)"
  }

  /// What became of a sample's haplotypes.
  func words(onHaplotypesOf sample: String) -> String {
    "\(sourceName): haplotypes of \(sample.escapedForTerminal) scored at \(haplotypes.used) of "
      + "\(haplotypes.total) records\(haplotypes.reasons)"
  }
}

extension Ledger {
  fileprivate var reasons: String {
    dropped.map { "; \($0.count) not scored: \($0.reason)" }.joined()
  }
}

extension Ledger {
  /// - Parameters:
  ///   - sequences: The names of those that the alleles are on.
  ///   - words: What became of them, instead of the ledger's own.
  /// - Throws: `NothingToDoError` if there are alleles, and the genome has none of the sequences.
  func requireAlleles(on genome: Genome, sequences: [String], words: String? = nil) throws {
    guard used == 0, dropped.map(\.reason) == [UnscoredAllele.noSuchSequence.rawValue] else {
      return
    }
    throw NothingToDoError(
      description:
        "\(words ?? description)\(DatasetInput.mend(unusable: sequences, on: genome))")
  }
}
