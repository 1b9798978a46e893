/// What became of each input record: used, or dropped and why.
public struct Ledger: Equatable, Sendable, Codable {
  /// What was counted, such as `peaks.narrowPeak`.
  public let source: String
  public private(set) var used = 0
  /// The number of records dropped for each reason, in the order the reasons first came up.
  public private(set) var dropped: [Entry] = []

  public struct Entry: Equatable, Sendable, Codable {
    public let reason: String
    public internal(set) var count: Int
  }

  public init(source: String) {
    self.source = source
  }

  public var total: Int { used + dropped.reduce(0) { $0 + $1.count } }

  public mutating func use(_ count: Int = 1) {
    used += count
  }

  public mutating func drop(_ reason: String, count: Int = 1) {
    guard count > 0 else { return }
    if let index = dropped.firstIndex(where: { $0.reason == reason }) {
      dropped[index].count += count
    } else {
      dropped.append(Entry(reason: reason, count: count))
    }
  }
}

extension Ledger: CustomStringConvertible {
  /// What messages call the source.
  public var sourceName: String {
    source == "-" ? "standard input" : source.escapedForTerminal
  }

  /// `peaks.narrowPeak: 1574 of 47804 used; 46230 on sequences that the genome lacks`.
  public var description: String {
    let reasons = dropped.map { "; \($0.count) dropped: \($0.reason)" }.joined()
    return "\(sourceName): \(used) of \(total) used\(reasons)"
  }
}
