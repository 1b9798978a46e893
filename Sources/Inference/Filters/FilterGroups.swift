public import Motifs

/// Filters that found the same motif.
public struct FilterGroup: Sendable {
  /// The most influential filter of the group.
  public let leader: FilterMotif
  /// The other filters, from the most influential down.
  public private(set) var others: [FilterMotif]
  /// What the database calls the leader's motif; `nil` without a database.
  public let match: NamedMatch?

  /// The leader's motif. Its second name is that of the database's motif, if one is like it, else the consensus.
  public var motif: Motif {
    var motif = leader.motif
    if let known = match?.motif { motif.alternateName = known.alternateName ?? known.name }
    return motif
  }

  /// Takes up a group whose leader is less influential.
  fileprivate mutating func join(_ group: FilterGroup) {
    others = (others + [group.leader] + group.others).sorted {
      ($1.influence, $0.filter) < ($0.influence, $1.filter)
    }
  }
}

extension FilterMotifs {
  /// The greatest p-value between two filters of a group.
  public static let groupPValue = 1e-4

  /// The filters grouped by their motifs: those that are alike when compared with one another, and those whose leaders
  /// get the same name of the database. The groups come from the most influential leader down.
  ///
  /// - Parameter database: Names the motifs; its columns count as chance in the comparison too.
  public func groups(database: MotifDatabase? = nil, threads: Int) -> [FilterGroup] {
    let clusters = clustered(
      motifs.map(\.motif), pValue: Self.groupPValue, others: database?.motifs ?? [],
      threads: threads)
    // Motifs come from the most influential down, and so do the members of a cluster.
    let members = clusters.map { $0.members.map(\.motif) }.sorted { $0[0] < $1[0] }
    var (groups, places): ([FilterGroup], [String: Int]) = ([], [:])
    for group in self.groups(of: members, database: database, threads: threads) {
      if let name = group.match?.motif?.name,
        let place = places.updateValue(groups.count, forKey: name)
      {
        groups[place].join(group)
        places[name] = place
      } else {
        groups.append(group)
      }
    }
    return groups
  }

  /// Each filter as a group of its own, from the most influential down.
  ///
  /// - Parameter database: Names the motifs.
  public func singles(database: MotifDatabase? = nil, threads: Int) -> [FilterGroup] {
    groups(of: motifs.indices.map { [$0] }, database: database, threads: threads)
  }

  private func groups(of members: [[Int]], database: MotifDatabase?, threads: Int) -> [FilterGroup]
  {
    let leaders = members.map { motifs[$0[0]] }
    let matches = database?.bestMatches(of: leaders.map(\.motif), threads: threads)
    return members.enumerated().map { index, group in
      FilterGroup(
        leader: leaders[index], others: group.dropFirst().map { motifs[$0] },
        match: matches?[index])
    }
  }
}
