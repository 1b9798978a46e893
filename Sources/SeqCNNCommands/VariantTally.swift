internal import Genomics
internal import GenomicsIO
internal import Inference

/// How many alleles were scored, and why the others weren't.
struct VariantTally: CustomStringConvertible, Sendable {
  private(set) var records = 0
  /// The names of the sequences that variants are on, in the order they first came up.
  private(set) var sequences: [String] = []
  private var seen: Set<String> = []
  private var ledger: Ledger

  init(source: String) {
    ledger = Ledger(source: source)
  }

  mutating func add(_ record: VCFRecord, _ scored: ScoredVariant) {
    records += 1
    note(record.variant.sequence)
    for outcome in scored.outcomes {
      switch outcome {
      case .scored: ledger.use()
      case .unscored(let reason): ledger.drop(reason.rawValue)
      }
    }
  }

  mutating func add(_ other: VariantTally) {
    records += other.records
    for sequence in other.sequences { note(sequence) }
    ledger.use(other.ledger.used)
    for entry in other.ledger.dropped { ledger.drop(entry.reason, count: entry.count) }
  }

  private mutating func note(_ sequence: String) {
    if sequences.last != sequence, seen.insert(sequence).inserted { sequences.append(sequence) }
  }

  /// An empty tally of the same source.
  var emptied: VariantTally { VariantTally(source: ledger.source) }

  var sourceName: String { ledger.sourceName }

  /// Whether the genome has none of the sequences that variants are on.
  var isOffGenome: Bool {
    ledger.used == 0
      && ledger.dropped.map(\.reason) == [UnscoredAllele.noSuchSequence.rawValue]
  }

  var description: String {
    let reasons = ledger.dropped.map { "; \($0.count) not scored: \($0.reason)" }.joined()
    return "\(sourceName): \(records) records kept, "
      + "\(ledger.used) of \(ledger.total) alternate alleles scored\(reasons)"
  }
}
