import Foundation

/// Runs a function on so many threads at once.
public func onThreads<Result: Sendable>(
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
