internal import Parallel

/// A database that motifs get their names from.
public struct MotifDatabase: Sendable {
  /// What people call the database, such as its file's name.
  public let name: String
  public let motifs: [Motif]
  private let comparer: MotifComparer

  /// The E-value below which a motif gets the name of its best match, unless another is asked for.
  public static let namingEValue = 0.05

  /// - Parameter motifs: At least one.
  public init(name: String, motifs: [Motif]) {
    (self.name, self.motifs) = (name, motifs)
    comparer = MotifComparer(targets: motifs)
  }

  /// The motif that is most like a motif, if fewer than `eValue` motifs of the database would be as much by chance.
  public func bestMatch(of motif: Motif, eValue: Double = namingEValue) -> NamedMatch {
    let best = comparer.matches(of: motif).ranked[0]
    return NamedMatch(
      database: name, motif: best.eValue < eValue ? motifs[best.match.target] : nil, best: best)
  }

  /// The best match of each motif.
  public func bestMatches(of motifs: [Motif], eValue: Double = namingEValue, threads: Int)
    -> [NamedMatch]
  {
    concurrentMap(motifs.count, threads: threads) { bestMatch(of: motifs[$0], eValue: eValue) }
  }
}

/// What a database calls a motif.
public struct NamedMatch: Equatable, Sendable, CustomStringConvertible {
  public let database: String
  /// The motif of the database; `nil` if none is like it.
  public let motif: Motif?
  /// The best match, significant or not.
  public let best: RankedMatch

  /// `CTCF (MA0139.2)`, or `no match in DATABASE`.
  public var description: String {
    guard let motif else { return "no match in \(database)" }
    return motif.alternateName.map { "\($0) (\(motif.name))" } ?? motif.name
  }
}
