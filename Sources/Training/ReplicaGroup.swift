internal import Synchronization
internal import Tensors

extension Trainer {
  /// Takes an epoch's steps, together with those threads of the team that are there.
  ///
  /// A thread that sleeps, or has lost its processor to another program, isn't waited for: the calling
  /// one goes on alone meanwhile.
  func takeSteps(with replica: inout Replica, progress: (Int) throws -> Void) throws {
    let steps = stepsPerEpoch
    // More threads than processors would wait for each other.
    let threads = min(team.threads, availableProcessorCount, replica.shardCount(of: 0))
    while replica.step < steps {
      let (group, start) = (replica.group(of: threads), Start())
      let others = team.begin(threads - 1) { index in
        var member = AllReduce.Member(index + 1, of: group)
        guard member.meet(), var replica = start.replica.withLock({ $0 }) else { return }
        // What goes wrong does so on every thread alike.
        try? replica.takeSteps(to: steps, as: member) { _ in }
      }
      defer { _ = others.results() }
      var leader = AllReduce.Member(0, of: group)
      if !leader.wait(upTo: .zero) {
        while !leader.othersHaveArrived {
          try replica.takeStepAlone(progress: progress)
          if replica.step == steps { return }
        }
      }
      start.replica.withLock { [replica] in $0 = replica }
      _ = leader.meet()
      try replica.takeSteps(to: steps, as: leader, progress: progress)
      while !others.isDone, replica.step < steps { try replica.takeStepAlone(progress: progress) }
    }
  }

  /// What a group begins with.
  private final class Start: Sendable {
    let replica = Mutex<Replica?>(nil)
  }
}
