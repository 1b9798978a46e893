/// A number that belongs to a name, such as the records on a sequence.
public struct NamedCount: Codable, Equatable, Sendable {
  public let name: String
  public var count: Int

  public init(name: String, count: Int) {
    (self.name, self.count) = (name, count)
  }
}

/// How often names come up, in the order in which they first do.
public struct NameCounter: Sendable {
  public private(set) var counts: [NamedCount] = []
  private var places: [String: Int] = [:]
  /// The place of the name that was counted last; the same often follows.
  private var last = 0

  public init() {}

  /// - Returns: Whether the name is new.
  @discardableResult
  public mutating func add(_ name: String) -> Bool {
    if last < counts.count, counts[last].name == name {
      counts[last].count += 1
      return false
    }
    if let place = places[name] {
      (last, counts[place].count) = (place, counts[place].count + 1)
      return false
    }
    last = counts.count
    places[name] = last
    counts.append(NamedCount(name: name, count: 1))
    return true
  }
}
