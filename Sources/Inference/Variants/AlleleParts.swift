/// What the difference of a task's outputs is made of. The parts add up to it.
public struct AlleleParts: Equatable, Sendable {
  /// The filters that add something, network by network, in their order.
  public let filters: [FilterChange]
  /// What the k-mer table adds; `nil` if the model has none.
  public let kmers: Float?

  package init(filters: [FilterChange], kmers: Float?) {
    (self.filters, self.kmers) = (filters, kmers)
  }

  /// What the filters add that the alternate allele activates more than the reference allele.
  public var gained: Float { filters.reduce(0) { $1.isGained ? $0 + $1.effect : $0 } }

  /// What the filters add that the alternate allele activates less.
  public var lost: Float { filters.reduce(0) { $1.isGained ? $0 : $0 + $1.effect } }

  /// All parts: the filters, then the k-mers.
  public var all: [AllelePart] {
    filters.map { .filter($0) } + (kmers.map { [.kmers($0)] } ?? [])
  }

  /// The part that makes most of a difference: the largest of those that have its sign, the first of equal ones.
  /// `nil` if none has.
  public func leading(in difference: Float) -> AllelePart? {
    guard difference != 0 else { return nil }
    let sign: Float = difference < 0 ? -1 : 1
    var (leading, largest): (AllelePart?, Float) = (nil, 0)
    for change in filters where sign * change.effect > largest {
      (leading, largest) = (.filter(change), sign * change.effect)
    }
    if let kmers, sign * kmers > largest { leading = .kmers(kmers) }
    return leading
  }
}

/// A part of the difference of two outputs.
public enum AllelePart: Equatable, Sendable {
  case filter(FilterChange)
  case kmers(Float)

  /// How much of the difference it makes.
  public var effect: Float {
    switch self {
    case .filter(let change): change.effect
    case .kmers(let effect): effect
    }
  }
}

/// A filter that matches one allele's window better than the other's.
public struct FilterChange: Equatable, Sendable {
  /// The filter's number, from 0; those of a second network follow those of the first.
  public let filter: Int
  /// Whether the alternate allele activates it more than the reference allele, its features on all
  /// strands together; where those are as large, whether the output rises.
  public let isGained: Bool
  /// How much of the difference of the outputs it makes.
  public let effect: Float

  package init(filter: Int, isGained: Bool, effect: Float) {
    (self.filter, self.isGained, self.effect) = (filter, isGained, effect)
  }
}
