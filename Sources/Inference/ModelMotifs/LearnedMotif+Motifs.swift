public import Models
public import Motifs

extension LearnedMotif {
  /// The bases of its sites. Its second name is the match, or `no_match`.
  public var motif: Motif {
    var motif = Motif(
      name: name,
      probabilities: CountMatrix(columns: counts, siteCount: siteCount).probabilities(
        pseudocount: DiscoveredPattern.pseudocount), siteCount: siteCount)
    motif.alternateName = match ?? "no_match"
    return motif
  }

  /// What it contributes, named for people.
  public var contributed: ContributionMotif {
    ContributionMotif(name: title, contributions: contributions)
  }
}

extension ModelMotif {
  /// What a model's file keeps.
  public var learned: LearnedMotif {
    LearnedMotif(
      name: motif.name, match: match.motif.map { $0.alternateName ?? $0.name }, task: task,
      isPositive: pattern.isPositive, siteCount: pattern.sites.count,
      counts: pattern.counts.columns, contributions: pattern.contributions)
  }
}
