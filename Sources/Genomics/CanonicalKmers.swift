/// The k-mers of a sequence as they come, base by base, each as the lesser of itself and its reverse complement: two
/// bits per base, the first base highest.
package struct CanonicalKmers {
  package let width: Int
  private var forward: UInt64 = 0
  private var reverse: UInt64 = 0
  private var known = 0

  /// - Precondition: 1 to 31 bases.
  package init(width: Int) {
    precondition((1...31).contains(width), "k-mers of \(width) bases")
    self.width = width
  }

  /// Takes the code of the next base.
  ///
  /// - Returns: The k-mer that ends with it; `nil` if one of its bases is unknown or before the first.
  package mutating func add(_ code: UInt8) -> UInt64? {
    known = code != EncodedSequence.unknown ? known + 1 : 0
    let base = UInt64(code & 3)
    forward = (forward << 2 | base) & (1 << (2 * UInt64(width)) - 1)
    reverse = reverse >> 2 | (3 - base) << (2 * UInt64(width - 1))
    return known >= width ? min(forward, reverse) : nil
  }
}
