public import Genomics
public import GenomicsIO
public import Networks
internal import Tensors

/// What a variant does to each task's output.
public struct AlleleScore: Equatable, Sendable {
  /// Logits (or numbers, for regression), one a task, of the windows around each allele.
  public let reference: [Float]
  public let alternate: [Float]

  package init(reference: [Float], alternate: [Float]) {
    self.reference = reference
    self.alternate = alternate
  }
}

/// An alternate allele that can't be scored, and why.
public enum UnscoredAllele: String, Equatable, Sendable {
  /// The genome has no sequence of that name.
  case noSuchSequence = "no_such_sequence"
  case missing
  case symbolic
  case breakend
  /// `*`: the allele is deleted by another record.
  case overlappingDeletion = "overlapping_deletion"
  /// The reference allele isn't what the genome has there; unknown bases contradict nothing.
  case referenceMismatch = "reference_mismatch"
}

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

/// Scores what variants do: both alleles in windows of exactly the model's length.
///
/// An indel is shifted as far left as the genome lets it (Tan, Abecasis & Kang 2015), so that its
/// different spellings are one; each allele then stands in the middle of its window, between the
/// same flanks. Where a window leaves the sequence, its bases are unknown.
public struct VariantScorer: Sendable {
  private let model: Model
  private let genome: Genome
  private let naming: SequenceNaming

  public init(model: Model, genome: Genome) {
    self.model = model
    self.genome = genome
    naming = SequenceNaming(known: genome.sequences.map(\.name))
  }

  /// What became of each alternate allele of a record.
  public enum Outcome: Equatable, Sendable {
    case scored(AlleleScore)
    case unscored(UnscoredAllele)
  }

  /// A record with what the genome says of it: ready to be scored.
  struct Prepared: Sendable {
    /// For each alternate allele its two windows, or why it has none.
    var alleles: [Result]
    var mismatch: ReferenceMismatch?

    enum Result: Sendable {
      case windows(reference: EncodedSequence, alternate: EncodedSequence)
      case unscored(UnscoredAllele)
    }
  }

  /// Scores the alternate alleles of some records.
  ///
  /// - Returns: For each record an outcome for each alternate allele, and the mismatch of its
  ///   reference allele with the genome, if any.
  /// - Throws: What reading the genome throws.
  public func score(_ variants: [Variant], threads: Int) throws -> [(
    outcomes: [Outcome], mismatch: ReferenceMismatch?
  )] {
    let prepared = try variants.map(prepare)
    var windows: [EncodedSequence] = []
    for case .windows(let reference, let alternate) in prepared.flatMap(\.alleles) {
      windows += [reference, alternate]
    }
    let outputs = model.ensemble.outputs(windows, threads: threads)
    let tasks = model.tasks.count
    var next = 0
    return prepared.map { record in
      let outcomes = record.alleles.map { allele -> Outcome in
        guard case .windows = allele else {
          guard case .unscored(let reason) = allele else { preconditionFailure() }
          return .unscored(reason)
        }
        defer { next += 2 * tasks }
        return .scored(
          AlleleScore(
            reference: Array(outputs.scalars[next..<next + tasks]),
            alternate: Array(outputs.scalars[next + tasks..<next + 2 * tasks])))
      }
      return (outcomes, record.mismatch)
    }
  }

  private func prepare(_ variant: Variant) throws -> Prepared {
    func all(_ reason: UnscoredAllele) -> [Prepared.Result] {
      variant.alternates.map { .unscored(UnscoredAllele(alternate: $0) ?? reason) }
    }
    guard let name = naming.resolve(variant.sequence),
      let source = SequenceSource(genome: genome, name: name)
    else { return Prepared(alleles: all(.noSuchSequence)) }
    let reference = EncodedSequence(variant.reference) ?? EncodedSequence(codes: [])
    let start = variant.position
    let found =
      (0..<source.length).contains(start)
      ? try genome.bases(
        in: GenomicInterval(
          name, start: start, end: start + min(reference.count, source.length - start)))
      : EncodedSequence(codes: [])
    let isComparable = variant.alternates.contains {
      UnscoredAllele(alternate: $0) == nil
    }
    guard !isComparable || reference.count > 0 && found.agrees(with: reference) else {
      return Prepared(
        alleles: all(.referenceMismatch),
        mismatch: ReferenceMismatch(variant: variant, found: found.text))
    }
    return Prepared(
      alleles: try variant.alternates.map { text in
        if let reason = UnscoredAllele(alternate: text) { return .unscored(reason) }
        guard let alternate = EncodedSequence(text) else { return .unscored(.symbolic) }
        var change = AlleleChange(
          start: start, reference: reference.codes, alternate: alternate.codes)
        try change.normalize(in: source)
        let windows = try change.windows(of: model.windowLength, in: source)
        return .windows(reference: windows.reference, alternate: windows.alternate)
      })
  }
}

extension UnscoredAllele {
  /// Why an alternate allele, as VCF writes it, isn't a sequence; `nil` where it is one.
  init?(alternate: String) {
    switch alternate.utf8.first {
    case nil: self = .missing
    case UInt8(ascii: "."): self = alternate == "." ? .missing : .breakend
    case UInt8(ascii: "*"): self = .overlappingDeletion
    case UInt8(ascii: "<"): self = .symbolic
    default:
      guard alternate.utf8.contains(where: { EncodedSequence.code(of: $0) > 4 }) else { return nil }
      self = .breakend
    }
  }
}

extension EncodedSequence {
  /// Whether a reference allele can stand here: of equal length, and no base known in both is
  /// another one there.
  fileprivate func agrees(with allele: EncodedSequence) -> Bool {
    count == allele.count
      && zip(codes, allele.codes).allSatisfy {
        $0 == $1 || $0 == Self.unknown || $1 == Self.unknown
      }
  }
}
