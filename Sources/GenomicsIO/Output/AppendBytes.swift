extension [UInt8] {
  /// Appends bytes that other threads may read too: an array slice would have them all write to one
  /// count of references.
  public mutating func append(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends the decimal digits of a number.
  ///
  /// - Precondition: `number >= 0`.
  public mutating func append(decimal number: Int) {
    var power = 1
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(number / power % 10))
      power /= 10
    }
  }
}
