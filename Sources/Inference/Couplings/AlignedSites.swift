public import Genomics
public import Motifs
internal import Parallel

/// The sites that a motif finds in sequences, aligned: of each sequence the best one on either strand.
public struct AlignedSites: Sendable {
  /// The sites, as they stand on the motif's strand; `nil` if a sequence has none of known bases with its flanks.
  public let sites: [EncodedSequence?]

  /// - Parameters:
  ///   - flank: The number of bases on either side that belong to a site.
  ///   - leastScore: The log-odds that a site has at least, in bits.
  public init(
    of motif: Motif, in sequences: [EncodedSequence], flank: Int = 0,
    leastScore: Float = -.infinity, threads: Int
  ) {
    let forward = motif.logOdds()
    let reverse = forward.reverseComplement
    let width = motif.width
    sites = concurrentMap(sequences.count, threads: threads) { index in
      let sequence = sequences[index]
      var best: (score: Float, start: Int, strand: Strand)?
      for (strand, matrix) in [(Strand.forward, forward), (.reverse, reverse)] {
        for (start, score) in matrix.scores(of: sequence).enumerated()
        where score > best?.score ?? -.infinity && score >= leastScore {
          best = (score, start, strand)
        }
      }
      guard let best, best.start >= flank, best.start + width + flank <= sequence.count else {
        return nil
      }
      let site = sequence[best.start - flank..<best.start + width + flank]
      guard !site.codes.contains(EncodedSequence.unknown) else { return nil }
      return best.strand == .reverse ? site.reverseComplement : site
    }
  }
}
