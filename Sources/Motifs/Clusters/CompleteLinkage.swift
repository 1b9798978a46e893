/// Groups things so that every two of a group are alike (complete linkage; Defays 1977, Comput. J. 20:364).
///
/// The two groups whose most different members are most alike become one, again and again. Of equal pairs the one
/// with the lowest numbers goes first, so the result depends on the distances alone.
struct CompleteLinkage {
  /// The distance of each two groups: that of their most different members.
  private var distances: [[Double]]
  private var groups: [[Int]]
  /// The nearest other group of each group; `nil` if the group is empty or the only one.
  private var nearest: [Int?]

  /// - Parameter distances: Symmetric.
  init(_ distances: [[Double]]) {
    self.distances = distances
    groups = distances.indices.map { [$0] }
    nearest = [Int?](repeating: nil, count: distances.count)
    for group in groups.indices { findNearest(of: group) }
  }

  /// The groups within which no distance is above `limit`, each in increasing order, by their first member.
  mutating func groups(within limit: Double) -> [[Int]] {
    while let (first, second) = nearestPair, distances[first][second] <= limit {
      join(second, to: first)
    }
    return groups.filter { !$0.isEmpty }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  private var nearestPair: (Int, Int)? {
    var best: (first: Int, second: Int)?
    for case (let first, let second?) in nearest.enumerated()
    where best.map({ distances[first][second] < distances[$0.first][$0.second] }) ?? true {
      best = (first, second)
    }
    return best
  }

  private mutating func join(_ second: Int, to first: Int) {
    groups[first] += groups[second]
    groups[second] = []
    nearest[second] = nil
    for other in groups.indices where !groups[other].isEmpty && other != first {
      let distance = max(distances[first][other], distances[second][other])
      distances[first][other] = distance
      distances[other][first] = distance
    }
    for other in groups.indices
    where other == first || nearest[other] == first || nearest[other] == second {
      findNearest(of: other)
    }
  }

  private mutating func findNearest(of group: Int) {
    nearest[group] = nil
    guard !groups[group].isEmpty else { return }
    let row = distances[group]
    var least = Double.infinity
    for other in groups.indices where other != group && !groups[other].isEmpty {
      if nearest[group] == nil || row[other] < least {
        (nearest[group], least) = (other, row[other])
      }
    }
  }
}
