internal import Kernels

/// Floats of which the first stands at the start of a cache line, as the kernels want rows.
struct AlignedFloats: Sendable {
  let count: Int
  private let storage: [Float]

  private static let alignment = Int(MOTIF_ALIGNMENT)
  private static let spare = alignment / MemoryLayout<Float>.stride

  /// - Parameter initialize: Writes all of them.
  init(count: Int, initializingWith initialize: (UnsafeMutablePointer<Float>) -> Void) {
    self.count = count
    storage = [Float](count: count + Self.spare) { floats in
      let offset = Self.offset(of: UnsafeRawPointer(floats))
      floats.initialize(repeating: 0, count: offset)
      initialize(floats + offset)
      (floats + offset + count).initialize(repeating: 0, count: Self.spare - offset)
    }
  }

  func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    storage.withUnsafeBufferPointer {
      body($0.baseAddress! + Self.offset(of: UnsafeRawPointer($0.baseAddress!)))
    }
  }

  /// The storage is never written again, so it stays where it was made.
  private static func offset(of address: UnsafeRawPointer) -> Int {
    (-Int(bitPattern: address) & (alignment - 1)) / MemoryLayout<Float>.stride
  }
}

/// Calls a function with zeros that stand as `AlignedFloats` do.
func withZeros<Result>(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
  withUnsafeTemporaryAllocation(
    byteCount: count * MemoryLayout<Float>.stride, alignment: Int(MOTIF_ALIGNMENT)
  ) { bytes in
    let floats = bytes.bindMemory(to: Float.self)
    floats.initialize(repeating: 0)
    return body(floats.baseAddress!)
  }
}
