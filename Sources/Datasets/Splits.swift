import Genomics

/// Splits examples into those for training, validation and test.
///
/// - Where every example has coordinates, whole sequences (chromosomes) are drawn, until a side has
///   what it wants: at most 2½ times as much, and at most 15% of the examples more.
/// - Where there are too few sequences for that, they are cut into blocks of 1 Mb (a fiftieth of the
///   sequence where that is less, four windows at least), and blocks are drawn. Windows that overlap,
///   and windows that overlap those, go where the first of them begins.
/// - Where an example has no coordinates, examples are drawn at random; near-duplicates (sequences
///   that are equal, reverse complements, or share half of the 15-mers of the one that has fewer)
///   and overlapping windows stay together.
///
/// So no window of one side overlaps one of another.
///
/// - Throws: `SplitError`.
public func split(
  _ dataset: Dataset, validation: SplitRequest, test: SplitRequest, seed: UInt64
) throws -> Split {
  var splitter = try Splitter(dataset, validation: validation, test: test, seed: seed)
  return try splitter.split()
}

private struct Splitter {
  /// Examples that stay together, and the part of the genome that goes with them.
  private struct Group {
    var examples: [Int]
    var block: Territory.Block?
  }

  private let examples: [Example]
  private var random: RandomStream
  /// The sides that are drawn, and how many examples each wants.
  private var wanted: [(side: Side, count: Double)] = []
  private var territory = Territory()
  private var sides: [Side]

  init(
    _ dataset: Dataset, validation: SplitRequest, test: SplitRequest, seed: UInt64
  ) throws {
    examples = dataset.examples
    random = RandomStream(seed: seed, .split)
    sides = [Side](repeating: .train, count: examples.count)
    for (side, request) in [(Side.test, test), (.validation, validation)] {
      switch request {
      case .automatic: want(side.automaticShare, for: side)
      case .fraction(let fraction):
        guard fraction >= 0, fraction < 1 else { throw SplitError.fraction(fraction) }
        want(fraction, for: side)
      case .sequences(let names): try give(names, to: side)
      }
    }
    guard wanted.reduce(0, { $0 + $1.count }) < max(1, Double(examples.count)) else {
      throw SplitError.nothingToTrainOn
    }
  }

  private mutating func want(_ fraction: Double, for side: Side) {
    if fraction > 0 { wanted.append((side, fraction * Double(examples.count))) }
  }

  private mutating func give(_ names: [String], to side: Side) throws {
    guard examples.allSatisfy({ $0.interval != nil }) else { throw SplitError.noCoordinates }
    let known = Set(examples.compactMap(\.interval?.sequence))
    for name in names {
      guard known.contains(name) else {
        throw SplitError.noExample(sequence: name, known: known.sorted())
      }
      guard territory.sequences.updateValue(side, forKey: name) ?? side == side else {
        throw SplitError.sequenceOnTwoSides(name)
      }
    }
  }

  mutating func split() throws -> Split {
    guard examples.allSatisfy({ $0.interval != nil }) else { return try splitAtRandom() }
    for (index, example) in examples.enumerated() {
      if let interval = example.interval {
        sides[index] = territory.sequences[interval.sequence] ?? .train
      }
    }
    let groups = sequenceGroups()
    if wanted.isEmpty || groups.count > wanted.count, draw(groups) {
      for group in groups {
        if let block = group.block {
          territory.sequences[block.sequence] = sides[group.examples[0]]
        }
      }
      return try finished("by chromosome", territory)
    }
    let blocks = blockGroups()
    guard draw(blocks) else {
      throw SplitError.tooFew(examples: examples.count, groups: blocks.count)
    }
    for group in blocks {
      if let block = group.block { territory.blocks[block] = sides[group.examples[0]] }
    }
    return try finished("by blocks", territory)
  }

  private mutating func splitAtRandom() throws -> Split {
    var sets = DisjointSets(count: examples.count)
    sets.uniteNearDuplicates(of: examples.map(\.bases))
    sets.uniteOverlapping(examples.map(\.interval))
    let groups = sets.sets().map { Group(examples: $0) }
    guard draw(groups) else {
      throw SplitError.tooFew(examples: examples.count, groups: groups.count)
    }
    let unknown = examples.count { $0.interval == nil }
    return try finished(
      "at random, near-duplicates kept together (no coordinates in the names of \(unknown) of "
        + "\(examples.count) examples)", nil)
  }

  /// The examples of each sequence that no side was asked for.
  private func sequenceGroups() -> [Group] {
    grouped(examples.indices.map { ($0, 0) })
  }

  /// The examples of each block of the sequences that no side was asked for.
  private mutating func blockGroups() -> [Group] {
    let intervals = examples.compactMap(\.interval)
    let longest = intervals.reduce(1) { max($0, $1.length) }
    for interval in intervals where territory.sequences[interval.sequence] == nil {
      let length = max(4 * longest, min(1_000_000, interval.end / 50))
      territory.blockLengths[interval.sequence] = max(
        length, territory.blockLengths[interval.sequence] ?? 0)
    }
    var sets = DisjointSets(count: examples.count)
    sets.uniteOverlapping(intervals)
    return grouped(
      sets.sets().flatMap { set -> [(Int, Int)] in
        let start = set.reduce(Int.max) { min($0, intervals[$1].start) }
        let block = start / (territory.blockLengths[intervals[set[0]].sequence] ?? .max)
        return set.map { ($0, block) }
      })
  }

  /// Groups examples by sequence and block, in the order of their first examples.
  private func grouped(_ blocks: [(example: Int, block: Int)]) -> [Group] {
    var groups: [Group] = []
    var indices: [Territory.Block: Int] = [:]
    for (example, block) in blocks {
      guard let name = examples[example].interval?.sequence, territory.sequences[name] == nil
      else { continue }
      let block = Territory.Block(sequence: name, index: block)
      if let index = indices[block] {
        groups[index].examples.append(example)
      } else {
        indices[block] = groups.count
        groups.append(Group(examples: [example], block: block))
      }
    }
    return groups
  }

  /// Gives each side that is drawn groups in random order until it has what it wants; the rest
  /// trains.
  ///
  /// - Returns: Whether each side got at least half of what it wants and something is left to train
  ///   on; else nothing is drawn.
  private mutating func draw(_ groups: [Group]) -> Bool {
    var drawn = [Side](repeating: .train, count: groups.count)
    var order = Array(groups.indices)
    random.shuffle(&order)
    for (side, count) in wanted {
      var taken = 0
      // The nearer limit first: a chromosome that overshoots is taken where nothing else fits.
      for excess in [0.5, 1.5] where 2 * Double(taken) < count {
        let all = Double(examples.count)
        let limit = max(1, min(count + excess * min(count, all / 10), (count + all) / 2))
        for group in order where drawn[group] == .train && Double(taken) < count {
          guard Double(taken + groups[group].examples.count) <= limit else { continue }
          drawn[group] = side
          taken += groups[group].examples.count
        }
      }
      guard taken > 0, 2 * Double(taken) >= count else { return false }
    }
    guard wanted.isEmpty || drawn.contains(.train) else { return false }
    for (group, side) in zip(groups, drawn) {
      for example in group.examples { sides[example] = side }
    }
    return true
  }

  private func finished(_ manner: String, _ territory: Territory?) throws -> Split {
    guard sides.contains(.train) else { throw SplitError.nothingToTrainOn }
    let parts = [Side.validation, .test].map { side in
      let count = sides.count { $0 == side }
      let names = (territory?.sequences ?? [:]).filter { $0.value == side }.keys.sorted()
      let list = names.map(\.escapedForTerminal).joined(separator: ", ")
      let share = (1000 * Double(count) / Double(max(1, sides.count))).rounded() / 10
      return "\(side.rawValue) \(list)\(list.isEmpty ? "" : ": ")\(count) (\(share) %)"
    }
    return Split(
      sides: sides, description: "\(manner): \(parts.joined(separator: "; "))",
      territory: territory)
  }
}
