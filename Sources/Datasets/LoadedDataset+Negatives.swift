public import Genomics
internal import GenomicsIO

extension LoadedDataset {
  /// The negatives that a plan comes to for this input.
  ///
  /// - Throws: `NegativesError`.
  func negativeMix(_ asked: NegativeMix?) throws -> NegativeMix {
    guard isClassification else {
      guard asked == nil || asked?.sole == .given else {
        throw NegativesError(
          description: "\(labelKind.withoutNegatives); leave --make-negatives out")
      }
      return NegativeMix(.given)
    }
    let mix =
      asked
      ?? NegativeMix(genome != nil ? .genomic : hasNegatives ? .given : .dinucleotide)
    guard alphabet != .protein || !mix.contains(.dinucleotide) && !mix.contains(.repeats) else {
      throw NegativesError(
        description:
          "proteins have no dinucleotides to shuffle; give --negatives, or a --table with both classes"
      )
    }
    if mix.sole == .given, !hasNegatives {
      throw NegativesError(
        description: "the input holds no negatives; give some, or let them be made")
    }
    if genome == nil, let part = mix.parts.first(where: { $0.source.readsGenome }) {
      throw NegativesError(
        description:
          "\(part.source.rawValue) negatives need peaks on a genome; give --peaks and --genome, "
          + "or take dinucleotide shuffles")
    }
    return mix
  }

  /// Gives each side the negatives that it lacks.
  ///
  /// - Parameter files: The files of the held-out sides that have one.
  func addNegatives(
    to prepared: inout PreparedDataset, files: [(side: Side, dataset: LoadedDataset?)],
    split: Split, plan: PreparationPlan
  ) throws {
    let complete = files.filter { $0.dataset?.hasNegatives == true }.map(\.side)
    if prepared.negatives.sole != .given {
      prepared.notes += complete.map { "negatives for \($0.rawValue): those of its file" }
    }
    let incomplete = Side.allCases.filter { !complete.contains($0) }
    switch prepared.negatives.sole {
    case .given: if isClassification { prepared.addMissingNegatives(seed: plan.seed) }
    case .dinucleotide:
      prepared.countShuffles(of: prepared.train.filter(\.isPositive), for: .train)
      for side in incomplete where side != .train {
        prepared.addShuffles(to: side, seed: plan.seed)
      }
    case .genomic, .random, .repeats, nil:
      let occupied = occupied + files.flatMap { $0.dataset?.occupied ?? [] }
      try addMadeNegatives(
        to: &prepared, sides: incomplete, avoiding: occupied, split: split, plan: plan)
    }
  }

  /// Gives some sides negatives of the sources of a mix.
  private func addMadeNegatives(
    to prepared: inout PreparedDataset, sides: [Side], avoiding occupied: [GenomicInterval],
    split: Split, plan: PreparationPlan
  ) throws {
    var maker = NegativeMaker(
      prepared.negatives, of: genome,
      excluding: occupied + Side.allCases.flatMap { prepared[$0].compactMap(\.interval) },
      seed: plan.seed)
    // A side with a file of its own has no part of the genome, so its negatives may lie anywhere.
    func stretches(_ side: Side) -> [GenomicInterval] {
      genome.map {
        split[side].isEmpty ? $0.wholeSequences : split.stretches(of: side, in: $0)
      } ?? []
    }
    let length = prepared.train.first?.bases.count ?? 1
    let training = plan.trainingNegatives.ratio(
      positives: prepared.train.count(where: \.isPositive),
      room: genome == nil ? .max : stretches(.train).reduce(0) { $0 + $1.length } / max(1, length))
    for side in sides {
      // Rare windows decide a scan, so that it takes many to join and calibrate with as well.
      let takesMany = side == .train || side == .validation && prepared.negatives.knowsScans
      let positives = prepared[side].filter(\.isPositive)
      var (drawn, ledgers) = try maker.negatives(
        of: positives, within: stretches(side),
        ratio: takesMany ? max(plan.ratio, training) : plan.ratio, least: plan.ratio,
        for: " for \(side.rawValue)")
      if side == .validation {
        // They count as much as one per positive.
        let weight = Float(plan.ratio) * Float(positives.count) / Float(max(1, drawn.count))
        for index in drawn.indices { drawn[index].weight = min(1, weight) }
      }
      prepared[side] += drawn
      prepared.ledgers += ledgers
    }
  }

  /// All examples of the input with negatives, for measuring: nothing is held out.
  ///
  /// - Returns: The examples, where their negatives come from (`nil` for regression), and what became
  ///   of those that were drawn; of shuffles only if some positive has none.
  /// - Throws: `NegativesError`, and what reading the genome throws.
  public func withNegatives(_ plan: PreparationPlan) throws -> (
    examples: [Example], negatives: NegativeMix?, ledgers: [Ledger]
  ) {
    let mix = try negativeMix(plan.negatives)
    switch mix.sole {
    case .given: return (dataset.examples, isClassification ? mix : nil, [])
    case .dinucleotide:
      let positives = dataset.examples.filter(\.isPositive)
      return (
        dataset.examples + shuffledNegatives(of: positives, seed: plan.seed), mix,
        [shuffleLedger(of: positives, source: "dinucleotide shuffles")].compactMap(\.self)
      )
    case .genomic, .random, .repeats, nil:
      var maker = NegativeMaker(mix, of: genome, excluding: occupied, seed: plan.seed)
      let (drawn, ledgers) = try maker.negatives(
        of: dataset.examples.filter(\.isPositive), within: genome?.wholeSequences ?? [],
        ratio: plan.ratio, least: plan.ratio)
      return (dataset.examples + drawn, mix, ledgers)
    }
  }
}

/// Makes negatives of several sources for one side after another, none of which touches another.
private struct NegativeMaker {
  private let mix: NegativeMix
  /// `nil` if no source reads one.
  private let genome: Genome?
  private var windows: GenomicNegatives

  init(
    _ mix: NegativeMix, of genome: Genome?, excluding excluded: [GenomicInterval],
    seed: UInt64
  ) {
    self.mix = mix
    self.genome = genome
    windows = GenomicNegatives(excluding: excluded, seed: seed)
  }

  /// - Parameters:
  ///   - ratio: The negatives that are asked for per positive.
  ///   - least: Those of which a quarter must be found.
  ///   - purpose: What the ledgers add to the name of a source.
  mutating func negatives(
    of positives: [Example], within stretches: [GenomicInterval], ratio: Double, least: Double,
    for purpose: String = ""
  ) throws -> ([Example], [Ledger]) {
    var drawn: [Example] = []
    var ledgers: [Ledger] = []
    for part in mix.parts {
      guard let genome, part.source.readsGenome else {
        drawn += shuffledNegatives(
          of: positives, perPositive: ratio * part.share, withRepeats: part.source == .repeats,
          seed: windows.seed)
        let source = part.source == .repeats ? "shuffles with repeats" : "dinucleotide shuffles"
        ledgers += [shuffleLedger(of: positives, source: source + purpose)].compactMap(\.self)
        continue
      }
      var ledger = Ledger(source: "\(part.source.rawValue) negatives\(purpose)")
      windows.ratio = ratio * part.share
      windows.matchesContent = part.source == .genomic
      let found = try windows.examples(
        matching: positives, within: stretches, of: genome, ledger: &ledger)
      try GenomicNegatives.requireEnough(
        found.count, for: positives.count, ratio: least * part.share, ledger)
      windows.excluded += found.compactMap(\.interval)
      drawn += found
      ledgers.append(ledger)
    }
    return (drawn, ledgers)
  }
}
