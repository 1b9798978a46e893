internal import Kernels

/// Applies a function to `0..<count` on up to `threads` threads; the results come in order.
///
/// - Precondition: `threads >= 1`.
public func concurrentMap<Result: Sendable>(
  _ count: Int, threads: Int, _ transform: @escaping @Sendable (Int) -> Result
) -> [Result] {
  ThreadTeam(threads: max(1, min(threads, count))).map(count, transform)
}

/// The number of CPUs that this process may use, which a container or `taskset` may restrict.
public var availableProcessorCount: Int { Int(available_processor_count()) }

/// Lets the process keep up to a gigabyte that it freed, instead of having the system clear the same pages for
/// the buffers of each block that is computed: a tenth of the time of a genome's scan, or of a deep network's training.
public func keepFreedMemory() {
  keep_freed_memory(1 << 30)
}
