internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// Explains the windows of sites to one task, for the track of a hub.
struct SiteContributions {
  private let explainer: SequenceExplainer
  private let task: Int
  private let side: [SideTrack]
  private let genome: Genome
  private let naming: SequenceNaming
  private let shared: SharedOptions

  private static let sitesPerBlock = 512

  /// - Parameters:
  ///   - task: The number of the task in the model.
  ///   - side: What the model reads beside the windows, in its order.
  ///   - path: The genome.
  init(
    of model: Model, task: Int, beside side: [SideTrack] = [], on path: String,
    _ shared: SharedOptions
  ) throws {
    explainer = SequenceExplainer(model)
    (self.task, self.side, self.shared) = (task, side, shared)
    genome = try Genome(path: path)
    naming = SequenceNaming(known: genome.sequences.map(\.name))
  }

  /// - Parameters:
  ///   - sites: Under the names that the outputs have.
  ///   - names: What the outputs call sequences.
  ///   - sequences: Their names in the outputs, in the genome's order.
  func track(
    at sites: [BindingSite], names: OutputNames, sequences: [String]
  ) throws -> ContributionTrack {
    var progress = shared.console.progress("explain", unit: "sites", total: sites.count)
    var windows: [(place: GenomicInterval, values: [Float])] = []
    for first in stride(from: 0, to: sites.count, by: Self.sitesPerBlock) {
      let places = sites[first..<min(first + Self.sitesPerBlock, sites.count)].map { site in
        let own = names.original(of: site.interval.sequence)
        return GenomicInterval(
          naming.resolve(own) ?? own, start: site.window.lowerBound, end: site.window.upperBound)
      }
      let explained = explainer.explanations(
        of: try places.map { try side.beside(genome.bases(in: $0), of: $0) }, task: task,
        first: first, threads: shared.threads)
      windows += zip(sites[first...], zip(places, explained)).compactMap { site, explained in
        (try? explained.1.get()).map {
          (explained.0.renamed(site.interval.sequence), $0.contributions)
        }
      }
      progress.update(windows.count)
    }
    progress.finish()
    return ContributionTrack(windows, sequences: sequences)
  }
}
