public import Genomics
internal import Parallel

/// The scores of a coupled motif, in whole thousandths of a bit of log-odds, and the p-values of the high ones.
///
/// A p-value is the probability that a window of background, whose bases are independent, scores as much or more. There is no exact
/// sum over sites with couplings, so it is estimated by importance sampling: sites are drawn from background, from the motif's own base
/// frequencies and from their geometric mean, and weighted by their probability in background over that in the mixture. The weights are
/// at most 3, so that the relative error of a p-value of 1e-4 is about as small as that of 0.5.
public struct CoupledScoreTable: Sendable {
  public let width: Int
  /// The least score whose p-value is below the limit; `Int.max` if there is none.
  public let threshold: Int
  private let forward: PairScores
  private let reverse: PairScores
  /// Those of the drawn sites, descending.
  private let scores: [Int]
  /// The p-value of each of `scores`.
  private let pValues: [Double]

  private static let sitesPerProposal = 100_000
  private static let sitesPerShard = 10_000

  /// - Parameter limit: Scores with a p-value below it are hits.
  public init(_ motif: CoupledMotif, below limit: Double, seed: UInt64 = 1, threads: Int) {
    width = motif.width
    let forward = PairScores(motif)
    (self.forward, reverse) = (forward, PairScores(motif.reverseComplement))
    let proposals = SiteProposals(motif, seed: seed, threads: threads)
    let shards = concurrentMap(
      proposals.count * Self.sitesPerProposal / Self.sitesPerShard, threads: threads
    ) { shard -> [(score: Int, weight: Double)] in
      var random = RandomStream(seed: seed, .siteScores, shard)
      return (0..<Self.sitesPerShard).map { _ in
        let site = proposals.draw(shard % proposals.count, using: &random)
        return (forward.score(site, at: 0), proposals.weight(of: site))
      }
    }
    let drawn = shards.flatMap { $0 }.sorted { ($1.score, $0.weight) < ($0.score, $1.weight) }
    var sum = 0.0
    var (scores, pValues) = ([Int](), [Double]())
    for (score, weight) in drawn {
      sum += weight / Double(drawn.count)
      if scores.last == score {
        pValues[pValues.count - 1] = min(1, sum)
      } else {
        scores.append(score)
        pValues.append(min(1, sum))
      }
    }
    (self.scores, self.pValues) = (scores, pValues)
    threshold = pValues.lastIndex { $0 < limit }.map { scores[$0] } ?? .max
  }

  /// The estimate for a score; above all that were drawn, that of the highest.
  public func pValue(of score: Int) -> Double {
    let below = scores.partitioningIndex { $0 < score }
    return below == 0 ? pValues[0] : pValues[below - 1]
  }

  /// A score as log-odds.
  public func bits(of score: Int) -> Double { Double(score) / 1000 }

  /// The score of a window on a strand; `nil` if it is below the threshold or a base is unknown.
  ///
  /// - Precondition: The window lies within the sequence.
  public func hit(_ codes: [UInt8], at start: Int, strand: Strand) -> Int? {
    let scores = strand == .reverse ? reverse : forward
    return scores.score(codes, at: start, atLeast: threshold)
  }

  /// The highest score of a window on either strand; `nil` if none has known bases alone.
  public func best(in codes: [UInt8]) -> Int? {
    guard codes.count >= width else { return nil }
    var best: Int?
    for start in 0...codes.count - width {
      for scores in [forward, reverse] {
        best = scores.score(codes, at: start, atLeast: best.map { $0 + 1 } ?? .min) ?? best
      }
    }
    return best
  }
}

/// What bases and pairs of bases score, in thousandths of a bit against the background.
private struct PairScores: Sendable {
  let width: Int
  private let constant: Double
  private let fields: [Double]
  /// Of the pairs `j < i`: `((i · width + j) · 4 + b) · 4 + a`.
  private let couplings: [Double]
  /// The most that the positions from each one on can add.
  private let rest: [Double]

  init(_ motif: CoupledMotif) {
    let (width, unit) = (motif.width, 1000 / portableLogarithm(2))
    self.width = width
    constant = -motif.logPartition * unit
    let frequencies = motif.background.frequencies
    let fields = motif.fields.flatMap { field in
      (0..<4).map { (field[$0] - portableLogarithm(frequencies[$0])) * unit }
    }
    let couplings = motif.couplings.flatMap { column in (0..<4).map { column[$0] * unit } }
    var rest = [0.0]
    for i in (0..<width).reversed() {
      let most = (0..<4).map { a in
        (0..<i).reduce(fields[4 * i + a]) { sum, j in
          sum + (0..<4).map { b in couplings[((i * width + j) * 4 + b) * 4 + a] }.max()!
        }
      }.max()!
      rest.append(rest.last! + most)
    }
    (self.fields, self.couplings, self.rest) = (fields, couplings, rest.reversed())
  }

  /// The score of a window of known bases.
  func score(_ codes: [UInt8], at start: Int) -> Int {
    score(codes, at: start, atLeast: .min) ?? .min
  }

  /// The score; `nil` if it is below a limit or a base is unknown.
  func score(_ codes: [UInt8], at start: Int, atLeast limit: Int) -> Int? {
    let least = Double(limit) - 1
    var sum = constant
    for i in 0..<width {
      let a = codes[start + i]
      guard a != EncodedSequence.unknown else { return nil }
      sum += fields[4 * i + Int(a)]
      let row = 16 * i * width + Int(a)
      for j in 0..<i { sum += couplings[row + 16 * j + 4 * Int(codes[start + j])] }
      if sum + rest[i + 1] < least { return nil }
    }
    let score = Int(sum.rounded())
    return score >= limit ? score : nil
  }
}

/// Distributions of independent bases between the background and a motif.
private struct SiteProposals: Sendable {
  /// `[proposal][position]`
  private let shares: [[SIMD4<Double>]]
  private let background: SIMD4<Double>

  var count: Int { shares.count }

  init(_ motif: CoupledMotif, seed: UInt64, threads: Int) {
    let sites = motif.samples(1000, sweeps: 60, seed: seed, threads: threads)
    let own = CountMatrix(sites: sites).probabilities(pseudocount: 1).columns
    let background = motif.background.frequencies
    self.background = background
    shares = [0, 0.5, 1].map { part in
      own.map { column in
        softmax(
          SIMD4(
            (0..<4).map {
              part * portableLogarithm(column[$0])
                + (1 - part) * portableLogarithm(background[$0])
            })
        ).shares
      }
    }
  }

  func draw(_ proposal: Int, using random: inout RandomStream) -> [UInt8] {
    shares[proposal].map { random.index(of: $0) }
  }

  /// The probability of a site in background over that in the mixture.
  func weight(of site: [UInt8]) -> Double {
    let ratios = shares.map { columns in
      zip(columns, site).reduce(1.0) { $0 * $1.0[Int($1.1)] / background[Int($1.1)] }
    }
    return Double(count) / ratios.reduce(0, +)
  }
}

extension CoupledMotif {
  /// The motif of the other strand's sites.
  public var reverseComplement: CoupledMotif {
    let width = width
    let numbers = (0..<width).flatMap { i in
      (i + 1..<max(i + 1, width)).flatMap { j in
        (0..<4).flatMap { a in
          (0..<4).map { b in
            self.couplings[((width - 1 - i) * width + width - 1 - j) * 4 + 3 - b][3 - a]
          }
        }
      }
    }
    return CoupledMotif(
      name: name, fields: fields.reverseComplement(), pairs: numbers, logPartition: logPartition,
      siteCount: siteCount,
      background: Background(SIMD4([3, 2, 1, 0].map { background.frequencies[$0] }))!)
  }
}
