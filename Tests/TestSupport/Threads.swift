import Foundation
import Synchronization

/// Runs a function on so many threads at once, whatever else holds the threads of the system's pools.
public func onThreads<Result: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let (results, done) = (Results<Result>(), DispatchSemaphore(value: 0))
  for index in 0..<count {
    Thread {
      let result = body(index)
      results.values.withLock { $0[index] = result }
      done.signal()
    }.start()
  }
  for _ in 0..<count { done.wait() }
  return results.values.withLock { values in (0..<count).map { values[$0]! } }
}

private final class Results<Result: Sendable>: Sendable {
  let values = Mutex<[Int: Result]>([:])
}
