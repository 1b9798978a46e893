internal import Foundation

/// How far two outputs differ at regions that both conditions bind alike, so that a larger difference can be told.
///
/// The differences are taken for nearly normal. Their centre is the median, their standard deviation 1.4826 times the median
/// distance from it, so that a few regions that do differ hardly count (Rousseeuw & Croux 1993).
public struct DifferenceNull: Codable, Equatable, Sendable {
  /// The median difference.
  public let center: Double
  /// The standard deviation of the differences.
  public let spread: Double
  /// The number of regions that it was learned from.
  public let regions: Int

  /// With fewer regions a spread is little more than a guess.
  public static let fewestRegions = 20
  private static let deviationsPerMedianDistance = 1.4826

  /// - Parameter differences: Those of regions that are bound alike, in the main.
  /// - Returns: `nil` if they are too few, or don't differ.
  public init?(of differences: [Double]) {
    guard differences.count >= Self.fewestRegions else { return nil }
    let center = median(differences)
    let spread =
      Self.deviationsPerMedianDistance * median(differences.map { abs($0 - center) })
    guard spread > 0 else { return nil }
    (self.center, self.spread, regions) = (center, spread, differences.count)
  }

  /// The chance that a region which both conditions bind alike has a difference as far from the centre, in either
  /// direction.
  public func pValue(of difference: Double) -> Double {
    erfc(abs(difference - center) / (spread * 2.0.squareRoot()))
  }
}

/// The least false discovery rate at which each of some p-values is called (Benjamini & Hochberg 1995).
public func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  var rates = pValues
  var least = 1.0
  for (rank, index) in order.enumerated().reversed() {
    least = min(least, pValues[index] * Double(pValues.count) / Double(rank + 1))
    rates[index] = least
  }
  return rates
}

/// The middle value, or the mean of the two in the middle.
private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
