internal import Kernels

/// Numbers of which the first stands at the start of a cache line, as the kernels want rows.
struct AlignedArray<Number: Numeric & BitwiseCopyable & Sendable>: Sendable {
  let count: Int
  private let storage: [Number]

  private static var alignment: Int { Int(MOTIF_ALIGNMENT) }
  private static var spare: Int { alignment / MemoryLayout<Number>.stride }

  /// - Parameter initialize: Writes all of them.
  init(count: Int, initializingWith initialize: (UnsafeMutablePointer<Number>) -> Void) {
    self.count = count
    storage = [Number](count: count + Self.spare) { numbers in
      let offset = Self.offset(of: UnsafeRawPointer(numbers))
      numbers.initialize(repeating: 0, count: offset)
      initialize(numbers + offset)
      (numbers + offset + count).initialize(repeating: 0, count: Self.spare - offset)
    }
  }

  func withUnsafePointer<Result>(_ body: (UnsafePointer<Number>) -> Result) -> Result {
    storage.withUnsafeBufferPointer {
      body($0.baseAddress! + Self.offset(of: UnsafeRawPointer($0.baseAddress!)))
    }
  }

  /// The storage is never written again, so it stays where it was made.
  private static func offset(of address: UnsafeRawPointer) -> Int {
    (-Int(bitPattern: address) & (alignment - 1)) / MemoryLayout<Number>.stride
  }
}

/// Calls a function with zeros that stand as those of an `AlignedArray` do.
func withZeros<Result>(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
  withUnsafeTemporaryAllocation(
    byteCount: count * MemoryLayout<Float>.stride, alignment: Int(MOTIF_ALIGNMENT)
  ) { bytes in
    let floats = bytes.bindMemory(to: Float.self)
    floats.initialize(repeating: 0)
    return body(floats.baseAddress!)
  }
}
