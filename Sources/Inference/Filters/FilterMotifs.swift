internal import Datasets
public import Genomics
public import Models
public import Motifs
internal import Networks
internal import Parallel
internal import Tensors

/// A filter as a motif.
public struct FilterMotif: Equatable, Sendable {
  /// The filter's number, from 0; those of a second network follow those of the first.
  public let filter: Int
  /// The motif; its name is `filter` with the number from 1, its alternate name the consensus.
  public let motif: Motif
  /// How much the positives' outputs for each task fall, on average, when the filter is silenced. Of networks that take
  /// long, to first order: the filter's features times the outputs' gradients.
  public let influences: [Double]

  /// The mean over the tasks.
  public var influence: Double { influences.reduce(0, +) / Double(influences.count) }

  package init(filter: Int, motif: Motif, influences: [Double]) {
    (self.filter, self.motif, self.influences) = (filter, motif, influences)
  }
}

/// The filters of a network as motifs.
public struct FilterMotifs: Equatable, Sendable {
  /// From the most influential down.
  public private(set) var motifs: [FilterMotif]
  /// The filters, numbered from 0, that no positive activates.
  public private(set) var dead: [Int]
  /// The filters with fewer sites than one to a hundred positives: what they match is chance.
  public private(set) var rare: [Int]
  /// The filters whose sites have nothing in common: no column reaches the least information, or of best windows all
  /// together don't reach that of one certain base.
  public private(set) var uninformative: [Int]
  /// How often each base stands in the positives.
  public let background: Background

  /// The information, in bits, that the outermost columns of a motif have at least.
  public static let leastInformation = 0.25
}

/// A network without a convolution, or without windows that a layer reads.
public struct NoMotifsError: Failure, Equatable {
  /// The number of the layer; `nil` if there is no convolution.
  public let layer: Int?

  package init(layer: Int?) { self.layer = layer }

  public var kind: FailureKind { .badData }
  public var description: String {
    let fault =
      layer.map {
        "of layers.\($0) no windows can be told: there is none in the network's own list, or it reads the whole sequence, "
          + "or comes behind a transposed convolution or an upsampling, or the network has windows of its own; `seqcnn "
          + "inspect` lists the layers and how many bases each reads"
      } ?? "the network has no convolution, so no filters"
    return fault + "; `seqcnn motifs discover` finds the motifs of any network"
  }
}

extension FilterMotifs {
  /// - Parameter motifs: From the most influential down.
  package init(motifs: [FilterMotif], background: Background) {
    self.init(motifs: motifs, dead: [], rare: [], uninformative: [], background: background)
  }

  /// Aligns what activates each filter.
  ///
  /// A site is a position of a positive where a filter's activation is above half its maximum over
  /// all positives (Kelley, Snoek & Rinn 2016), read on the strand that fired, the stronger one
  /// where both did. Sites of a network that pads reach past the ends of positives. Ends with less
  /// than `leastInformation` are trimmed.
  ///
  /// That is how filters are read that a rectifier and a pooling follow at once. Of other layers a site is the best window
  /// of a positive, if it is above half of the maximum; those of layers behind a pooling or a stride are aligned, and
  /// influences are to first order.
  /// - Parameter layer: The number of the layer whose channels are the filters; `nil` for the first convolution.
  /// - Precondition: No positive is longer than the network's configuration's `length`, if it has one.
  /// - Throws: `NoMotifsError`.
  public init(
    of ensemble: Ensemble, layer: Int? = nil, positives: [EncodedSequence], threads: Int
  ) throws {
    let positives = positives.map { $0.padded(to: ensemble.minimumLength) }
    self.init(motifs: [], background: Background(counting: positives))
    var first = 0
    for (number, network) in ensemble.networks.enumerated() {
      let weights = (0..<ensemble.taskCount).map {
        ensemble.weights.scalars[number * ensemble.taskCount + $0]
      }
      let sites = try FilterSites(
        of: network, layer: layer, positives: positives, threads: threads)
      add(sites, numberedFrom: first, weights: weights, positiveCount: positives.count)
      first += sites.matrices.count
    }
    motifs.sort { ($1.influence, $0.filter) < ($0.influence, $1.filter) }
  }

  private mutating func add(
    _ filters: FilterSites, numberedFrom first: Int, weights: [Float], positiveCount: Int
  ) {
    for (filter, counts) in filters.matrices.enumerated() {
      let (number, siteCount) = (first + filter, counts.siteCount)
      guard siteCount > 0 else {
        dead.append(number)
        continue
      }
      guard 100 * siteCount >= positiveCount else {
        rare.append(number)
        continue
      }
      guard let trimmed = counts.probabilities().trimmed(toInformation: Self.leastInformation),
        trimmed.informationInBits().reduce(0, +) >= filters.leastInformation
      else {
        uninformative.append(number)
        continue
      }
      let motif = Motif(
        name: "filter\(number + 1)", alternateName: trimmed.consensus, probabilities: trimmed,
        siteCount: siteCount)
      let influences = zip(weights, filters.drops[filter]).map {
        Double($0) * $1 / Double(max(1, positiveCount))
      }
      motifs.append(FilterMotif(filter: number, motif: motif, influences: influences))
    }
  }
}

extension FilterSites {
  /// - Throws: `NoMotifsError`.
  fileprivate init(
    of network: Network, layer: Int?, positives: [EncodedSequence], threads: Int
  ) throws {
    let first = network.configuration.firstConvolutionIndex
    if let motifs = network.motifs, layer ?? 0 == 0 {
      self.init(of: network, motifs: motifs, positives: positives, threads: threads)
    } else if let layer = layer ?? first,
      let windows = LayerWindows(of: network, layer: layer)
    {
      self.init(of: network, windows: windows, positives: positives, threads: threads)
    } else {
      throw NoMotifsError(layer: layer ?? first)
    }
  }
}
