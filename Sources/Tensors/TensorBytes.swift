// Tensors as bytes: 32 bits a scalar, little-endian.

extension Tensor {
  /// - Precondition: Four bytes for each scalar.
  public init(shape: Shape, littleEndian bytes: ArraySlice<UInt8>) {
    precondition(bytes.count == 4 * shape.count, "\(bytes.count) bytes for \(shape)")
    let scalars = [Float](count: shape.count) { scalars in
      bytes.withUnsafeBytes { bytes in
        for index in 0..<shape.count {
          let bits = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          scalars[index] = Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    }
    self.init(shape: shape, scalars: scalars)
  }

  public func appendLittleEndian(to bytes: inout [UInt8]) {
    #if _endian(little)
      scalars.withUnsafeBytes { bytes.append(contentsOf: $0) }
    #else
      for scalar in scalars {
        withUnsafeBytes(of: scalar.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    #endif
  }
}
