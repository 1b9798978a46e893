public import Genomics
public import Motifs

extension Explanation {
  /// The bases with what they contribute, to find motifs in.
  public var contributed: ContributedSequence {
    ContributedSequence(bases: bases, contributions: contributions)
  }
}

extension SequenceExplainer {
  /// The shuffles whose contributions are those of chance.
  public static let nullSize = 1000

  /// The contributions of dinucleotide shuffles of windows, evenly chosen: those of chance.
  ///
  /// - Parameter windows: As long as those that the model reads whole.
  public func nullContributions(of windows: [EncodedSequence], task: Int, threads: Int)
    -> [ContributedSequence]
  {
    let count = min(windows.count, Self.nullSize)
    var shuffler = DinucleotideShuffler()
    let shuffles = (0..<count).map { index in
      var random = RandomStream(seed: seed, .references, -2, index)
      return shuffler.shuffled(windows[index * windows.count / count], using: &random)
    }
    return explanations(of: shuffles, task: task, first: windows.count, threads: threads)
      .compactMap { try? $0.get().contributed }
  }
}
