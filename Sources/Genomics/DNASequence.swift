/// A named sequence, as a FASTA record gives it.
public struct DNASequence: Equatable, Sendable {
  /// The first word of the record's header.
  public let name: String
  public let bases: EncodedSequence

  public init(name: String, bases: EncodedSequence) {
    self.name = name
    self.bases = bases
  }

  public var length: Int { bases.count }
}
