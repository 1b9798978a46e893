internal import Genomics
internal import Models

/// How alike made sequences and real ones are.
public struct SampleJudgement: Codable, Equatable, Sendable {
  /// Their name, such as `samples`.
  public let name: String
  public let sequences: Int
  /// How well logistic regression on 6-mers tells them from real sequences: the AUROC on the half of both that it didn't
  /// learn from. 0.5 if it can't.
  public let twoSampleAUROC: Double
  /// The middle 95% of bootstrap resamples.
  public let interval: [Double]
  /// The divergence of Jensen and Shannon between the shares of 6-mers on both strands, in bits.
  public let divergence: Double
  /// The mean share of G and C.
  public let gc: Double
  /// The median over the sequences of the largest share of positions that are those of a training sequence, on either
  /// strand; missing without those.
  public let nearestIdentity: Double?
  /// The largest such share: 1 for a copy.
  public let largestIdentity: Double?

  /// - Parameters:
  ///   - samples: As many as there are real sequences serve best.
  ///   - real: Sequences that the samples' maker hasn't learned from.
  ///   - training: Those that it has.
  public init(
    name: String, samples: [[UInt8]], real: [[UInt8]], training: [[UInt8]], seed: UInt64,
    threads: Int
  ) {
    self.name = name
    sequences = samples.count
    let made = samples.map { EncodedSequence(codes: $0) }
    let natural = real.map { EncodedSequence(codes: $0) }
    func halves(_ all: [EncodedSequence]) -> ([EncodedSequence], [EncodedSequence]) {
      (
        all.indices.filter { $0 % 2 == 0 }.map { all[$0] },
        all.indices.filter { $0 % 2 == 1 }.map { all[$0] }
      )
    }
    let ((madeLearned, madeHeld), (realLearned, realHeld)) = (halves(made), halves(natural))
    let learned = madeLearned + realLearned
    let isReal = madeLearned.map { _ in false } + realLearned.map { _ in true }
    let regression = KmerRegression(
      fitting: learned, isPositive: isReal, weights: learned.map { _ in 1 })
    let scores = regression.logits(of: madeHeld + realHeld)
    let heldIsReal = madeHeld.map { _ in false } + realHeld.map { _ in true }
    let ranked = RankedScores(scores: scores, isPositive: heldIsReal)
    twoSampleAUROC = ranked.areas()?.auroc ?? 0.5
    interval =
      middle95(
        Bootstrap(count: scores.count, seed: seed, threads: threads).map { weights in
          ranked.areas(weights: weights).map { [$0.auroc] }
        }.map { $0[0] }) ?? []
    let profiles = (KmerShares(samples), KmerShares(real))
    divergence = profiles.0.divergence(from: profiles.1)
    gc = made.reduce(0) { $0 + ($1.gcFraction ?? 0) } / Double(max(1, made.count))
    let nearest = nearestIdentities(of: samples, to: training, threads: threads).sorted()
    nearestIdentity = nearest.isEmpty ? nil : nearest[nearest.count / 2]
    largestIdentity = nearest.last
  }
}

/// The shares of 6-mers on both strands.
private struct KmerShares {
  private let shares: [Double]

  init(_ sequences: [[UInt8]]) {
    let counts = MarkovModel(order: 5, counting: sequences, bothStrands: true).counts[5]
    let total = counts.reduce(0.0) { $0 + Double($1) + 0.5 }
    shares = counts.map { (Double($0) + 0.5) / total }
  }

  func divergence(from other: KmerShares) -> Double {
    zip(shares, other.shares).reduce(0) { sum, pair in
      let middle = (pair.0 + pair.1) / 2
      return sum + pair.0 * portableLogarithm(pair.0 / middle) / 2
        + pair.1 * portableLogarithm(pair.1 / middle) / 2
    } / portableLogarithm(2)
  }
}
