internal import Genomics
internal import Parallel

/// Finds the patterns of a pool one after the other: a seqlet that many others are like is refined to the mean of those;
/// they leave the pool, and the next one is looked for.
struct PatternSearch {
  typealias Member = (seqlet: Seqlet, place: PatternAlignment)

  private let pool: SeqletPool
  private let configuration: DiscoveryConfiguration
  private let threads: Int

  /// Seqlets that a pattern may start from, and those that decide which one does.
  private static let candidates = 40
  private static let sampled = 800
  private static let rounds = 5
  /// Positions on either side of a core by which it may grow in a round.
  private static let growth = 6
  /// The cosine from which on two sub-patterns are one.
  private static let mostAlikeSubpatterns: Float = 0.9
  /// How often in a row a search may find nothing.
  private static let mostFailures = 10

  init(_ pool: SeqletPool, _ configuration: DiscoveryConfiguration, threads: Int) {
    (self.pool, self.configuration, self.threads) = (pool, configuration, threads)
  }

  /// The patterns with their seqlets: no two are alike, nor are their motifs; each seqlet is with the pattern that it is
  /// most like.
  func patterns() -> [(pattern: ContributionPattern, members: [Member])] {
    var patterns = distinct(extracted())
    patterns = members(of: patterns).flatMap(parts)
    for _ in 0..<Self.rounds { patterns = members(of: patterns).map(\.pattern) }
    return withoutRepeats(members(of: patterns))
  }

  /// The patterns within a pattern: those of its seqlets alone, by a closer likeness; none if that finds no two.
  func subpatterns(of members: [Member]) -> [(pattern: ContributionPattern, members: [Member])] {
    guard let similarity = configuration.subpatternSimilarity else { return [] }
    var closer = configuration
    (closer.leastSimilarity, closer.mostAlike) = (similarity, Self.mostAlikeSubpatterns)
    let search = PatternSearch(pool.with(members.map(\.seqlet)), closer, threads: threads)
    let found = search.members(of: search.distinct(search.extracted()))
    return found.count > 1 ? found : []
  }

  /// The patterns whose motifs repeat none that contributes more: their seqlets join those that they are like.
  private func withoutRepeats(_ found: [(pattern: ContributionPattern, members: [Member])])
    -> [(pattern: ContributionPattern, members: [Member])]
  {
    var found = found
    while true {
      let motifs = found.map {
        DiscoveredPattern($0.pattern, $0.members, of: pool).motif(named: "")
      }
      let totals = found.map { $0.members.reduce(0) { $0 + $1.seqlet.contribution } }
      let kept = distinctMotifs(
        motifs, weights: totals, pValue: configuration.repeatPValue, threads: threads)
      guard kept.count < found.count else { return found }
      found = members(of: kept.map { found[$0].pattern })
    }
  }

  /// Gives each seqlet to the pattern that it is most like, if it is like one. Patterns that get too few leave; the others
  /// become the means of theirs.
  private func members(of patterns: [ContributionPattern])
    -> [(pattern: ContributionPattern, members: [Member])]
  {
    let all = patterns.map { alignments(of: pool.seqlets, with: $0) }
    var members = [[Member]](repeating: [], count: patterns.count)
    for (index, seqlet) in pool.seqlets.enumerated() {
      guard
        let best = all.indices.max(by: { all[$0][index].similarity < all[$1][index].similarity }),
        all[best][index].similarity >= configuration.leastSimilarity
      else { continue }
      members[best].append((seqlet, all[best][index]))
    }
    return zip(patterns, members).filter { $0.1.count >= configuration.leastSites }.map {
      pattern, members in
      let mean = pool.mean(of: members, width: pattern.width, around: 0)
      return (mean.norm > 0 ? mean : pattern, members)
    }
  }

  /// The two patterns that were taken for one, if the bases of two of its positions go together and neither motif repeats
  /// the other, as a half of a motif does; else the pattern.
  private func parts(of pattern: ContributionPattern, members: [Member]) -> [ContributionPattern] {
    let sites = members.map { pool.bases(at: $0.place, of: $0.seqlet, width: pattern.width) }
    guard let dependence = PositionDependence(of: sites),
      dependence.bits >= configuration.leastDependence
    else { return [pattern] }
    let isFirst = sites.map { $0[dependence.position] == dependence.base }
    let parts = [true, false].map { side in zip(members, isFirst).filter { $0.1 == side }.map(\.0) }
    guard parts.allSatisfy({ $0.count >= configuration.leastSites }) else { return [pattern] }
    let motifs = parts.map { DiscoveredPattern(pattern, $0, of: pool).motif(named: "") }
    guard
      distinctMotifs(
        motifs, weights: [1, 1], pValue: configuration.repeatPValue, threads: threads
      ).count == motifs.count
    else { return [pattern] }
    return parts.map {
      pool.mean(of: $0, width: pattern.width, around: Self.growth)
        .core(leastShare: configuration.leastHeight, most: ContributionPattern.mostPositions)
    }
  }

  /// Takes patterns out of the pool until too little is left.
  private func extracted() -> [ContributionPattern] {
    let least = configuration.leastSimilarity
    var (left, patterns, failures) = (pool.seqlets, [ContributionPattern](), 0)
    while left.count >= configuration.leastSites, patterns.count < configuration.mostPatterns,
      failures < Self.mostFailures
    {
      let seed = seed(among: left)
      let pattern = refined(seed, by: left)
      let isLike = alignments(of: left, with: pattern ?? seed).map { $0.similarity >= least }
      if let pattern, isLike.count(where: { $0 }) >= configuration.leastSites {
        patterns.append(pattern)
        failures = 0
      } else {
        failures += 1
      }
      let rest = zip(left, isLike).filter { !$0.1 }.map(\.0)
      left = rest.count < left.count ? rest : Array(left.dropFirst())
    }
    return patterns
  }

  /// The seqlet that seqlets of the largest contribution are like.
  private func seed(among seqlets: [Seqlet]) -> ContributionPattern {
    let sample = seqlets.fromEndToEnd(Self.sampled)
    let candidates = seqlets.fromEndToEnd(Self.candidates).map { seqlet in
      let around = PatternAlignment(start: seqlet.centre, isReverse: false, similarity: 1)
      return pool.mean(of: [(seqlet, around)], width: 1, around: configuration.seedReach)
        .core(leastShare: configuration.leastHeight, most: configuration.seedReach + 6)
    }
    let supports = concurrentMap(candidates.count, threads: threads) {
      [pool, least = configuration.leastSimilarity] index in
      sample.reduce(0.0) { sum, seqlet in
        let place = pool.alignment(of: seqlet, with: candidates[index])
        return place.similarity >= least ? sum + Double(seqlet.contribution) : sum
      }
    }
    return candidates[supports.indices.max { supports[$0] < supports[$1] } ?? 0]
  }

  /// The mean of the seqlets that are like a pattern, again and again.
  ///
  /// - Returns: `nil` if too few are.
  private func refined(_ seed: ContributionPattern, by seqlets: [Seqlet]) -> ContributionPattern? {
    var pattern = seed
    for _ in 0..<Self.rounds {
      let members = zip(seqlets, alignments(of: seqlets, with: pattern)).filter {
        $0.1.similarity >= configuration.leastSimilarity
      }
      guard members.count >= configuration.leastSites else { return nil }
      pattern = pool.mean(of: members, width: pattern.width, around: Self.growth)
        .core(leastShare: configuration.leastHeight, most: ContributionPattern.mostPositions)
    }
    return pattern
  }

  /// The patterns without those that are like an earlier one.
  private func distinct(_ patterns: [ContributionPattern]) -> [ContributionPattern] {
    patterns.reduce(into: []) { kept, pattern in
      if kept.allSatisfy({ $0.similarity(to: pattern) < configuration.mostAlike }) {
        kept.append(pattern)
      }
    }
  }

  private func alignments(of seqlets: [Seqlet], with pattern: ContributionPattern)
    -> [PatternAlignment]
  {
    let size = 256
    return concurrentMap(seqlets.count.dividedRoundingUp(by: size), threads: threads) {
      [pool] block in
      seqlets[block * size..<min((block + 1) * size, seqlets.count)].map {
        pool.alignment(of: $0, with: pattern)
      }
    }.flatMap { $0 }
  }
}

extension Array {
  /// So many elements, or fewer, at even distances, the first and the last among them.
  fileprivate func fromEndToEnd(_ most: Int) -> [Element] {
    guard count > most else { return self }
    return (0..<most).map { self[$0 * (count - 1) / Swift.max(1, most - 1)] }
  }
}
