internal import Evaluation
public import Genomics
public import Motifs
internal import Parallel
internal import Tensors

/// What couplings gain on sites and sequences that they weren't fitted to, beside a matrix of independent positions of the same
/// sites.
public struct CoupledMotifStudy: Sendable {
  /// Of a way to score sites.
  public struct Figures: Equatable, Sendable {
    /// The mean log likelihood of held-out sites, in bits.
    public let logLikelihood: Double
    /// The mean over held-out sites of the sum of `log2 P(x_i | the others)`.
    public let pseudoLogLikelihood: Double
    /// How well the best window tells held-out sequences from their dinucleotide shuffles; `nil` without sequences.
    public let auroc: Double?
  }

  public let independent: Figures
  public let coupled: Figures
  /// The penalty of couplings that held-out sites chose.
  public let couplingPenalty: Double
  /// The numbers of sites that were fitted to and held out.
  public let fittedCount, heldOutCount: Int
  /// The standard error of the difference of the mean log likelihoods, and of the estimated partition function.
  public let differenceError, partitionError: Double
}

/// Fits coupled motifs, and says what couplings gain.
///
/// A fifth of the sites tests, a fifth chooses the penalty; the motif that is given back is fitted to all sites.
public struct CoupledMotifFitter: Sendable {
  public let penalties: [Double]
  public let seed: UInt64
  public let threads: Int

  public init(
    penalties: [Double] = [0.1, 0.03, 0.01, 0.003, 0.001], seed: UInt64, threads: Int
  ) {
    precondition(!penalties.isEmpty, "no penalty")
    (self.penalties, self.seed, self.threads) = (penalties, seed, threads)
  }

  /// The least number of sites.
  public static let fewestSites = 50

  /// Fits a motif.
  ///
  /// - Parameter sequences: Those of the sites, if there are any: for AUROC.
  /// - Precondition: `fewestSites` sites or more, all of one width, of known bases; a sequence per site, or none.
  public func fit(_ sites: [EncodedSequence], named name: String, sequences: [EncodedSequence] = [])
    -> (motif: CoupledMotif, study: CoupledMotifStudy)
  {
    precondition(sites.count >= Self.fewestSites, "\(sites.count) sites")
    var order = Array(sites.indices)
    var random = RandomStream(seed: seed, .siteScores, -1)
    random.shuffle(&order)
    let fifth = sites.count / 5
    let (test, choice, rest) = (
      order[..<fifth], order[fifth..<2 * fifth], Array(order[(2 * fifth)...])
    )
    let chosen = choice.map { sites[$0] }
    let gains = penalties.map { penalty in
      fitted(rest.map { sites[$0] }, name, penalty).pseudoLogLikelihoodInBits(of: chosen)
    }
    let best = gains.indices.max { gains[$0] < gains[$1] }!
    let penalty = penalties[best]
    let learned = (rest + choice).map { sites[$0] }
    var motif = fitted(learned, name, penalty)
    let partition = motif.estimatedLogPartition(seed: seed, threads: threads)
    motif.logPartition = partition.value
    let study = study(
      motif, error: partition.standardError, penalty: penalty, learned: learned,
      test: test.map { sites[$0] }, sequences: sequences.isEmpty ? [] : test.map { sequences[$0] })
    var whole = fitted(sites, name, penalty)
    whole.logPartition = whole.estimatedLogPartition(seed: seed, threads: threads).value
    return (whole, study)
  }

  private func fitted(_ sites: [EncodedSequence], _ name: String, _ penalty: Double) -> CoupledMotif
  {
    var configuration = CouplingFitConfiguration()
    configuration.couplingPenalty = penalty
    configuration.tolerance = 1e-5
    return CoupledMotif(fitting: sites, name: name, configuration: configuration, threads: threads)
  }

  private func study(
    _ motif: CoupledMotif, error: Double, penalty: Double, learned: [EncodedSequence],
    test: [EncodedSequence], sequences: [EncodedSequence]
  ) -> CoupledMotifStudy {
    let independent = CoupledMotif(
      independent: CountMatrix(sites: learned).probabilities(), name: motif.name,
      siteCount: learned.count)
    let bits = portableLogarithm(2)
    let logLikelihoods = [independent, motif].map { motif in
      test.map { (motif.logWeight($0.codes[...]) - motif.logPartition) / bits }
    }
    let differences = zip(logLikelihoods[1], logLikelihoods[0]).map { $0 - $1 }
    let figures = zip([independent, motif], logLikelihoods).map { motif, values in
      CoupledMotifStudy.Figures(
        logLikelihood: values.reduce(0, +) / Double(test.count),
        pseudoLogLikelihood: motif.pseudoLogLikelihoodInBits(of: test),
        auroc: auroc(of: motif, on: sequences))
    }
    return CoupledMotifStudy(
      independent: figures[0], coupled: figures[1], couplingPenalty: penalty,
      fittedCount: learned.count, heldOutCount: test.count,
      differenceError: MeanEffect(of: differences).standardError ?? .infinity,
      partitionError: error / bits)
  }

  /// How well the best windows of sequences tell them from their shuffles.
  private func auroc(of motif: CoupledMotif, on sequences: [EncodedSequence]) -> Double? {
    guard !sequences.isEmpty else { return nil }
    let table = CoupledScoreTable(motif, below: 1, seed: seed, threads: threads)
    let seed = seed
    let scores = concurrentMap(sequences.count, threads: threads) { index -> [Int?] in
      var shuffler = DinucleotideShuffler()
      var random = RandomStream(seed: seed, .siteScores, -2, index)
      let shuffle = shuffler.shuffled(sequences[index], using: &random)
      return [table.best(in: sequences[index].codes), table.best(in: shuffle.codes)]
    }
    let known = scores.filter { !$0.contains(nil) }
    return Evaluation.auroc(
      scores: known.flatMap { pair in pair.map { Float($0!) } },
      isPositive: known.flatMap { _ in [true, false] })
  }
}
