import Foundation
import Parallel
import TestSupport
import Testing

@Suite struct AllReduceTests {
  /// The vectors of a step: as many as `step % 7 + 1`, of a tensor of 20 numbers, one of 3 and a last one.
  private static func vector(_ index: Int, step: Int) -> (tensors: [Tensor], last: Float) {
    func number(_ place: Int) -> Float { 1 / Float(3 + place + 31 * index + 7 * step % 101) }
    return (
      [
        Tensor(shape: [4, 5], scalars: (0..<20).map(number)),
        Tensor(shape: [3], scalars: (20..<23).map(number)),
      ], number(23)
    )
  }

  /// The sums of a step, vector after vector.
  private static func expected(step: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: 24)
    for index in 0..<step % 7 + 1 {
      let (tensors, last) = vector(index, step: step)
      for (place, number) in (tensors.flatMap(\.scalars) + [last]).enumerated() {
        sums[place] += number
      }
    }
    return sums
  }

  /// What a member finds in each of the steps `0..<steps`.
  private static func sums(_ thread: Int, of group: AllReduce, steps: Int) -> [[Float]] {
    var member = AllReduce.Member(thread, of: group)
    guard member.barrier() else { return [] }
    var sums = [Tensor(zeros: [4, 5]), Tensor(zeros: [3])]
    return (0..<steps).map { step in
      let count = step % 7 + 1
      func write(_ index: Int) {
        let (tensors, last) = vector(index, step: step)
        member.write(tensors, and: last, as: index)
      }
      if member.firstVector < count { write(member.firstVector) }
      while let index = member.nextVector(of: count) { write(index) }
      member.arrive()
      guard member.wait() else { return [] }
      let last = member.sum(count, into: &sums)
      return sums.flatMap(\.scalars) + [last]
    }
  }

  /// Every thread gets the same bits as one that adds the vectors up by itself, step after step.
  @Test(arguments: 1...5) func everyThreadGetsEverySum(threads: Int) {
    let (group, steps) = (AllReduce(threads: threads, vectors: 7, count: 24), 60)
    let found = onThreads(threads) { Self.sums($0, of: group, steps: steps) }
    let expected = (0..<steps).map { Self.expected(step: $0) }
    for sums in found { #expect(sums == expected) }
  }

  /// Nobody waits for a leader that has gone, nor a leader for longer than it wants to.
  @Test func aLateThreadDissolvesTheGroup() {
    let group = AllReduce(threads: 3, vectors: 3, count: 1)
    let found = onThreads(3) { thread in
      var member = AllReduce.Member(thread, of: group)
      guard member.barrier() else { return "not begun" }
      if thread == 2 {
        while !member.isDissolved { usleep(100) }
        return "late"
      }
      member.arrive()
      return member.wait(upTo: .milliseconds(1)) ? "complete" : "given up"
    }
    #expect(found == ["given up", "given up", "late"])
  }

  @Test func aLeaderSeesWhoIsThere() {
    let group = AllReduce(threads: 2, vectors: 1, count: 1)
    let found = onThreads(2) { thread in
      var member = AllReduce.Member(thread, of: group)
      guard thread == 0 else { return member.barrier() }
      while !member.othersHaveArrived { usleep(100) }
      return member.barrier()
    }
    #expect(found == [true, true])
  }
}
