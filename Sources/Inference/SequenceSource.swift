internal import Genomics
package import GenomicsIO

/// One sequence of a genome, with unknown bases wherever it isn't.
///
/// Variants stand close together and each is looked at several times, so what is read is kept, with
/// its neighbourhood.
package final class SequenceSource {
  let name: String
  let length: Int
  private let genome: Genome
  /// How many bases before what is asked for are read too.
  private let margin: Int
  private var piece: [UInt8] = []
  private var pieceStart = 0

  private static let readAhead = 1024

  /// - Returns: `nil` if the genome has no sequence of that name.
  package init?(genome: Genome, name: String, margin: Int) {
    guard let length = genome.length(of: name) else { return nil }
    self.genome = genome
    self.name = name
    self.length = length
    self.margin = margin
  }

  /// The codes of `[start, end)`, which may reach past both ends of the sequence.
  func codes(_ start: Int, _ end: Int) throws -> [UInt8] {
    let inside = min(max(start, 0), length)..<max(min(end, length), min(max(start, 0), length))
    let unknown = { [UInt8](repeating: EncodedSequence.unknown, count: max(0, $0)) }
    guard !inside.isEmpty else { return unknown(end - start) }
    if inside.lowerBound < pieceStart || inside.upperBound > pieceStart + piece.count {
      pieceStart = max(0, inside.lowerBound - margin)
      piece = try genome.bases(
        in: GenomicInterval(
          name, start: pieceStart, end: min(length, inside.upperBound + Self.readAhead))
      ).codes
    }
    return unknown(inside.lowerBound - start)
      + piece[inside.lowerBound - pieceStart..<inside.upperBound - pieceStart]
      + unknown(end - inside.upperBound)
  }
}
