internal import Genomics

/// Groups of points that lie close together, by k-means (Lloyd 1982) from seeds far apart (Arthur & Vassilvitskii 2007).
public struct PointGroups: Equatable, Sendable {
  /// The group of each point, from 0; the largest group is the first.
  public let groups: [Int]
  public let centers: [[Double]]
  /// The sum of the squared distances of points from the centres of their groups.
  public let distortion: Double

  private static let (starts, mostRounds) = (10, 100)

  /// - Parameters:
  ///   - points: At least one, of one length.
  ///   - count: The number of groups; fewer if there are fewer points.
  ///   - seed: Of the starts; of several the best one counts.
  public init(of points: [[Double]], count: Int, seed: UInt64) {
    precondition(!points.isEmpty && count > 0, "\(count) groups of \(points.count) points")
    let count = min(count, points.count)
    var best: (centers: [[Double]], groups: [Int], distortion: Double)?
    for start in 0..<Self.starts {
      var random = RandomStream(seed: seed, .groups, start)
      let found = Self.settled(Self.seeds(points, count, &random), points)
      if found.distortion < best?.distortion ?? .infinity { best = found }
    }
    let found = best!
    let sizes = (0..<count).map { group in found.groups.count { $0 == group } }
    let order = (0..<count).sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    groups = found.groups.map { order.firstIndex(of: $0)! }
    centers = order.map { found.centers[$0] }
    distortion = found.distortion
  }

  private static func distance(_ first: [Double], _ second: [Double]) -> Double {
    var sum = 0.0
    for index in first.indices {
      sum += (first[index] - second[index]) * (first[index] - second[index])
    }
    return sum
  }

  /// Each next seed is a point drawn by its squared distance from the seeds before.
  private static func seeds(_ points: [[Double]], _ count: Int, _ random: inout RandomStream)
    -> [[Double]]
  {
    var seeds = [points[random.next(below: points.count)]]
    var nearest = points.map { distance($0, seeds[0]) }
    while seeds.count < count {
      let total = nearest.reduce(0, +)
      var left = (random.uniform() as Double) * total
      let chosen =
        nearest.firstIndex { distance in
          left -= distance
          return left < 0
        } ?? nearest.indices.max { nearest[$0] < nearest[$1] } ?? 0
      seeds.append(points[chosen])
      for (index, point) in points.enumerated() {
        nearest[index] = min(nearest[index], distance(point, points[chosen]))
      }
    }
    return seeds
  }

  /// Moves centres to the means of their points until no point changes its group.
  private static func settled(_ seeds: [[Double]], _ points: [[Double]])
    -> (centers: [[Double]], groups: [Int], distortion: Double)
  {
    var (centers, groups) = (seeds, [Int]())
    for _ in 0..<mostRounds {
      let next = points.map { point in
        centers.indices.min { distance(point, centers[$0]) < distance(point, centers[$1]) }!
      }
      guard next != groups else { break }
      groups = next
      var sums = centers.map { _ in [Double](repeating: 0, count: points[0].count) }
      var sizes = [Int](repeating: 0, count: centers.count)
      for (point, group) in zip(points, groups) {
        sizes[group] += 1
        for index in point.indices { sums[group][index] += point[index] }
      }
      for group in centers.indices where sizes[group] > 0 {
        centers[group] = sums[group].map { $0 / Double(sizes[group]) }
      }
    }
    let distortion = zip(points, groups).reduce(0) { $0 + distance($1.0, centers[$1.1]) }
    return (centers, groups, distortion)
  }
}
