internal import Dispatch
internal import Kernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Threads that wait for work with open eyes, so that a step of some microseconds can be shared.
///
/// Waking a sleeping thread takes as long as a step of a small network. A team is for a while of
/// many steps: its threads leave when nobody holds it any longer.
public final class ThreadTeam: Sendable {
  private let work = SharedWork()
  private let threads: Int

  /// - Parameter threads: The calling one included.
  /// - Precondition: `threads >= 1`.
  public init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    self.threads = threads
    let own = current_processor()
    for index in 0..<threads - 1 {
      DispatchQueue.global().async { [work] in
        // Left alone, Linux may keep a new thread on its maker's processor for a tenth of a second.
        move_from_processor(own, Int32(index))
        work.serve()
      }
    }
  }

  deinit { work.dismiss() }

  /// Applies a function to `0..<count`, the calling thread taking part.
  ///
  /// The results come in order, whichever thread made them, so whoever sums them in order gets the
  /// same sum with any number of threads. Not to be called by two threads at a time.
  public func map<Result: Sendable>(
    _ count: Int, _ transform: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    guard threads > 1, count > 1 else { return (0..<count).map(transform) }
    return [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
      let slots = Slots(base: results.baseAddress!)
      work.perform(count) { index in (slots.base + index).initialize(to: transform(index)) }
      initializedCount = count
    }
  }
}

/// What a team's threads share.
private final class SharedWork: Sendable {
  /// A function to be applied to `0..<count`; `number` tells it from the one before.
  private struct Job: Sendable {
    var number: UInt64 = 0
    var count: UInt64 = 0
    var apply: @Sendable (Int) -> Void = { _ in }
  }

  /// The number of the job in the upper half, the next index in the lower one: a thread that takes
  /// an index knows which job it is of, however late it comes.
  private let ticket = Atomic<UInt64>(0)
  /// How many indices have been done, of all jobs.
  private let done = Atomic<UInt64>(0)
  private let isDismissed = Atomic(false)
  private let job = Mutex(Job())

  func dismiss() {
    isDismissed.store(true, ordering: .releasing)
  }

  func perform(_ count: Int, _ apply: @escaping @Sendable (Int) -> Void) {
    let next = job.withLock { job in
      job = Job(number: job.number + 1, count: UInt64(count), apply: apply)
      return job
    }
    let goal = done.load(ordering: .relaxed) + next.count
    ticket.store(next.number << 32, ordering: .releasing)
    work(on: next)
    var patience = Patience()
    while done.load(ordering: .acquiring) < goal { patience.wait() }
    job.withLock { $0.apply = { _ in } }
  }

  /// Takes indices of a job until none is left.
  private func work(on job: Job) {
    var seen = ticket.load(ordering: .acquiring)
    while seen >> 32 == job.number, seen & 0xFFFF_FFFF < job.count {
      let (taken, current) = ticket.weakCompareExchange(
        expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      if taken {
        job.apply(Int(seen & 0xFFFF_FFFF))
        done.add(1, ordering: .releasing)
      }
      seen = taken ? ticket.load(ordering: .acquiring) : current
    }
  }

  func serve() {
    var lastNumber: UInt64 = 0
    var patience = Patience()
    while !isDismissed.load(ordering: .acquiring) {
      let number = ticket.load(ordering: .acquiring) >> 32
      guard number != lastNumber else {
        patience.wait()
        continue
      }
      let current = job.withLock { $0 }
      guard current.number == number else { continue }
      work(on: current)
      lastNumber = number
      patience = Patience()
    }
  }
}

/// Waits awake for about a tenth of a millisecond, and then asleep, so that whoever else wants the
/// processor gets it.
///
/// Not with `sched_yield`: a thread that yields all the time looks idle, and Linux then leaves it on
/// the processor of the thread it waits for.
private struct Patience {
  private var waits = 0

  mutating func wait() {
    waits += 1
    if waits < 8192 { spin_pause() } else { usleep(50) }
  }
}

/// Where the results go. Each index is handed to one thread, so no slot is written twice; that is
/// what the compiler can't see.
private struct Slots<Result>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Result>
}
