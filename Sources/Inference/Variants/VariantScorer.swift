public import Datasets
public import Genomics
public import GenomicsIO
public import Models
internal import Networks
internal import Tensors

/// A reference allele that the genome contradicts.
public struct ReferenceMismatch: InputProblem {
  public let variant: Variant
  /// What the genome has there; shorter than the allele, or empty, where the sequence ends.
  public let found: String

  /// What contradicts what.
  public var explanation: String {
    "REF is \(variant.reference.quoted) at \(variant.sequence.escapedForTerminal):"
      + "\(variant.position + 1), the genome has \(found.isEmpty ? "no base there" : found.quoted)"
  }

  public var description: String {
    "\(explanation); give the genome that the variants were called on, "
      + "or --on-ref-mismatch skip"
  }
}

/// What became of a record.
public struct ScoredVariant: Equatable, Sendable {
  /// One for each alternate allele; for a record without any, that there is none.
  public let outcomes: [Outcome]
  /// The mismatch of its reference allele with the genome, if any.
  public let mismatch: ReferenceMismatch?

  public enum Outcome: Equatable, Sendable {
    case scored(AlleleScore)
    case unscored(UnscoredAllele)
  }
}

/// Scores what variants do: both alleles in windows of exactly the model's length.
///
/// An indel is shifted as far left as the genome lets it (Tan, Abecasis & Kang 2015), so that its
/// different spellings are one; each allele then stands in the middle of its window, between the
/// same flanks. Where a window leaves the sequence, its bases are unknown.
public struct VariantScorer: Sendable {
  private let model: Model
  private let genome: Genome
  private let naming: SequenceNaming
  private let withPlacements: Bool
  private let background: BackgroundVariants?
  private let sites: AlleleSiteFinder?
  private let tracks: [SideTrack]

  /// - Parameters:
  ///   - tracks: What the model reads beside sequences, in its order. Both alleles have the means over the window of the
  ///     reference allele.
  ///   - withPlacements: Whether all windows that contain an allele are scored too.
  ///   - background: What alleles are compared with; that of the same model.
  ///   - sites: What tells at which sites of the model's motifs a difference arises; that of the same model.
  public init(
    model: Model, genome: Genome, beside tracks: [SideTrack] = [], withPlacements: Bool = false,
    background: BackgroundVariants? = nil, sites: AlleleSiteFinder? = nil
  ) {
    self.model = model
    self.genome = genome
    self.withPlacements = withPlacements
    self.background = background
    self.sites = sites
    self.tracks = tracks
    naming = SequenceNaming(known: genome.sequences.map(\.name))
  }

  /// Scores the alternate alleles of some records; the scores of one don't depend on the others.
  ///
  /// - Throws: What reading the genome throws.
  public func score(_ variants: [Variant]) throws -> [ScoredVariant] {
    var reader = reader
    var pairs: [AllelePair] = []
    let read = try variants.map { try reader.read($0, into: &pairs) }
    let scores = try scores(of: pairs)
    var next = 0
    return read.map { record in
      let outcomes = record.unscored.map { reason -> ScoredVariant.Outcome in
        if let reason { return .unscored(reason) }
        defer { next += 1 }
        return .scored(scores[next])
      }
      return ScoredVariant(outcomes: outcomes, mismatch: record.mismatch)
    }
  }

  /// The records whose reference allele the genome contradicts, and how; nothing is scored.
  ///
  /// - Throws: What reading the genome throws.
  public func mismatches(of variants: [Variant]) throws -> [(
    index: Int, mismatch: ReferenceMismatch
  )] {
    var reader = reader
    return try variants.enumerated().compactMap { index, variant in
      try reader.mismatch(of: variant).map { (index, $0) }
    }
  }

  /// The windows that both alleles of an alternate allele are scored in, with the first base's position on the genome.
  ///
  /// - Returns: `nil` if the allele can't be scored.
  /// - Throws: What reading the genome throws.
  public func windows(of variant: Variant, alternate index: Int) throws -> (
    reference: EncodedSequence, alternate: EncodedSequence
  )? {
    var (reader, pairs) = (reader, [AllelePair]())
    let alone = Variant(
      sequence: variant.sequence, position: variant.position, reference: variant.reference,
      alternates: [variant.alternates[index]])
    _ = try reader.read(alone, into: &pairs)
    return try pairs.first.map { pair in
      func window(_ allele: Haplotype) throws -> EncodedSequence {
        try tracks.beside(
          EncodedSequence(codes: Array(allele.window(of: model.windowLength))), of: pair.window)
      }
      return (try window(pair.reference), try window(pair.alternate))
    }
  }

  private var reader: AlleleReader {
    AlleleReader(genome: genome, naming: naming, windowLength: model.windowLength)
  }

  private func scores(of pairs: [AllelePair]) throws -> [AlleleScore] {
    guard !pairs.isEmpty else { return [] }
    let ensemble = model.ensemble
    var windows = SequenceBatch()
    let side = try pairs.map { try tracks.means(of: $0.window) }
    for (pair, numbers) in zip(pairs, side) {
      windows.append(pair.reference.window(of: model.windowLength), beside: numbers)
      windows.append(pair.alternate.window(of: model.windowLength), beside: numbers)
    }
    let features = PairedFeatures(of: ensemble, windows: windows)
    let kmers = kmerOutputs(of: windows)
    let outputs = PairedOutputs(
      ensemble.combined(features.outputs + (kmers.map { [$0] } ?? [])), tasks: model.tasks.count)
    let ofKmers = kmers.map { PairedOutputs($0, tasks: model.tasks.count) }
    return pairs.indices.map { index in
      let centred = outputs[index]
      let ownParts = features.filters.map { parts(filters: $0[index], kmers: ofKmers?[index]) }
      return AlleleScore(
        centred: centred,
        placements: withPlacements ? placements(of: pairs[index], beside: side[index]) : nil,
        parts: ownParts, sites: sites?.sites(of: pairs[index], parts: ownParts),
        standing: background.map {
          $0.background(of: ChangeKind(pairs[index])).standing(of: centred)
        })
    }
  }

  /// The scores of the k-mer table, `[window][task]`; `nil` without one.
  private func kmerOutputs(of windows: SequenceBatch) -> [Float]? {
    model.ensemble.kmers.map { table in
      (0..<windows.count).flatMap {
        table.windowScores(
          Array(windows.codes[windows.range(of: $0)]), length: model.windowLength)
      }
    }
  }

  private func parts(filters: [[FilterChange]], kmers: AlleleOutputs?) -> [AlleleParts] {
    let weights = model.ensemble.weights.scalars.suffix(model.tasks.count)
    return zip(filters, weights).enumerated().map { task, part in
      AlleleParts(filters: part.0, kmers: kmers.map { part.1 * $0.difference(task: task) })
    }
  }

  private func placements(of pair: AllelePair, beside side: [Float]) -> AlleleScore.Placements {
    let reference = PlacementOutputs(of: pair.reference, beside: side, model: model)
    let alternate = PlacementOutputs(of: pair.alternate, beside: side, model: model)
    return AlleleScore.Placements(
      maximum: AlleleOutputs(reference: reference.maximum, alternate: alternate.maximum),
      mean: AlleleOutputs(reference: reference.mean, alternate: alternate.mean))
  }
}

/// The outputs of pairs of windows.
private struct PairedOutputs {
  private let scalars: [Float]
  private let tasks: Int

  /// - Parameter scalars: `[pair][allele][task]`
  init(_ scalars: [Float], tasks: Int) {
    (self.scalars, self.tasks) = (scalars, tasks)
  }

  subscript(pair: Int) -> AlleleOutputs {
    let first = 2 * pair * tasks
    return AlleleOutputs(
      reference: Array(scalars[first..<first + tasks]),
      alternate: Array(scalars[first + tasks..<first + 2 * tasks]))
  }
}

extension ChangeKind {
  fileprivate init(_ pair: AllelePair) {
    self.init(reference: pair.reference.allele.count, alternate: pair.alternate.allele.count)
  }
}

/// The outputs of all windows that contain an allele, but for those of which more than half is
/// unknown, one per task. All have the same numbers beside them.
private struct PlacementOutputs {
  let maximum: [Float]
  let mean: [Float]

  private static let windowsPerBlock = 1024

  init(of haplotype: Haplotype, beside side: [Float], model: Model) {
    let (length, tasks) = (model.windowLength, model.tasks.count)
    let stretch = haplotype.placements(of: length)
    var maximum = [Float](repeating: -.infinity, count: tasks)
    var sum = [Double](repeating: 0, count: tasks)
    var count = 0
    let last = stretch.endIndex - length
    for first in stride(from: stretch.startIndex, through: last, by: Self.windowsPerBlock) {
      let end = min(first + Self.windowsPerBlock - 1, last) + length
      let numbers = (first...end - length).flatMap { _ in side }
      let outputs = model.ensemble.windowScores(
        Array(stretch[first..<end]), length: length, beside: numbers, strandsFrom: .infinity
      ).outputs
      for window in stride(from: 0, to: outputs.count, by: tasks) where !outputs[window].isNaN {
        count += 1
        for task in 0..<tasks {
          maximum[task] = max(maximum[task], outputs[window + task])
          sum[task] += Double(outputs[window + task])
        }
      }
    }
    self.maximum = maximum
    mean = sum.map { Float($0 / Double(count)) }
  }
}
