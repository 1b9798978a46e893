public import Genomics

/// Sequences to plant sites in.
public enum PlantingBackgrounds {
  /// Random bases, each drawn by itself.
  ///
  /// - Parameter gc: The share of G and C, 0 to 1.
  public static func random(_ count: Int, length: Int, gc: Double, seed: UInt64)
    -> [EncodedSequence]
  {
    (0..<count).map { index in
      var random = RandomStream(seed: seed, .experiments, index)
      let codes = (0..<length).map { _ -> UInt8 in
        let isStrong = (random.uniform() as Double) < gc
        let isSecond = random.next(below: 2) == 1
        return isStrong ? (isSecond ? 2 : 1) : (isSecond ? 3 : 0)
      }
      return EncodedSequence(codes: codes)
    }
  }

  /// Dinucleotide shuffles of sequences that are evenly spread over all; several of each if there are too few.
  ///
  /// - Precondition: There is a sequence.
  public static func shuffles(_ count: Int, of sequences: [EncodedSequence], seed: UInt64)
    -> [EncodedSequence]
  {
    precondition(!sequences.isEmpty, "no sequence to shuffle")
    var shuffler = DinucleotideShuffler()
    return (0..<count).map { index in
      let source =
        count < sequences.count ? index * sequences.count / count : index % sequences.count
      var random = RandomStream(seed: seed, .experiments, index)
      return shuffler.shuffled(sequences[source], using: &random)
    }
  }
}
