/// The value of four bytes, the least significant first.
func littleEndian32(_ bytes: some Collection<UInt8>) -> UInt32 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
}

extension [UInt8] {
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append(littleEndian number: Float) { append(littleEndian: number.bitPattern) }

  mutating func append(littleEndian number: Double) { append(littleEndian: number.bitPattern) }
}
