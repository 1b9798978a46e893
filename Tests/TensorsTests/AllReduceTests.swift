import Foundation
import Tensors
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
    guard member.meet() else { return [] }
    var sums = [Tensor(zeros: [4, 5]), Tensor(zeros: [3])]
    return (0..<steps).map { step in
      let count = step % 7 + 1
      func write(_ index: Int) {
        let (tensors, last) = vector(index, step: step)
        member.write(tensors, last, as: index)
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
  @Test(arguments: 1...5) func everyThreadGetsEverySum(threads: Int) async {
    let (group, steps) = (AllReduce(threads: threads, vectors: 7, count: 24), 60)
    let found = await onThreads(threads) { Self.sums($0, of: group, steps: steps) }
    let expected = (0..<steps).map { Self.expected(step: $0) }
    for sums in found { #expect(sums == expected) }
  }

  /// Nobody waits for a leader that has gone, nor a leader for longer than it wants to.
  @Test func aLateThreadDissolvesTheGroup() async {
    let group = AllReduce(threads: 3, vectors: 3, count: 1)
    let found = await onThreads(3) { thread in
      var member = AllReduce.Member(thread, of: group)
      guard member.meet() else { return "not met" }
      if thread == 2 {
        while !member.isDissolved { usleep(100) }
        return "late"
      }
      member.arrive()
      return member.wait(upTo: .milliseconds(1)) ? "complete" : "given up"
    }
    #expect(found == ["given up", "given up", "late"])
  }

  @Test func aLeaderSeesWhoIsThere() async {
    let group = AllReduce(threads: 2, vectors: 1, count: 1)
    let found = await onThreads(2) { thread in
      var member = AllReduce.Member(thread, of: group)
      guard thread == 0 else { return member.meet() }
      while !member.othersHaveArrived { usleep(100) }
      return member.meet()
    }
    #expect(found == [true, true])
  }

  /// Runs a function on so many threads at once.
  private func onThreads<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Result
  ) async -> [Result] {
    var results: [(Int, Result)] = []
    let stream = AsyncStream<(Int, Result)> { continuation in
      for index in 0..<count {
        Thread { continuation.yield((index, body(index))) }.start()
      }
    }
    for await result in stream {
      results.append(result)
      if results.count == count { break }
    }
    return results.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
