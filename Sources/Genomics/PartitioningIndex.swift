extension RandomAccessCollection where Index == Int {
  /// The first index whose element fulfils a condition that all later elements fulfil too, found by bisection.
  ///
  /// - Returns: `endIndex` if no element fulfils it.
  @inlinable
  package func partitioningIndex(where belongs: (Element) throws -> Bool) rethrows -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if try belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
