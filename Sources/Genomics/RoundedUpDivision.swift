extension Int {
  /// The quotient rounded up: how many parts of `size` it takes to hold so many.
  ///
  /// - Precondition: The number is at least 0, `size` at least 1.
  @inlinable
  package func dividedRoundingUp(by size: Int) -> Int { (self + size - 1) / size }
}
