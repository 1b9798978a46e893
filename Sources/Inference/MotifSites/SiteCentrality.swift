internal import Glibc

/// The central part of the sequences in which best sites are most concentrated (CentriMo; Bailey & Machanick 2012,
/// Nucleic Acids Res. 40:e128).
public struct SiteCentrality: Equatable, Sendable {
  /// The number of positions of the central part, at which a site may begin.
  public let positions: Int
  /// The number of best sites, and of those in the central part.
  public let sites, central: Int
  /// Of the binomial test, corrected for the number of central parts.
  public let pValue: Double

  /// Tries the central parts of all sizes, each with the sites whose distance from the middle is no greater.
  ///
  /// - Parameters:
  ///   - starts: Where the best site of each sequence begins.
  ///   - positions: The number of positions where a site may begin.
  /// - Returns: `nil` without a site, or with two positions or fewer.
  init?(starts: [Int], positions: Int) {
    guard !starts.isEmpty, positions > 2 else { return nil }
    // Twice the distance of a start from the middle, which is a whole number.
    var counts = [Int](repeating: 0, count: positions)
    for start in starts { counts[abs(2 * start - (positions - 1))] += 1 }
    let distances = stride(from: (positions - 1) % 2, to: positions - 1, by: 2)
    var best: (positions: Int, central: Int, pValue: Double) = (0, 0, .infinity)
    var central = 0
    for distance in distances {
      central += counts[distance]
      let share = Double(distance + 1) / Double(positions)
      let pValue = binomialTail(central, of: starts.count, probability: share)
      if pValue < best.pValue { best = (distance + 1, central, pValue) }
    }
    let parts = (positions - 1) / 2
    (self.positions, self.central, sites) = (best.positions, best.central, starts.count)
    pValue = -expm1(Double(parts) * log1p(-min(best.pValue, 1)))
  }
}
