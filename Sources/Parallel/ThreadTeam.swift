internal import Dispatch
internal import Kernels
internal import Synchronization

/// Threads that wait for work with open eyes for a while, so that a step of some microseconds can be shared.
///
/// Waking a sleeping thread takes as long as a step of a small network. A team is for a while of
/// many steps: its threads leave when nobody holds it any longer. Threads that wait for longer sleep until there is work,
/// and take no time from another team's.
public final class ThreadTeam: Sendable {
  /// How many threads take part at most, the calling one included.
  public let threads: Int
  private let work = SharedWork()

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
  /// The results come in order, whichever thread made them, so the caller that sums them in order gets the
  /// same sum with any number of threads. Not to be called by two threads at a time.
  public func map<Result: Sendable>(
    _ count: Int, _ transform: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    guard threads > 1, count > 1 else { return (0..<count).map(transform) }
    return begin(count, transform).results()
  }

  /// Begins what `map` does: the other threads work while the calling one does something else.
  ///
  /// The team takes no other work before the results have been asked for, or given up.
  public func begin<Result: Sendable>(
    _ count: Int, _ transform: @escaping @Sendable (Int) -> Result
  ) -> TeamMap<Result> {
    TeamMap(count, transform, by: work)
  }
}

/// A map that a team has begun.
public final class TeamMap<Result: Sendable> {
  private let count: Int
  private let work: SharedWork
  private let job: SharedWork.Job
  private let slots: Slots<Result>
  private var isTaken = false

  fileprivate init(
    _ count: Int, _ transform: @escaping @Sendable (Int) -> Result, by work: SharedWork
  ) {
    self.count = count
    self.work = work
    let slots = Slots<Result>(base: .allocate(capacity: count))
    self.slots = slots
    job = work.begin(count) { index in (slots.base + index).initialize(to: transform(index)) }
  }

  /// Whether nothing is left to do.
  public var isDone: Bool { work.isDone(job) }

  /// The results, in order; the calling thread helps with what is left.
  ///
  /// - Precondition: They haven't been taken before.
  public func results() -> [Result] {
    precondition(!isTaken, "results taken twice")
    work.finish(job)
    isTaken = true
    // The standard library would write to the one empty array that all threads share.
    guard count > 0 else { return [] }
    return [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
      results.baseAddress!.moveInitialize(from: slots.base, count: count)
      initializedCount = count
    }
  }

  deinit {
    if !isTaken {
      work.finish(job)
      slots.base.deinitialize(count: count)
    }
    slots.base.deallocate()
  }
}

/// What a team's threads share.
private final class SharedWork: Sendable {
  /// A function to be applied to `0..<count`; `number` tells it from the one before.
  struct Job: Sendable {
    var number: UInt64 = 0
    var count: UInt64 = 0
    /// What `done` comes to with it.
    var goal: UInt64 = 0
    var apply: @Sendable (Int) -> Void = { _ in }
  }

  /// The number of the job in the upper half, the next index in the lower one: a thread that takes
  /// an index knows which job it is of, however late it comes.
  private let ticket = Atomic<UInt64>(0)
  /// How many indices have been done, of all jobs.
  private let done = Atomic<UInt64>(0)
  private let isDismissed = Atomic(false)
  /// How many threads sleep, or are about to.
  private let sleeping = Atomic(0)
  private let alarm = DispatchSemaphore(value: 0)
  private let job = Mutex(Job())

  func dismiss() {
    isDismissed.store(true, ordering: .sequentiallyConsistent)
    wakeAll()
  }

  /// What they are woken for must have been stored, in one order with this.
  private func wakeAll() {
    for _ in 0..<sleeping.exchange(0, ordering: .sequentiallyConsistent) { alarm.signal() }
  }

  /// Sleeps until there is another job than the last one, or none will come. It may wake earlier.
  private func sleep(after lastNumber: UInt64) {
    sleeping.add(1, ordering: .sequentiallyConsistent)
    // Whoever stores either after this look finds the thread among those that sleep.
    guard !isDismissed.load(ordering: .sequentiallyConsistent),
      ticket.load(ordering: .sequentiallyConsistent) >> 32 == lastNumber
    else { return }
    alarm.wait()
  }

  func begin(_ count: Int, _ apply: @escaping @Sendable (Int) -> Void) -> Job {
    let goal = done.load(ordering: .relaxed) + UInt64(count)
    let next = job.withLock { job in
      job = Job(number: job.number + 1, count: UInt64(count), goal: goal, apply: apply)
      return job
    }
    ticket.store(next.number << 32, ordering: .sequentiallyConsistent)
    wakeAll()
    return next
  }

  /// Does what is left of a job, and waits until all of it is done.
  func finish(_ job: Job) {
    work(on: job)
    var spin = SpinWait()
    while !isDone(job) { spin.wait() }
    self.job.withLock { $0.apply = { _ in } }
  }

  func isDone(_ job: Job) -> Bool { done.load(ordering: .acquiring) >= job.goal }

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
    var spin = SpinWait()
    while !isDismissed.load(ordering: .acquiring) {
      let number = ticket.load(ordering: .acquiring) >> 32
      guard number != lastNumber else {
        if spin.isOver { sleep(after: lastNumber) } else { spin.wait() }
        continue
      }
      let current = job.withLock { $0 }
      guard current.number == number else { continue }
      work(on: current)
      lastNumber = number
      spin = SpinWait()
    }
  }
}
