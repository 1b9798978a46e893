internal import Parallel
internal import Synchronization

extension LearningPlan {
  /// Takes an epoch's steps, together with the team's threads while they are all there.
  ///
  /// A thread that sleeps, or has lost its processor to another program, isn't waited for: the calling
  /// one goes on alone until it is back.
  func takeSteps(with replica: inout Replica<Self>, progress: (Int) throws -> Void) throws {
    // More threads than processors would wait for each other.
    let threads = min(team.threads, availableProcessorCount, replica.shardCount(of: 0))
    var stepsAlone = 1
    // A thread that sleeps usually wakes within this time. It is waited for once per epoch.
    var longestWait = Duration.microseconds(500)
    while replica.step < stepsPerEpoch {
      let (group, start) = (replica.group(of: threads), Start<Self>())
      let others = team.begin(threads - 1) { index in
        var member = ThreadCollective.Member(index + 1, of: group)
        guard member.barrier(), var replica = start.replica.withLock({ $0 }) else { return }
        // What goes wrong does so on every thread alike.
        try? replica.takeSteps(as: member) { _ in }
      }
      // Stands before the leader, which has left when this is run: that lets the others go.
      defer { _ = others.results() }
      var leader = ThreadCollective.Member(0, of: group)
      leader.wait(upTo: longestWait)
      longestWait = .zero
      try replica.takeStepsAlone(while: { _ in !leader.othersHaveArrived }, progress: progress)
      guard leader.othersHaveArrived else { return }
      start.replica.withLock { [replica] in $0 = replica }
      leader.barrier()
      let first = replica.step
      try replica.takeSteps(as: leader, progress: progress)
      // Somebody was late. Whoever is so again and again is asked more and more seldom.
      let hasLasted = replica.step - first > stepsAlone
      stepsAlone = hasLasted ? 1 : min(2 * stepsAlone, mostStepsAlone)
      let end = replica.step + stepsAlone
      try replica.takeStepsAlone(while: { $0 < end || !others.isDone }, progress: progress)
    }
  }
}

private let mostStepsAlone = 64

/// What a group begins with.
private final class Start<Plan: LearningPlan>: Sendable {
  let replica = Mutex<Replica<Plan>?>(nil)
}

extension Replica {
  fileprivate mutating func takeStepsAlone(
    while goesOn: (Int) -> Bool, progress: (Int) throws -> Void
  ) throws {
    guard goesOn(step) else { return }
    try takeSteps(
      as: ThreadCollective.Member(0, of: group(of: 1)), while: goesOn, progress: progress)
  }
}
