#if canImport(Glibc)
  internal import Glibc
#else
  internal import Foundation
#endif

/// The number of CPUs that this process may use, which a container or `taskset` may restrict.
public var availableProcessorCount: Int {
  #if canImport(Glibc)
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 1 }
    return max(1, withUnsafeBytes(of: set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } })
  #else
    return ProcessInfo.processInfo.activeProcessorCount
  #endif
}
