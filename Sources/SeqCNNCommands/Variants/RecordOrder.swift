internal import Genomics
internal import GenomicsIO

/// Whether records come as an index needs them: sequence by sequence, by position in each, and none that
/// ends beyond what an index can hold.
struct RecordOrder {
  /// Where a record stands; `end` is behind its last reference base, or where INFO says.
  struct Place: Sendable {
    let sequence: String
    /// 0-based.
    let start: Int
    let end: Int
    /// Whether INFO says where it ends.
    let isEndStated: Bool
  }

  /// What is out of order, in words; `nil` if nothing is.
  private var disorder: String?
  /// The record that reaches furthest.
  private var furthestPlace: Place?
  private var last: Place?
  /// The sequences behind which another one came.
  private var ended: Set<String> = []

  mutating func add(_ place: Place) {
    if place.end > furthest { furthestPlace = place }
    defer { last = place }
    guard disorder == nil, let last else { return }
    let isNew = place.sequence != last.sequence
    if isNew { ended.insert(last.sequence) }
    if isNew ? ended.contains(place.sequence) : place.start < last.start {
      disorder =
        "the records aren't sorted: \(place.text) comes after \(last.text); use `bcftools sort`"
    }
  }

  /// The end of the record that reaches furthest.
  var furthest: Int { furthestPlace?.end ?? 0 }

  /// Why no index can be made, and what helps; `nil` if one can.
  ///
  /// - Parameter isBinary: Whether the records are BCF's, in which no record ends that far.
  func fault(isBinary: Bool) -> String? {
    if let disorder { return disorder }
    guard !isBinary, let place = furthestPlace, place.end > RegionIndex.furthestEnd else {
      return nil
    }
    let end = place.isEndStated ? "INFO/END=\(place.end)" : "it ends at \(place.end)"
    return
      "the record \(place.text) reaches beyond \(RegionIndex.furthestEnd), where an index ends: "
      + "\(end); mend that record and use `bcftools index`"
  }
}

extension RecordOrder {
  /// What BCF can't hold of the record that reaches furthest; `nil` if it holds all.
  var lostInBCF: String? {
    guard let place = furthestPlace, place.isEndStated, place.end > Int32.max else { return nil }
    return
      "INFO/END=\(place.end) of the record \(place.text) is missing, as BCF holds numbers up to "
      + "\(Int32.max); name the output .vcf.gz to keep it"
  }
}

extension RecordOrder.Place {
  init(_ record: VCFRecord) {
    let variant = record.variant
    // An end that isn't behind the position counts for nothing, as with htslib.
    let stated = record.statedEnd.flatMap { $0 > variant.position ? $0 : nil }
    let (end, isBeyond) = variant.position.addingReportingOverflow(variant.reference.utf8.count)
    self.init(
      sequence: variant.sequence, start: variant.position,
      end: stated ?? (isBeyond ? .max : end), isEndStated: stated != nil)
  }

  /// As VCF counts.
  fileprivate var text: String { "\(sequence.escapedForTerminal):\(start + 1)" }
}
