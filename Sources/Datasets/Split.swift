public import Genomics

/// The three uses of examples.
public enum Side: String, CaseIterable, Sendable {
  case train, validation, test

  /// Sides that are held out longer first: they keep what another side has too.
  static let byPrecedence = [Side.test, .validation, .train]

  /// The share of the examples that it gets unless something else is asked for.
  public var automaticShare: Double {
    switch self {
    case .train: 0.7
    case .validation: 0.1
    case .test: 0.2
    }
  }
}

/// What goes to a side that training does not see.
public enum SplitRequest: Equatable, Sendable {
  /// About a tenth of the examples for validation, about a fifth for test.
  case automatic
  /// About this share of all examples, in `[0, 1)`; 0 for none.
  case fraction(Double)
  /// The examples on these sequences (chromosomes).
  case sequences([String])
}

/// Which examples train, which stop training early, and which measure the result.
public struct Split: Sendable {
  /// Indices of examples, ascending; each example is on one side.
  public let train, validation, test: [Int]
  /// How the examples were split, such as `by chromosome: validation 3: 98 (9.8 %); test 8, 21: 103
  /// (10.3 %)`.
  public let description: String
  /// Which side owns which part of the genome; `nil` if examples have no coordinates.
  let territory: Territory?

  init(sides: [Side], description: String, territory: Territory?) {
    func indices(_ side: Side) -> [Int] { sides.indices.filter { sides[$0] == side } }
    train = indices(.train)
    validation = indices(.validation)
    test = indices(.test)
    self.description = description
    self.territory = territory
  }

  public subscript(side: Side) -> [Int] {
    switch side {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// The side whose part of the genome holds an interval.
  ///
  /// - Returns: `nil` if the interval reaches over a boundary, or the split is not by coordinates.
  public func side(of interval: GenomicInterval) -> Side? {
    territory?.side(of: interval)
  }

  /// The part of a genome that belongs to a side, in the genome's order; where negatives of that side
  /// are drawn. Windows of other sides may reach into it.
  ///
  /// - Returns: Nothing where the split is not by coordinates.
  public func stretches(of side: Side, in genome: some BaseSource) -> [GenomicInterval] {
    territory?.stretches(of: side, in: genome) ?? []
  }
}

/// Which side owns which part of a genome: whole sequences, or blocks of a sequence. Whatever is not
/// mentioned is for training.
struct Territory: Sendable {
  struct Block: Hashable {
    let sequence: String
    let index: Int
  }

  var sequences: [String: Side] = [:]
  /// The length of the blocks of each sequence that is cut into blocks.
  var blockLengths: [String: Int] = [:]
  var blocks: [Block: Side] = [:]

  func side(of interval: GenomicInterval) -> Side? {
    let name = interval.sequence
    guard let length = blockLengths[name] else { return sequences[name] ?? .train }
    let last = max(interval.end - 1, interval.start) / length
    let side = blocks[Block(sequence: name, index: interval.start / length)] ?? .train
    for index in interval.start / length...last
    where (blocks[Block(sequence: name, index: index)] ?? .train) != side {
      return nil
    }
    return side
  }

  func stretches(of side: Side, in genome: some BaseSource) -> [GenomicInterval] {
    genome.wholeSequences.flatMap { whole -> [GenomicInterval] in
      let name = whole.sequence
      guard let length = blockLengths[name] else {
        return (sequences[name] ?? .train) == side ? [whole] : []
      }
      var stretches: [GenomicInterval] = []
      for start in stride(from: 0, to: whole.end, by: length) {
        let block = Block(sequence: name, index: start / length)
        guard (blocks[block] ?? .train) == side else { continue }
        let joined = stretches.last?.end == start ? stretches.removeLast().start : start
        stretches.append(
          GenomicInterval(name, start: joined, end: min(start + length, whole.end)))
      }
      return stretches
    }
  }
}

/// Why examples can't be split as asked.
public enum SplitError: Failure, Equatable {
  case fraction(Double)
  case nothingToTrainOn
  case noCoordinates
  case noExample(sequence: String, known: [String])
  case sequenceOnTwoSides(String)
  case tooFew(examples: Int, groups: Int)
  case tooFewForFolds(folds: Int, examples: Int)
  /// Fewer examples of a kind than folds, of which each needs one.
  case fewerThanFolds(folds: Int, kind: String, count: Int)

  public var kind: FailureKind { .badData }

  public var description: String {
    switch self {
    case .fraction(let fraction):
      return "can't hold out a share of \(fraction); give a number from 0 to below 1"
    case .nothingToTrainOn:
      return "validation and test leave nothing to train on; hold out less"
    case .noCoordinates:
      return "can't hold out chromosomes: the examples have no coordinates; give shares such as 0.1"
    case .noExample(let sequence, let known):
      let names = known.prefix(5).map(\.escapedForTerminal).joined(separator: ", ")
      let others = known.count > 5 ? " and \(known.count - 5) more" : ""
      return "\(sequence.quoted) is no file, and no example is on a sequence of that name; "
        + "there are examples on \(names)\(others)"
    case .sequenceOnTwoSides(let sequence):
      return "\(sequence.quoted) is asked for validation and for test; give it to one of them"
    case .tooFew(let examples, let groups):
      return "can't hold out part of \(examples) example(s) that form \(groups) group(s) of "
        + "overlapping or near-duplicate sequences; give more examples, or files for validation and test"
    case .fewerThanFolds(let folds, let kind, let count):
      return "can't make \(folds) folds: each needs \(kind), and there are \(count) to train on; "
        + "give more\(folds > 2 ? ", or a smaller --folds" : "")"
    case .tooFewForFolds(let folds, let examples):
      return
        "can't make \(folds) folds, each with examples of every class, of \(examples) training "
        + "example(s) that overlap or nearly equal each other; give more examples, or a smaller --folds"
    }
  }
}
