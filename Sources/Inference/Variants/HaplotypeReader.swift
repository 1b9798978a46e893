package import Genomics
package import GenomicsIO

/// The window of a haplotype, and that of the reference which it is compared with.
package struct HaplotypeWindows: Equatable {
  /// Where in the genome that of the reference stands.
  package let place: GenomicInterval
  package let reference: [UInt8]
  package let haplotype: [UInt8]
  /// How many changes the haplotype's window holds.
  package let changeCount: Int
}

/// What is read of the haplotypes at a record.
package enum ReadHaplotypes: Equatable {
  /// One per haplotype.
  case windows([HaplotypeWindows])
  case unscored(UnscoredHaplotypes)

  /// None if they aren't scored.
  package var windows: [HaplotypeWindows] {
    switch self {
    case .windows(let windows): windows
    case .unscored: []
    }
  }
}

/// Reads from a genome what stands on the haplotypes of a sample, record by record.
package struct HaplotypeReader {
  private var sources: GenomeSources
  private let windowLength: Int

  package init(genome: Genome, naming: SequenceNaming, windowLength: Int) {
    sources = GenomeSources(genome: genome, naming: naming, windowLength: windowLength)
    self.windowLength = windowLength
  }

  package mutating func read(line: Int, of block: PhasedBlock) throws -> ReadHaplotypes {
    guard let record = block.record(atLine: line) else {
      preconditionFailure("a line without a genotype")
    }
    if let problem = record.problem { return .unscored(problem) }
    guard let source = sources.source(named: record.variant.sequence) else {
      return .unscored(.unscoredAllele)
    }
    let near = block.carried(near: record).filter(record.isPhased)
    var windows: [HaplotypeWindows] = []
    for haplotype in record.alleles.indices {
      guard let change = record.change(placing: haplotype), try change.agrees(with: source) else {
        return .unscored(.unscoredAllele)
      }
      let changes = near.compactMap {
        $0.changes.indices.contains(haplotype) ? $0.changes[haplotype] : nil
      }
      let read = try self.windows(
        of: change, isCarried: record.alleles[haplotype] > 0, among: changes, in: source,
        named: record.variant.sequence)
      if read.isMostlyUnknown { return .unscored(.mostlyUnknown) }
      windows.append(read)
    }
    return .windows(windows)
  }

  /// The windows of a haplotype that are placed by a change.
  private func windows(
    of change: AlleleChange, isCarried: Bool, among changes: [AlleleChange],
    in source: SequenceSource, named sequence: String
  ) throws -> HaplotypeWindows {
    var normalized = change
    try normalized.normalize(in: source)
    let reference = try normalized.haplotypes(flank: windowLength, in: source).reference
    // An allele stands in the middle of its window where it is after it was shifted to the left.
    let shift = change.start - normalized.start
    let allele = isCarried ? change.alternate.count : change.reference.count
    let stretch = try HaplotypeStretch(
      around: change, flank: shift + windowLength / 2 + allele + 1, of: source,
      with: isCarried ? changes : changes.keeping(normalized))
    let first = stretch.place - shift + allele / 2 - windowLength / 2
    let window = first..<first + windowLength
    return HaplotypeWindows(
      place: normalized.referenceWindow(of: windowLength, on: sequence),
      reference: Array(reference.window(of: windowLength)), haplotype: Array(stretch.codes[window]),
      changeCount: stretch.changeCount(in: window))
  }
}

extension [AlleleChange] {
  /// These, in their order, and a change that isn't made as one that keeps its reference allele, which may say more than the
  /// genome's letter; unless another one replaces some of it.
  fileprivate func keeping(_ change: AlleleChange) -> [AlleleChange] {
    guard allSatisfy({ $0.end <= change.start || change.end <= $0.start }) else { return self }
    let kept = AlleleChange(
      start: change.start, reference: change.reference, alternate: change.reference)
    return filter { $0.end <= kept.start } + [kept] + filter { $0.end > kept.start }
  }
}

extension HaplotypeWindows {
  fileprivate var isMostlyUnknown: Bool {
    [reference, haplotype].contains { EncodedSequence(codes: $0).isMostlyUnknown }
  }
}

extension PhasedRecord {
  /// The change that says where the window of a haplotype stands: its own, or if it has the reference allele that
  /// of the other haplotype.
  fileprivate func change(placing haplotype: Int) -> AlleleChange? {
    changes[haplotype] ?? changes.compactMap { $0 }.first
  }
}
