internal import Motifs

extension [ContributionHit] {
  /// The least cosine of a hit that is named, that of a motif's sites, and the least strength as a share of that of
  /// the strongest.
  private static var leastSimilarity: Float { DiscoveryConfiguration().leastSimilarity }
  private static var leastShare: Float { 0.1 }

  /// The hits that are worth a name: those that are as like their motif as its sites are, without faint ones. Of those of one
  /// motif that share half of their bases, as both strands of a palindrome do, the strongest one counts.
  func worthNaming(of motifs: [ContributionMotif]) -> [ContributionHit] {
    let least = Self.leastShare * (map { abs($0.strength) }.max() ?? 0)
    let candidates = filter { $0.similarity >= Self.leastSimilarity && abs($0.strength) >= least }
      .sorted { (abs($1.strength), $0.start) < (abs($0.strength), $1.start) }
    return candidates.reduce(into: []) { named, hit in
      let width = motifs[hit.motif].width
      let isRepeat = named.contains {
        $0.motif == hit.motif && 2 * abs($0.start - hit.start) <= width
      }
      if !isRepeat { named.append(hit) }
    }
  }

  /// The stretches to name below a map.
  ///
  /// - Parameter drawn: The bases of the map; places are counted from the first one.
  func marks(of motifs: [ContributionMotif], in drawn: Range<Int>) -> [(
    place: Range<Int>, name: String
  )] {
    worthNaming(of: motifs).compactMap { hit in
      let place = (hit.start..<hit.start + motifs[hit.motif].width).clamped(to: drawn)
      guard !place.isEmpty else { return nil }
      return (
        place.lowerBound - drawn.lowerBound..<place.upperBound - drawn.lowerBound,
        motifs[hit.motif].name
      )
    }
  }
}
