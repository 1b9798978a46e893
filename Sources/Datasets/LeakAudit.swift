import Genomics

/// What held-out examples have in common with those of other sides, counted when all is done.
public struct LeakAudit: Codable, Equatable, Sendable {
  public let pairs: [Pair]
  /// The examples that were compared, without those made by shuffling others.
  public let examples: Int
  /// Those of them whose place in a genome is known: only they can be found to overlap.
  public let placed: Int

  /// How many examples of a side an earlier one gives away.
  public struct Pair: Codable, Equatable, Sendable {
    /// The side that gives away, and the one whose examples are counted.
    public let from, to: String
    /// Examples that equal one of the other side, or its reverse complement.
    public let duplicates: Int
    /// Examples in one set of near-duplicates (`DisjointSets.uniteNearDuplicates`) with one of the
    /// other side, duplicates among them.
    public let nearDuplicates: Int
    /// Examples that share a base of the genome with one of the other side.
    public let overlaps: Int
  }

  /// The audit of nothing.
  static let nothing = LeakAudit(pairs: [], examples: 0, placed: 0)

  init(pairs: [Pair], examples: Int, placed: Int) {
    (self.pairs, self.examples, self.placed) = (pairs, examples, placed)
  }

  /// Audits the sides as they stand, negatives among them but for those with a planted repeat.
  ///
  /// In the order in which leaks are dropped, so that it finds what is dropped and nothing else: of sequences
  /// with a 15-mer that many others hold, near-duplicates depend on the order.
  public init(_ prepared: PreparedDataset) {
    let examples = Side.byPrecedence.flatMap(prepared.compared)
    let owners = Side.byPrecedence.flatMap { side in prepared.compared(side).map { _ in side } }
    let given = examples.filter { !$0.isShuffle }
    self.examples = given.count
    placed = given.count { $0.interval != nil }
    var sets = DisjointSets(count: examples.count)
    sets.uniteNearDuplicates(of: examples.map(\.bases))
    let clusters = examples.indices.map { sets.representative(of: $0) }
    let strandless = examples.map(\.bases.canonical)
    func members(_ side: Side) -> [Int] { owners.indices.filter { owners[$0] == side } }
    pairs = [(Side.train, Side.validation), (.train, .test), (.validation, .test)].map { from, to in
      let (given, held) = (members(from), members(to))
      let known = Set(given.map { strandless[$0] })
      let near = Set(given.map { clusters[$0] })
      let covered = IntervalSet(given.compactMap { examples[$0].interval })
      return Pair(
        from: from.rawValue, to: to.rawValue,
        duplicates: held.count { known.contains(strandless[$0]) },
        nearDuplicates: held.count { near.contains(clusters[$0]) },
        overlaps: held.count { examples[$0].interval.map(covered.overlaps) ?? false })
    }
  }

  /// Whether no side gives anything away.
  public var isClean: Bool {
    pairs.allSatisfy { $0.duplicates == 0 && $0.nearDuplicates == 0 && $0.overlaps == 0 }
  }
}

extension LeakAudit: CustomStringConvertible {
  /// One line, such as `leaks between sides: none (compared: exact and near-duplicates; coordinates of 0 of
  /// 80 examples known)`.
  public var description: String {
    let found = pairs.filter { $0.nearDuplicates > 0 || $0.overlaps > 0 }.map {
      "\($0.from) to \($0.to): \($0.duplicates) duplicates, \($0.nearDuplicates) near-duplicates, "
        + "\($0.overlaps) overlapping windows"
    }
    return "leaks between sides: " + (found.isEmpty ? "none" : found.joined(separator: "; "))
      + " (compared: exact and near-duplicates; coordinates of \(placed) of \(examples) examples known)"
  }
}
