public import Genomics
public import Models
internal import Tensors

/// A mean over backgrounds, and how sure it is.
public struct MeanEffect: Equatable, Sendable {
  public let mean: Double
  /// The standard error of the mean; `nil` of one background.
  public let standardError: Double?

  /// - Precondition: There is an effect.
  package init(of effects: [Double]) {
    let count = Double(effects.count)
    let mean = effects.reduce(0, +) / count
    let squares = effects.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardError = effects.count > 1 ? (squares / (count - 1) / count).squareRoot() : nil
  }
}

/// What a model makes of sites that are planted in backgrounds: sequences that hold none but by chance.
///
/// The effect of a site is the mean difference of an output, a logit for classification, with and without the
/// site: global importance analysis (Koo et al. 2021, PLOS Computational Biology 17:e1008925).
public struct PlantingExperiment: Sendable {
  private let ensemble: Ensemble
  private let backgrounds: [EncodedSequence]
  private let threads: Int
  /// Of the backgrounds as they are, `[background][task]`.
  private let plain: [Float]

  /// - Precondition: There are backgrounds, all of one length that the model reads whole.
  public init(_ model: Model, backgrounds: [EncodedSequence], threads: Int) {
    precondition(
      !backgrounds.isEmpty && backgrounds.allSatisfy { $0.count == backgrounds[0].count },
      "backgrounds of several lengths")
    ensemble = model.ensemble
    self.backgrounds = backgrounds
    self.threads = threads
    plain = ensemble.outputs(backgrounds, threads: threads).scalars
  }

  /// The length of the backgrounds, in bases.
  public var length: Int { backgrounds[0].count }

  /// The effects of each site, planted in the middle or from `start` on, `[site][task]`.
  ///
  /// - Precondition: Each site fits.
  public func effects(of sites: [PlantedSite], at start: Int? = nil) -> [[MeanEffect]] {
    differences(of: sites.map { [(site: $0, start: start ?? (length - $0.width) / 2)] }).map {
      $0.map(MeanEffect.init)
    }
  }

  private static let sequencesAtOnce = 16_384

  /// For each group of sites that are planted together, and each task, the difference of the output in each background.
  func differences(of groups: [[(site: PlantedSite, start: Int)]]) -> [[[Double]]] {
    let perBlock = max(1, Self.sequencesAtOnce / backgrounds.count)
    return stride(from: 0, to: groups.count, by: perBlock).flatMap { first in
      differences(ofBlock: groups[first..<min(first + perBlock, groups.count)])
    }
  }

  private func differences(ofBlock groups: ArraySlice<[(site: PlantedSite, start: Int)]>)
    -> [[[Double]]]
  {
    let sequences = groups.flatMap { sites in
      backgrounds.map { background in
        sites.reduce(background) { $1.site.planted(in: $0, at: $1.start) }
      }
    }
    let outputs = ensemble.outputs(sequences, threads: threads).scalars
    let (tasks, count) = (ensemble.taskCount, plain.count)
    return groups.indices.map { group in
      let first = (group - groups.startIndex) * count
      return (0..<tasks).map { task in
        stride(from: task, to: count, by: tasks).map { index in
          Double(outputs[first + index]) - Double(plain[index])
        }
      }
    }
  }
}
