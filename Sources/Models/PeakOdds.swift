internal import Foundation

/// How likely a site lies in a peak, by its output: what a scan of a part of the genome showed that nothing was
/// learned from.
///
/// The log odds are a line in the output (Platt 1999), fitted to the best sites. They hold for a genome in which peaks
/// are as frequent as in that part.
public struct PeakOdds: Codable, Equatable, Sendable {
  /// `log odds = slope · output + intercept`.
  public let slope: Double
  public let intercept: Double
  /// The number of bases that were scanned, and of peaks on them.
  public let bases: Int
  public let peaks: Int
  /// The outputs of the best site in each peak that has one, ascending.
  public let peakOutputs: [Float]

  /// Windows with a larger p-value are as good as never in a peak, and weren't looked for in the peaks.
  public static let largestPValue = 1e-2
  /// With fewer peaks the line is little more than a guess.
  public static let fewestPeaks = 50

  public init(
    slope: Double, intercept: Double, bases: Int, peaks: Int, peakOutputs: [Float]
  ) {
    (self.slope, self.intercept) = (slope, intercept)
    (self.bases, self.peaks, self.peakOutputs) = (bases, peaks, peakOutputs)
  }

  /// The same odds of outputs that are higher by a number.
  func shifted(by shift: Float) -> PeakOdds {
    PeakOdds(
      slope: slope, intercept: intercept - slope * Double(shift), bases: bases, peaks: peaks,
      peakOutputs: peakOutputs.map { $0 + shift })
  }

  /// Whether there were enough peaks to say.
  public var isKnown: Bool { peaks >= Self.fewestPeaks }

  /// The probability that a site of this output lies in a peak.
  public func probability(ofOutput output: Float) -> Double {
    1 / (1 + exp(-(slope * Double(output) + intercept)))
  }

  /// The share of the peaks that have a site of at least this output.
  public func recoveredShare(from output: Float) -> Double {
    Double(peakOutputs.count { $0 >= output }) / Double(max(1, peaks))
  }

  var isSound: Bool {
    slope.isFinite && intercept.isFinite && bases >= 0 && peaks >= peakOutputs.count
      && peakOutputs.allSatisfy(\.isFinite)
  }
}
