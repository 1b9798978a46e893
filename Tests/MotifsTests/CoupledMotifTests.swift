import Foundation
import Genomics
import Motifs
import Tensors
import TestSupport
import Testing

@Suite struct CoupledMotifTests {
  /// What `scripts/goldens/energy.py` made with scipy.
  private struct Golden: Decodable {
    let sites: [String]
    let fieldPenalty, couplingPenalty: Double
    let fields, pairs, logWeights: [Double]
    let logPartition, pseudoLogLikelihood: Double
  }

  private let golden: Golden
  private let sites: [EncodedSequence]
  private let fitted: CoupledMotif

  init() throws {
    golden = try JSONDecoder().decode(
      Golden.self,
      from: Data(
        contentsOf: URL(
          fileURLWithPath: packageRoot + "/Tests/MotifsTests/Goldens/coupled.json")))
    sites = golden.sites.map { EncodedSequence($0)! }
    var configuration = CouplingFitConfiguration()
    (configuration.fieldPenalty, configuration.couplingPenalty) = (
      golden.fieldPenalty, golden.couplingPenalty
    )
    configuration.tolerance = 1e-9
    fitted = CoupledMotif(fitting: sites, name: "g", configuration: configuration, threads: 2)
  }

  private func random(width: Int, strength: Double, seed: UInt64) -> CoupledMotif {
    var random = RandomStream(seed: seed, .experiments)
    return CoupledMotif(
      name: "r",
      fields: (0..<width).map { _ in SIMD4((0..<4).map { _ in random.normal() }) },
      pairs: (0..<8 * width * (width - 1)).map { _ in strength * random.normal() },
      logPartition: 0, siteCount: 100)
  }

  /// All sites of a width, in the order of their codes.
  private func everySite(_ width: Int) -> [[UInt8]] {
    (0..<width).reduce([[]]) { sites, _ in sites.flatMap { site in (0..<4).map { site + [$0] } } }
  }

  /// The loss is convex, so scipy's minimum is ours.
  @Test func fitsAsScipyDoes() {
    let fields = fitted.fields.flatMap { field in (0..<4).map { field[$0] } }
    for (own, expected) in zip(fields + fitted.pairs, golden.fields + golden.pairs) {
      #expect(abs(own - expected) < 2e-5)
    }
    for (site, expected) in zip(sites, golden.logWeights) {
      #expect(abs(fitted.logWeight(site.codes[...]) - expected) < 1e-4)
    }
    #expect(abs(fitted.exactLogPartition() - golden.logPartition) < 1e-4)
    #expect(
      abs(fitted.pseudoLogLikelihoodInBits(of: sites) - golden.pseudoLogLikelihood) < 1e-4)
    // Positions 2 and 4 go together in the script.
    #expect(fitted.strengths()[0].i == 1 && fitted.strengths()[0].j == 3)
    let one = CoupledMotif(fitting: sites, name: "g", threads: 1)
    #expect(one == CoupledMotif(fitting: sites, name: "g", threads: 3))
  }

  /// Annealed importance sampling agrees with the count of all sites, within its error.
  @Test(arguments: [1, 2, 3]) func estimatesThePartitionFunction(seed: UInt64) {
    let motif = random(width: 6, strength: 0.6, seed: seed)
    let exact = motif.exactLogPartition()
    let estimate = motif.annealedLogPartition(chains: 300, steps: 100, seed: seed, threads: 2)
    #expect(estimate.standardError < 0.1)
    #expect(abs(estimate.value - exact) < 4 * estimate.standardError)
    #expect(motif.estimatedLogPartition(seed: 1, threads: 1).standardError == 0)
  }

  /// The moments of Gibbs samples are the exact ones, within four standard errors.
  @Test func samplesHaveTheExactMoments() {
    let motif = random(width: 3, strength: 0.8, seed: 7)
    let (sites, logZ) = (everySite(3), motif.exactLogPartition())
    let shares = sites.map { exp(motif.logWeight($0[...]) - logZ) }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    let count = 4000
    let samples = motif.samples(count, sweeps: 40, seed: 5, threads: 2).map(\.codes)
    for (site, share) in zip(sites, shares) where share > 0.02 {
      let found = Double(samples.count { $0 == site }) / Double(count)
      let error = (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(found - share) < 4 * error)
    }
    #expect(samples == motif.samples(count, sweeps: 40, seed: 5, threads: 1).map(\.codes))
  }

  /// Without couplings it is the matrix: log-odds, likelihood, and p-values up to what is drawn.
  @Test func withoutCouplingsItIsTheMatrix() {
    let counts = CountMatrix(sites: sites)
    let matrix = counts.probabilities()
    let motif = CoupledMotif(independent: matrix, name: "m", siteCount: sites.count)
    let logOdds = matrix.logOdds()
    for site in sites {
      #expect(abs(motif.logOdds(site.codes[...])! - Double(logOdds.score(of: site, at: 0))) < 1e-4)
    }
    #expect(abs(motif.exactLogPartition()) < 1e-9)
    #expect(motif.logOdds(EncodedSequence("ACGTN")!.codes[...]) == nil)
    let table = CoupledScoreTable(motif, below: 0.05, threads: 2)
    let all = everySite(5).map { Int((1000 * motif.logOdds($0[...])!).rounded()) }
    for site in sites {
      let score = Int((1000 * motif.logOdds(site.codes[...])!).rounded())
      // The definition: the share of all sites that score as much. Sites of equal log-odds may be rounded apart.
      let shares = [score + 1, score - 1].map { least in
        Double(all.count { $0 >= least }) / Double(all.count)
      }
      #expect((0.97 * shares[0]...1.03 * shares[1]).contains(table.pValue(of: score)))
    }
  }

  /// P-values of a motif with couplings against the count of all sites.
  @Test func pValuesAreThoseOfAllSites() {
    var motif = random(width: 6, strength: 0.7, seed: 3)
    motif.logPartition = motif.exactLogPartition()
    let table = CoupledScoreTable(motif, below: 0.001, threads: 2)
    let all = everySite(6).map { Int((1000 * motif.logOdds($0[...])!).rounded()) }.sorted()
    for rank in [1, 3, 20, 400, 2000] {
      let score = all[all.count - rank]
      let exact = Double(all.count { $0 >= score }) / Double(all.count)
      #expect(abs(table.pValue(of: score) / exact - 1) < 0.15, "rank \(rank)")
    }
    #expect(table.pValue(of: table.threshold) < 0.001)
    let codes = everySite(6)[1777]
    let forward = Int((1000 * motif.logOdds(codes[...])!).rounded())
    let reverse = Int(
      (1000 * motif.logOdds(EncodedSequence(codes: codes).reverseComplement.codes[...])!).rounded())
    #expect(table.best(in: codes) == max(forward, reverse))
    let other = EncodedSequence(codes: codes).reverseComplement.codes
    let weights = [motif.reverseComplement.logWeight(other[...]), motif.logWeight(codes[...])]
    #expect(abs(weights[0] - weights[1]) < 1e-9)
    let open = CoupledScoreTable(motif, below: 1, threads: 1)
    #expect(open.hit(codes, at: 0, strand: .forward) == forward)
    #expect(open.hit(codes, at: 0, strand: .reverse) == reverse)
  }

  @Test func filesComeBack() throws {
    let folder = TemporaryFolder()
    let path = folder.write(try fitted.fileText, to: "m.json")
    #expect(try CoupledMotif(path: path) == fitted)
    for (text, problem) in [
      ("MEME", CoupledMotifProblem.notJSON),
      (
        try fitted.fileText.replacing("motif/1", with: "motif/9"),
        .otherFormat("seqcnn-coupled-motif/9")
      ),
      (try fitted.fileText.replacing("\"width\":5", with: "\"width\":6"), .shape),
    ] {
      let path = folder.write(text, to: "bad.json")
      let error = #expect(throws: InputError<CoupledMotifProblem>.self) {
        try CoupledMotif(path: path)
      }
      #expect(error?.problem == problem)
    }
  }
}
