internal import Genomics

/// The outputs for both alleles, logits (or numbers, for regression), one per task.
public struct AlleleOutputs: Equatable, Sendable {
  public let reference: [Float]
  public let alternate: [Float]

  package init(reference: [Float], alternate: [Float]) {
    self.reference = reference
    self.alternate = alternate
  }

  /// The alternate allele's output less the reference allele's.
  public func difference(task: Int) -> Float { alternate[task] - reference[task] }
}

/// What a variant does to each task's output.
public struct AlleleScore: Equatable, Sendable {
  /// Each allele in the middle of its window.
  public let centred: AlleleOutputs
  /// The largest and the mean output of all windows that contain the allele; `nil` if not asked for.
  public let placements: Placements?
  /// For each task the filter that changes its output most; `nil` if none changes it.
  public let filters: [FilterChange?]

  public struct Placements: Equatable, Sendable {
    public let maximum: AlleleOutputs
    public let mean: AlleleOutputs
  }

  package init(centred: AlleleOutputs, placements: Placements?, filters: [FilterChange?]) {
    self.centred = centred
    self.placements = placements
    self.filters = filters
  }
}

/// A filter that matches one allele's window better than the other's.
public struct FilterChange: Equatable, Sendable {
  /// The filter's number, from 0; those of a second network follow those of the first.
  public let filter: Int
  /// Whether the alternate allele activates it more than the reference allele, its features on all
  /// strands together; where those are as large, whether the output rises.
  public let isGained: Bool
  /// How much of the difference of the outputs it makes.
  public let effect: Float
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
  /// More than half of a window's bases are unknown.
  case mostlyUnknown = "mostly_unknown"

  /// Why an alternate allele, as VCF writes it, isn't a sequence; `nil` if it is one.
  init?(alternate: String) {
    switch alternate.utf8.first {
    case nil: self = .missing
    case UInt8(ascii: "."): self = alternate == "." ? .missing : .breakend
    case UInt8(ascii: "*"): self = .overlappingDeletion
    case UInt8(ascii: "<"): self = .symbolic
    default:
      guard
        alternate.utf8.contains(where: { EncodedSequence.code(of: $0) > EncodedSequence.unknown })
      else { return nil }
      self = .breakend
    }
  }
}
