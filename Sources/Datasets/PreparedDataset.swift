public import Genomics

/// Where negatives come from.
public enum NegativeSource: String, Codable, CaseIterable, Sendable {
  /// The input holds them.
  case given
  /// Shuffles of the positives that keep each one's dinucleotides.
  case dinucleotide
  /// Windows of the genome, matched in GC content.
  case genomic
}

/// How examples are divided, and what stands against the positives.
public struct PreparationPlan: Equatable, Sendable {
  public var validation = SplitRequest.automatic
  public var test = SplitRequest.automatic
  /// `nil`: as given, else genomic with a genome, else dinucleotide shuffles.
  public var negatives: NegativeSource?
  /// Genomic negatives a positive.
  public var ratio = 1.0
  /// What genomic negatives must not touch beside the peaks, by the genome's names.
  public var excluded: [GenomicInterval] = []
  public var seed: UInt64 = 1

  public init() {}
}

/// Negatives that can't be had from an input.
public struct NegativesError: Failure, Equatable {
  public let description: String
  public var kind: FailureKind { .badData }
}

/// Examples ready to train on and to measure with, each side with its negatives.
public struct PreparedDataset: Sendable {
  public internal(set) var train: [Example] = []
  public internal(set) var validation: [Example] = []
  public internal(set) var test: [Example] = []
  public let negatives: NegativeSource
  /// How the examples were split, in words.
  public let splitDescription: String
  /// What became of the negatives that were drawn.
  public internal(set) var ledgers: [Ledger] = []

  /// Whether training makes its own negatives, fresh in each epoch; then `train` holds none.
  public var makesFreshNegatives: Bool { negatives == .dinucleotide }

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

extension LoadedDataset {
  /// The kind of negatives that a plan comes to for this input.
  ///
  /// - Throws: `NegativesError`.
  func negativeSource(_ asked: NegativeSource?) throws -> NegativeSource {
    let source = asked ?? (hasNegatives ? .given : genome != nil ? .genomic : .dinucleotide)
    switch source {
    case .given where !hasNegatives && isClassification:
      throw NegativesError(
        description: "the input holds no negatives; give some, or let them be made")
    case .genomic where genome == nil:
      throw NegativesError(
        description: "genomic negatives need peaks on a genome; give --peaks and --genome, "
          + "or take dinucleotide shuffles")
    default: return source
    }
  }

  /// Splits the examples and gives each side its negatives.
  ///
  /// - Parameters:
  ///   - validation, test: More examples of the same kind for these sides, instead of part of this
  ///     input.
  /// - Throws: `SplitError`, `NegativesError`, and what reading the genome throws.
  public func prepared(
    _ plan: PreparationPlan, validation: LoadedDataset? = nil, test: LoadedDataset? = nil
  ) throws -> PreparedDataset {
    let source = isClassification ? try negativeSource(plan.negatives) : .given
    let split =
      try stated()
      ?? Datasets.split(
        dataset, validation: validation == nil ? plan.validation : .fraction(0),
        test: test == nil ? plan.test : .fraction(0), seed: plan.seed)
    var prepared = PreparedDataset(negatives: source, splitDescription: split.description)
    for side in Side.allCases {
      prepared[side] = split[side].map { dataset.examples[$0] }
    }
    if let validation { prepared.validation = validation.dataset.examples }
    if let test { prepared.test = test.dataset.examples }
    switch source {
    case .given: break
    case .dinucleotide:
      for side in [Side.validation, .test] {
        prepared[side] += shuffledNegatives(
          of: prepared[side].filter(\.isPositive), seed: plan.seed)
      }
    case .genomic:
      try addGenomicNegatives(to: &prepared, split: split, plan: plan)
    }
    return prepared
  }

  /// The split that the input states itself; `nil` where it states none.
  private func stated() -> Split? {
    guard !statedSides.isEmpty else { return nil }
    return Split(
      sides: statedSides.map { $0 ?? .train }, description: "as the input's column `split` says",
      territory: nil)
  }

  private func addGenomicNegatives(
    to prepared: inout PreparedDataset, split: Split, plan: PreparationPlan
  ) throws {
    guard let genome else { return }
    let windows = Side.allCases.flatMap { prepared[$0].compactMap(\.interval) }
    var negatives = GenomicNegatives(
      excluding: occupied + plan.excluded + windows, ratio: plan.ratio, seed: plan.seed)
    for side in Side.allCases {
      var ledger = Ledger(source: "genomic negatives for \(side.rawValue)")
      // A side with a file of its own has no part of the genome, so its negatives may lie anywhere.
      let stretches =
        split[side].isEmpty ? genome.wholeSequences : split.stretches(of: side, in: genome)
      let drawn = try negatives.examples(
        matching: prepared[side], within: stretches, of: genome, ledger: &ledger)
      prepared[side] += drawn
      prepared.ledgers.append(ledger)
      negatives.excluded += drawn.compactMap(\.interval)
    }
  }

  /// All examples of the input with negatives, for measuring: nothing is held out.
  ///
  /// - Throws: `NegativesError`, and what reading the genome throws.
  public func withNegatives(_ plan: PreparationPlan) throws -> (
    examples: [Example], ledger: Ledger?
  ) {
    guard isClassification else { return (dataset.examples, nil) }
    switch try negativeSource(plan.negatives) {
    case .given: return (dataset.examples, nil)
    case .dinucleotide:
      let positives = dataset.examples.filter(\.isPositive)
      return (dataset.examples + shuffledNegatives(of: positives, seed: plan.seed), nil)
    case .genomic:
      guard let genome else { preconditionFailure("genomic negatives without a genome") }
      var ledger = Ledger(source: "genomic negatives")
      let drawn = try GenomicNegatives(
        excluding: occupied + plan.excluded, ratio: plan.ratio, seed: plan.seed
      ).examples(
        matching: dataset.examples, within: genome.wholeSequences, of: genome, ledger: &ledger)
      return (dataset.examples + drawn, ledger)
    }
  }
}
