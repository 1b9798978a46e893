internal import Datasets
internal import Evaluation
internal import Foundation
public import Genomics
public import GenomicsIO
public import Models
internal import Networks

extension Model {
  /// Bases that are scanned at most, and at least: fewer hold too few peaks.
  private static let (mostBases, leastBases) = (10_000_000, 1_000_000)
  /// The line is fitted to so many of the best sites per peak.
  private static let sitesPerPeak = 5

  /// The bases that can be scanned for what p-values may cost (`BackgroundPlan`).
  private var affordableBases: Int {
    let cost = try? ensemble.configuration.multiplyAddsPerWindow(
      length: windowLength, taskCount: tasks.count)
    return BackgroundPlan.budget / (max(1, cost ?? 1) * ensemble.networks.count)
  }

  /// Whether a scan is quick enough to tell how often sites lie in peaks. It isn't with networks that read each window
  /// anew, such as those of several convolutions.
  public var canMeasurePeakOdds: Bool { affordableBases >= Self.leastBases }

  /// The model with the odds that a site of some output lies in a peak, from a scan of parts of a genome.
  ///
  /// - Parameters:
  ///   - parts: Parts that nothing was learned from, in the genome's order. Of large ones the first bases of each are
  ///     scanned, ten million in all, or as many as are quickly scanned.
  ///   - peaks: Those of each task.
  /// - Returns: The model as it is if there are no parts, no p-values, or scans take too long.
  /// - Throws: What reading the genome throws.
  public func withPeakOdds(
    from parts: [GenomicInterval], peaks: [[GenomicInterval]], genome: Genome, threads: Int
  ) throws -> Model {
    let total = parts.reduce(0) { $0 + $1.length }
    guard total > 0, objective.givesProbabilities, !background.isEmpty, canMeasurePeakOdds
    else { return self }
    let share = min(1, Double(min(Self.mostBases, affordableBases)) / Double(total))
    let parts = parts.map { part in
      GenomicInterval(
        part.sequence, start: part.start, end: part.start + Int(share * Double(part.length)))
    }.filter { $0.length >= windowLength }
    let sites = try sites(
      in: parts, of: genome, tasks: Array(tasks.indices), pValue: PeakOdds.largestPValue,
      threads: threads)
    let scanned = IntervalSet(parts)
    var model = self
    model.peakOdds = tasks.indices.map { task in
      odds(
        of: sites.filter { $0.task == task },
        peaks: peaks[task].filter { scanned.overlaps($0) },
        bases: parts.reduce(0) { $0 + $1.length })
    }
    return model
  }

  /// - Parameter sites: Those of one task.
  private func odds(of sites: [BindingSite], peaks: [GenomicInterval], bases: Int) -> PeakOdds {
    let inPeaks = IntervalSet(peaks)
    let best = sites.enumerated().sorted {
      (-$0.element.output, $0.offset) < (-$1.element.output, $1.offset)
    }
    .prefix(Self.sitesPerPeak * max(peaks.count, PeakOdds.fewestPeaks)).map(\.element)
    let isInPeak = best.map { inPeaks.overlaps($0.interval) }
    let (inside, outside) = (isInPeak.count { $0 }, isInPeak.count { !$0 })
    let scaling = PlattScaling(
      scores: best.map(\.output), isPositive: isInPeak,
      weights: [Float](repeating: 1, count: best.count))
    // All in a peak, or none: no line can be fitted, and the share holds whatever the output.
    let hasLine = inside > 0 && outside > 0
    let intercept =
      hasLine ? scaling.intercept : log((Double(inside) + 0.5) / (Double(outside) + 0.5))
    let outputs = peaks.compactMap { peak in
      sites.lazy.filter { $0.interval.overlaps(peak) }.map(\.output).max()
    }
    return PeakOdds(
      slope: hasLine ? scaling.slope : 0, intercept: intercept, bases: bases,
      peaks: peaks.count, peakOutputs: outputs.sorted())
  }
}
