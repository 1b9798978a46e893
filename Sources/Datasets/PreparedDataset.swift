public import Genomics

/// How examples are divided, and what stands against the positives.
public struct PreparationPlan: Equatable, Sendable {
  public var validation = SplitRequest.automatic
  public var test = SplitRequest.automatic
  /// `nil`: genomic with a genome, else as given, else dinucleotide shuffles.
  public var negatives: NegativeMix?
  /// Drawn negatives a positive.
  public var ratio = 1.0
  /// What training gets at least, as more negatives than the held-out sides have make a better model.
  public var trainingNegatives = TrainingNegatives()
  public var seed: UInt64 = 1

  public init() {}
}

/// How many drawn negatives are enough to train on.
public struct TrainingNegatives: Equatable, Sendable {
  /// For each positive.
  public var perPositive: Double
  /// In all, if the genome has room for three times as many.
  public var least: Int
  /// In all.
  public var most: Int

  public init(perPositive: Double = 0, least: Int = 0, most: Int = 0) {
    (self.perPositive, self.least, self.most) = (perPositive, least, most)
  }

  /// The number of negatives per positive that are enough.
  ///
  /// - Parameter room: The number of windows that the genome holds.
  package func ratio(positives: Int, room: Int) -> Double {
    let positives = Double(max(1, positives))
    return min(
      max(perPositive, Double(min(least, room / 3)) / positives), Double(most) / positives)
  }
}

/// Examples ready to train on and to measure with, each side with its negatives.
public struct PreparedDataset: Sendable {
  public internal(set) var train: [Example] = []
  public internal(set) var validation: [Example] = []
  public internal(set) var test: [Example] = []
  /// The part of the genome that the test examples come from; empty if they come from no part of their own.
  public internal(set) var testStretches: [GenomicInterval] = []
  public let negatives: NegativeMix
  /// How the examples were split, in words.
  public let splitDescription: String
  /// What a user should know of how the sides were made, a line each.
  public internal(set) var notes: [String] = []
  /// What became of examples beside held-out files, and of the negatives that were drawn.
  public internal(set) var ledgers: [Ledger] = []
  /// Sequences that the input, held-out files included, gives under both labels.
  public internal(set) var contradictions: [Contradiction] = []
  /// What sides have in common when all is done.
  public internal(set) var leaks = LeakAudit.nothing

  /// Whether training makes its own negatives, fresh in each epoch; then `train` holds none.
  public var makesFreshNegatives: Bool { negatives.sole == .dinucleotide }

  public subscript(side: Side) -> [Example] {
    get {
      switch side {
      case .train: train
      case .validation: validation
      case .test: test
      }
    }
    set {
      switch side {
      case .train: train = newValue
      case .validation: validation = newValue
      case .test: test = newValue
      }
    }
  }
}

extension PreparedDataset {
  /// The scale of each task's labels to train on.
  public func labelScales(taskCount: Int) -> [LabelScale] {
    (0..<taskCount).map { task in LabelScale(train.map { $0.labels[task] }) }
  }

  /// The examples with labels in standard deviations from the mean, each task by its own scale.
  public func standardized(by scales: [LabelScale]) -> PreparedDataset {
    var copy = self
    for side in Side.allCases {
      copy[side] = self[side].map { example in
        var example = example
        example.labels = zip(scales, example.labels).map { $0.standardized($1) }
        return example
      }
    }
    return copy
  }

  /// The examples of a side with negatives; where training makes its own, with a shuffle of each
  /// positive.
  public func withNegatives(_ side: Side, seed: UInt64) -> [Example] {
    guard side == .train, makesFreshNegatives else { return self[side] }
    return train + shuffledNegatives(of: train.filter(\.isPositive), seed: seed)
  }

  /// The examples of a side that may give others away.
  func compared(_ side: Side) -> [Example] { self[side].filter { !$0.hasPlantedRepeat } }

  /// Drops what overlaps or nearly equals (`DisjointSets.uniteNearDuplicates`) an example of a side
  /// that is held out longer, or another that does, and counts it: from training what resembles a
  /// validation or test example, from validation what resembles a test example.
  fileprivate mutating func dropLeaks() {
    let sides = Side.byPrecedence
    let examples = sides.flatMap(compared)
    var sets = DisjointSets(count: examples.count)
    sets.uniteNearDuplicates(of: examples.map(\.bases))
    sets.uniteOverlapping(examples.map(\.interval))
    var heldOut = compared(.test).count
    for side in sides.dropFirst() {
      let own = heldOut..<heldOut + compared(side).count
      // A set is represented by its first example, so by one that is held out longer.
      let kept = own.filter { sets.representative(of: $0) >= heldOut }
      heldOut = own.upperBound
      guard kept.count < own.count else { continue }
      var ledger = Ledger(source: "examples for \(side.rawValue)")
      ledger.use(kept.count)
      ledger.drop("overlaps or nearly equals a held-out example", count: own.count - kept.count)
      ledgers.append(ledger)
      self[side] = kept.map { examples[$0] } + self[side].filter(\.hasPlantedRepeat)
    }
  }

  /// Drops leaks until an audit finds none, as what is dropped changes which sequences with a common 15-mer
  /// are compared.
  ///
  /// - Parameter mayDrop: Whether anything may be dropped, not only counted.
  fileprivate mutating func audit(mayDrop: Bool) {
    leaks = LeakAudit(self)
    while mayDrop, !leaks.isClean {
      dropLeaks()
      leaks = LeakAudit(self)
    }
  }

  /// Gives a held-out side that has no negatives shuffles of its positives, and notes it.
  mutating func addMissingNegatives(seed: UInt64) {
    for side in [Side.validation, .test]
    where !self[side].isEmpty && !self[side].contains(where: \.isNegative) && alphabet != .protein {
      addShuffles(to: side, seed: seed)
      notes.append(
        "negatives for \(side.rawValue): dinucleotide shuffles of its positives, it holds none")
    }
  }

  /// Gives a held-out side shuffles of its positives.
  mutating func addShuffles(to side: Side, seed: UInt64) {
    let positives = self[side].filter(\.isPositive)
    self[side] += shuffledNegatives(of: positives, seed: seed)
    countShuffles(of: positives, for: side)
  }

  /// Counts positives that have no shuffle, if there are any.
  mutating func countShuffles(of positives: [Example], for side: Side) {
    ledgers += [
      shuffleLedger(of: positives, source: "dinucleotide shuffles for \(side.rawValue)")
    ].compactMap(\.self)
  }
}

extension LoadedDataset {
  /// Splits the examples and gives each side its negatives.
  ///
  /// What overlaps or nearly equals a held-out example is dropped from training, and from validation
  /// what so resembles a test example; only a split that the input states itself stays as it is. A
  /// held-out side without negatives gets dinucleotide shuffles of its positives.
  ///
  /// - Parameters:
  ///   - validation, test: More examples of the same kind for these sides, instead of part of this
  ///     input.
  /// - Throws: `SplitError`, `NegativesError`, and what reading the genome throws.
  public func prepared(
    _ plan: PreparationPlan, validation: LoadedDataset? = nil, test: LoadedDataset? = nil
  ) throws -> PreparedDataset {
    let negatives = try negativeMix(plan.negatives)
    let split =
      try stated(seed: plan.seed)
      ?? Datasets.split(
        dataset, validation: validation == nil ? plan.validation : .fraction(0),
        test: test == nil ? plan.test : .fraction(0), seed: plan.seed)
    var prepared = PreparedDataset(negatives: negatives, splitDescription: split.description)
    for side in Side.allCases {
      prepared[side] = split[side].map { dataset.examples[$0] }
    }
    if let genome, !split[.test].isEmpty {
      prepared.testStretches = split.stretches(of: .test, in: genome)
    }
    let files: [(side: Side, dataset: LoadedDataset?)] = [(.validation, validation), (.test, test)]
    for case (let side, let file?) in files { prepared[side] = file.dataset.examples }
    if isClassification {
      prepared.contradictions =
        Dataset(
          tasks: dataset.tasks,
          examples: dataset.examples + files.flatMap { $0.dataset?.dataset.examples ?? [] }
        ).contradictions
    }
    let mayDrop = statedSides.isEmpty || files.contains { $0.dataset != nil }
    if mayDrop { prepared.dropLeaks() }
    if isClassification { prepared.notes.append(negatives.note) }
    try addNegatives(to: &prepared, files: files, split: split, plan: plan)
    prepared.audit(mayDrop: mayDrop)
    return prepared
  }

  /// The split that the input states itself, with a tenth of its training examples for validation
  /// where it states none for that; `nil` if it states nothing.
  private func stated(seed: UInt64) throws -> Split? {
    guard !statedSides.isEmpty else { return nil }
    var sides = statedSides.map { $0 ?? .train }
    var description = "as the input's column `split` says"
    let train = sides.indices.filter { sides[$0] == .train }
    if !sides.contains(.validation), !train.isEmpty {
      let drawn = try Datasets.split(
        dataset.subset(train), validation: .automatic, test: .fraction(0), seed: seed)
      for index in drawn.validation { sides[train[index]] = .validation }
      description += "; validation \(drawn.validation.count) drawn from its training rows"
    }
    return Split(sides: sides, description: description, territory: nil)
  }
}

extension PreparedDataset {
  /// The lengths of the sequences that a model learns from, for `Model.lengths`.
  ///
  /// A few that are much longer than the others don't count: the upper end is at most twice the length
  /// that one in twenty exceeds.
  ///
  /// - Parameter windowLength: A length that is always among them.
  public func lengths(around windowLength: Int) -> ClosedRange<Int> {
    let lengths = (train + validation).map(\.bases.count).sorted()
    guard let shortest = lengths.first, let longest = lengths.last else {
      return windowLength...windowLength
    }
    let exceeded = lengths[(lengths.count - 1) * 19 / 20]
    return min(shortest, windowLength)...max(min(longest, 2 * exceeded), windowLength)
  }
}
