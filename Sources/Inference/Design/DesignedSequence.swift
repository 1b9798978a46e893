public import Genomics

/// A base that a design has in the place of another.
public struct DesignEdit: Equatable, Sendable {
  public let position: Int
  /// The codes of the start's base and of the design's.
  public let from, to: UInt8
  /// What the value of the sequence loses without this edit.
  public let worth: Double
}

/// A sequence that was made of another one.
public struct DesignedSequence: Equatable, Sendable {
  public let start: EncodedSequence
  public let bases: EncodedSequence
  /// By position.
  public let edits: [DesignEdit]
  /// The outputs of the start and of the design, one per aim.
  public let startOutputs, outputs: [Float]
  /// Whether each aim has enough.
  public let isReached: Bool
}

/// How much sequences of a set differ: the shares of places in which pairs of one length have other bases.
public struct SetDiversity: Equatable, Sendable {
  /// Of all pairs of one length; `nil` if there is none.
  public let mean: Double?
  /// For each sequence that to the nearest other one of its length; `nil` if there is none.
  public let nearest: [Double?]

  public init(of sequences: [EncodedSequence]) {
    var (sum, pairs) = (0.0, 0)
    var nearest = [Double?](repeating: nil, count: sequences.count)
    for (index, one) in sequences.enumerated() {
      for other in sequences.indices.dropFirst(index + 1)
      where sequences[other].count == one.count && one.count > 0 {
        let differing = zip(one.codes, sequences[other].codes).count { $0 != $1 }
        let share = Double(differing) / Double(one.count)
        (sum, pairs) = (sum + share, pairs + 1)
        nearest[index] = min(nearest[index] ?? share, share)
        nearest[other] = min(nearest[other] ?? share, share)
      }
    }
    mean = pairs > 0 ? sum / Double(pairs) : nil
    self.nearest = nearest
  }
}
