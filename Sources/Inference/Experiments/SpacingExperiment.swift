/// On which strands two sites stand, the first one to the left.
public enum SiteOrientation: String, CaseIterable, Sendable {
  case forwardForward = "++"
  case forwardReverse = "+-"
  case reverseForward = "-+"
  case reverseReverse = "--"

  func oriented(_ first: PlantedSite, _ second: PlantedSite) -> (PlantedSite, PlantedSite) {
    (
      self == .forwardForward || self == .forwardReverse ? first : first.reverseComplement,
      self == .forwardForward || self == .reverseForward ? second : second.reverseComplement
    )
  }
}

/// What two sites at some distance do together.
public struct SpacingEffect: Equatable, Sendable {
  public let orientation: SiteOrientation
  /// The number of bases between the sites.
  public let gap: Int
  /// Of both sites, of one task.
  public let both: MeanEffect
  /// The effect of both less those of each alone in its place: 0 if they add up.
  public let interaction: MeanEffect
}

extension PlantingExperiment {
  /// The largest number of bases between two sites that fit.
  ///
  /// - Returns: Below 0 if they don't fit at all.
  public func largestGap(between first: PlantedSite, and second: PlantedSite) -> Int {
    length - first.width - second.width
  }

  /// The effects of two sites in the middle, the second one behind the first, for each orientation and gap.
  ///
  /// - Returns: `[task]`, each by orientation and gap.
  /// - Precondition: The sites fit with the largest gap.
  public func spacing(of first: PlantedSite, and second: PlantedSite, gaps: ClosedRange<Int>)
    -> [[SpacingEffect]]
  {
    let plan = SiteOrientation.allCases.flatMap { orientation in
      gaps.map { (orientation: orientation, gap: $0) }
    }
    let differences = differences(
      of: plan.flatMap { orientation, gap in
        let (left, right) = orientation.oriented(first, second)
        let start = (length - left.width - gap - right.width) / 2
        let (one, other) = ((left, start), (right, start + left.width + gap))
        return [[one, other], [one], [other]]
      })
    return differences[0].indices.map { task in
      plan.enumerated().map { index, place in
        let both = differences[3 * index][task]
        let alone = zip(differences[3 * index + 1][task], differences[3 * index + 2][task])
        return SpacingEffect(
          orientation: place.orientation, gap: place.gap, both: MeanEffect(of: both),
          interaction: MeanEffect(of: zip(both, alone).map { $0 - $1.0 - $1.1 }))
      }
    }
  }
}
