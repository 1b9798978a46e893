import Genomics

/// Sequences that a task found bound in one example and not bound in another.
public struct Contradiction: Equatable, Sendable {
  public let task: String
  /// The number of different sequences; a sequence and its reverse complement are one.
  public let sequences: Int
}

extension Dataset {
  /// Each task of which a sequence, or its reverse complement, stands under both labels.
  public var contradictions: [Contradiction] {
    let strandless = examples.map(\.bases.canonical)
    return tasks.enumerated().compactMap { task, name in
      let measured = examples.indices.filter { !examples[$0].labels[task].isNaN }
      let bound = Set(measured.filter { examples[$0].labels[task] > 0.5 }.map { strandless[$0] })
      let both = Set(measured.filter { examples[$0].labels[task] == 0 }.map { strandless[$0] })
        .intersection(bound)
      return both.isEmpty ? nil : Contradiction(task: name, sequences: both.count)
    }
  }
}

extension EncodedSequence {
  /// The strand whose codes come first, so that a sequence and its reverse complement are one; of RNA and proteins
  /// the sequence itself.
  var canonical: EncodedSequence {
    guard alphabet == .dna else { return withoutSide }
    let reverse = reverseComplement
    return (reverse.codes.lexicographicallyPrecedes(codes) ? reverse : self).withoutSide
  }
}
