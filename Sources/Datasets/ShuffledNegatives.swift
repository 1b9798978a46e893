public import Genomics

/// A dinucleotide shuffle of each example, 0 in every task that was measured: the negatives of
/// held-out data, the same for ever.
///
/// An example without a shuffle that differs from it gives none. The random numbers are those of epoch -1,
/// which training never draws.
public func shuffledNegatives(of examples: [Example], seed: UInt64) -> [Example] {
  var shuffler = DinucleotideShuffler()
  return examples.enumerated().compactMap { index, example in
    var random = RandomStream(seed: seed, .shuffledNegatives, -1, index)
    guard let bases = shuffler.differingShuffle(of: example.bases, using: &random) else {
      return nil
    }
    var shuffle = Example(
      name: example.name + "_shuffled", bases: bases,
      labels: example.labels.map { $0.isNaN ? .nan : 0 }, weight: example.weight)
    shuffle.isShuffle = true
    return shuffle
  }
}

/// So many dinucleotide shuffles per example, a fraction of one for evenly spread examples.
///
/// - Parameter withRepeats: Whether a tandem repeat is put into each. The shuffles are the same either way, so that a shuffle
///   and its partner differ by the repeat alone.
func shuffledNegatives(
  of examples: [Example], perPositive: Double, withRepeats: Bool = false, seed: UInt64
) -> [Example] {
  let wanted = Int((perPositive * Double(examples.count)).rounded())
  let rounds = wanted.dividedRoundingUp(by: max(1, examples.count))
  return (0..<rounds).flatMap { round in
    // Each round takes its part of what is left of `wanted`.
    let count = min(examples.count, wanted - round * examples.count)
    let chosen = (0..<count).map { examples[$0 * examples.count / count] }
    let ofRound = seed &+ UInt64(round) << 32
    let shuffles = shuffledNegatives(of: chosen, seed: ofRound)
    return withRepeats ? shuffles.withRepeats(seed: ofRound) : shuffles
  }
}

extension [Example] {
  /// The examples, a tandem repeat in each.
  fileprivate func withRepeats(seed: UInt64) -> [Example] {
    enumerated().map { index, example in
      var random = RandomStream(seed: seed, .tandemRepeats, index)
      var example = example
      example.name += "_repeat"
      example.hasPlantedRepeat = true
      example.bases = example.bases.withRepeat(drawnBy: &random)
      return example
    }
  }
}

/// What became of the shuffles of some positives: one each, or none that differs from it.
///
/// - Returns: `nil` if every positive has one.
func shuffleLedger(of positives: [Example], source: String) -> Ledger? {
  var shuffler = DinucleotideShuffler()
  let missing = positives.count { !shuffler.canShuffle($0.bases) }
  guard missing > 0 else { return nil }
  var ledger = Ledger(source: source)
  ledger.use(positives.count - missing)
  ledger.drop("every shuffle equals its positive", count: missing)
  return ledger
}

/// Negatives that can't be had from an input.
public struct NegativesError: Failure, Equatable {
  public let description: String
  public var kind: FailureKind { .badData }
}
