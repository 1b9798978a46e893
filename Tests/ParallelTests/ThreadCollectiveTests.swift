import Foundation
import Parallel
import TestSupport
import Testing

@Suite struct ThreadCollectiveTests {
  private static let count = 24

  /// The vector of a shard in a step.
  private static func vector(_ shard: Int, step: Int) -> [Float] {
    (0..<count).map { 1 / Float(3 + $0 + 31 * shard + 7 * step % 101) }
  }

  /// A step has 1 to 11 shards.
  private static func shards(inStep step: Int) -> Int { step % 11 + 1 }

  /// The definition: the first so many shards as are a power of two, but not all, and the rest are added up by
  /// themselves.
  private static func sum(_ shards: Range<Int>, step: Int) -> [Float] {
    guard shards.count > 1 else { return vector(shards.lowerBound, step: step) }
    var half = 1
    while 2 * half < shards.count { half *= 2 }
    let middle = shards.lowerBound + half
    return zip(
      sum(shards.lowerBound..<middle, step: step), sum(middle..<shards.upperBound, step: step)
    ).map { $0 + $1 }
  }

  /// What a member finds in each of the steps `0..<steps`.
  private static func sums(_ rank: Int, of group: ThreadCollective, steps: Int) -> [[Float]] {
    var member = ThreadCollective.Member(rank, of: group)
    guard member.barrier() else { return [] }
    var total = [Float](repeating: .nan, count: count)
    var found: [[Float]] = []
    for step in 0..<steps {
      let shards = shards(inStep: step)
      for shard in member.shards(of: shards) {
        let vector = vector(shard, step: step)
        member.contribute([Array(vector[..<20]), Array(vector[20...])], as: shard)
      }
      member.arrive()
      guard member.wait() else { return [] }
      member.sum(ofShards: shards, into: &total)
      found.append(total)
    }
    return found
  }

  /// Every thread gets the same bits, those of the tree, step after step, whatever the number of threads.
  @Test(arguments: 1...6) func everyThreadGetsEverySum(threads: Int) {
    let group = ThreadCollective(threads: threads, shards: 11, count: Self.count)
    let steps = 60
    let found = onThreads(threads) { Self.sums($0, of: group, steps: steps) }
    let expected = (0..<steps).map { Self.sum(0..<Self.shards(inStep: $0), step: $0) }
    for sums in found { #expect(sums == expected) }
  }

  /// Every shard is one member's, in order.
  @Test(arguments: [1, 2, 3, 5, 8], [1, 2, 7, 8, 100])
  func shardsAreDividedAmongMembers(threads: Int, shards: Int) {
    let group = ThreadCollective(threads: threads, shards: shards, count: 1)
    let own = (0..<threads).flatMap { rank -> [Int] in
      let member = ThreadCollective.Member(rank, of: group)
      return Array(member.shards(of: shards))
    }
    #expect(own == Array(0..<shards))
  }

  /// Nobody waits for a leader that has gone, nor a leader for longer than it wants to.
  @Test func aLateThreadDissolvesTheGroup() {
    let group = ThreadCollective(threads: 3, shards: 3, count: 1)
    let found = onThreads(3) { rank in
      var member = ThreadCollective.Member(rank, of: group)
      guard member.barrier() else { return "not begun" }
      if rank == 2 {
        while !member.isDissolved { usleep(100) }
        return "late"
      }
      member.arrive()
      return member.wait(upTo: .milliseconds(1)) ? "complete" : "given up"
    }
    #expect(found == ["given up", "given up", "late"])
  }

  @Test func aLeaderSeesWhoIsThere() {
    let group = ThreadCollective(threads: 2, shards: 1, count: 1)
    let found = onThreads(2) { rank in
      var member = ThreadCollective.Member(rank, of: group)
      guard rank == 0 else { return member.barrier() }
      while !member.othersHaveArrived { usleep(100) }
      return member.barrier()
    }
    #expect(found == [true, true])
  }
}
