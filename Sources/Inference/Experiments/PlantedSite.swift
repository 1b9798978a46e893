public import Genomics
public import Motifs

/// The bases that a motif's site has where it is planted.
public struct PlantedSite: Equatable, Sendable {
  /// The codes of the bases from the site's start on; `nil` for the base that stands there already.
  public let codes: [UInt8?]

  public init(codes: [UInt8?]) { self.codes = codes }

  /// The most probable base of each position, the first of several. A position with less than `leastInformation` bits
  /// keeps the base that stands there.
  public init(consensusOf motif: Motif, leastInformation: Double = 0.2) {
    let information = motif.probabilities.informationInBits()
    codes = zip(motif.probabilities.columns, information).map { column, bits in
      guard bits >= leastInformation else { return nil }
      return (0..<4).max { column[$0] < column[$1] }.map(UInt8.init)
    }
  }

  public var width: Int { codes.count }

  /// The site on the other strand.
  public var reverseComplement: PlantedSite {
    PlantedSite(codes: codes.reversed().map { $0.map { 3 - $0 } })
  }

  /// A sequence with the site from a position on.
  ///
  /// - Precondition: The site fits.
  public func planted(in sequence: EncodedSequence, at start: Int) -> EncodedSequence {
    precondition(start >= 0 && start + width <= sequence.count, "a site off the end")
    var planted = sequence.codes
    for (offset, code) in codes.enumerated() {
      if let code { planted[start + offset] = code }
    }
    return sequence.with(codes: planted)
  }
}
