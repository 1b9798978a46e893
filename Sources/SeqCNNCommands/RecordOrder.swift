internal import Genomics

/// Whether records come as an index needs them: sequence by sequence, by position in each.
struct RecordOrder {
  /// Where a record stands; `end` is behind its last reference base.
  struct Place: Sendable {
    let sequence: String
    /// 0-based.
    let start: Int
    let end: Int
  }

  /// What is out of order, in words; `nil` where nothing is.
  private(set) var fault: String?
  /// The end of the record that reaches furthest.
  private(set) var furthest = 0
  private var last: Place?
  /// The sequences behind which another one came.
  private var ended: Set<String> = []

  mutating func add(_ place: Place) {
    furthest = max(furthest, place.end)
    defer { last = place }
    guard fault == nil, let last else { return }
    let isNew = place.sequence != last.sequence
    if isNew { ended.insert(last.sequence) }
    if isNew ? ended.contains(place.sequence) : place.start < last.start {
      fault = "\(place.text) comes after \(last.text)"
    }
  }
}

extension RecordOrder.Place {
  init(_ variant: Variant) {
    self.init(
      sequence: variant.sequence, start: variant.position,
      end: variant.position + variant.reference.utf8.count)
  }

  /// As VCF counts.
  fileprivate var text: String { "\(sequence.escapedForTerminal):\(start + 1)" }
}
