internal import Dispatch
internal import Kernels
internal import Synchronization

/// Applies a function to `0..<count` on up to `threads` threads.
///
/// The results come in order, whichever thread made them, so whoever sums them in order gets the
/// same sum with any number of threads.
/// - Precondition: `threads >= 1`.
public func concurrentMap<Result: Sendable>(
  _ count: Int, threads: Int, _ transform: @Sendable (Int) -> Result
) -> [Result] {
  precondition(threads >= 1, "\(threads) threads")
  guard threads > 1, count > 1 else { return (0..<count).map(transform) }
  return [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
    let slots = Slots(base: results.baseAddress!)
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < count {
        (slots.base + index).initialize(to: transform(index))
      }
    }
    initializedCount = count
  }
}

/// Where the results go. Each index is handed to one thread, so no slot is written twice; that is
/// what the compiler can't see.
private struct Slots<Result>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Result>
}

/// The number of CPUs that this process may use, which a container or `taskset` may restrict.
public var availableProcessorCount: Int { Int(available_processor_count()) }
