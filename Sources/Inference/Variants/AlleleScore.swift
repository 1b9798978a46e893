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
  /// For each task what the difference of the centred outputs is made of; `nil` if the model has no filters that
  /// read bases.
  public let parts: [AlleleParts]?
  /// For each task the sites of its motifs that the change makes or breaks; `nil` if they weren't looked for.
  public let sites: [[AlleleSite]]?
  /// Where the centred outputs stand among those of background sequence; `nil` if that isn't known.
  public let standing: [BackgroundStanding]?

  public struct Placements: Equatable, Sendable {
    public let maximum: AlleleOutputs
    public let mean: AlleleOutputs
  }

  package init(
    centred: AlleleOutputs, placements: Placements?, parts: [AlleleParts]?,
    sites: [[AlleleSite]]? = nil, standing: [BackgroundStanding]?
  ) {
    self.centred = centred
    self.placements = placements
    self.parts = parts
    self.sites = sites
    self.standing = standing
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
