internal import Kernels

extension Array where Element: BitwiseCopyable {
  /// Makes an array whose elements a function writes, all of them.
  ///
  /// It takes half the time of `init(unsafeUninitializedCapacity:initializingWith:)` on two threads:
  /// that looks the type of its storage up in a table whose readers are counted.
  init(count: Int, writtenBy write: (UnsafeMutablePointer<Element>) -> Void) {
    self = []
    guard count > 0 else { return }
    append(addingCapacity: count) { elements in
      elements.withUnsafeMutableBufferPointer { buffer, initializedCount in
        // Few arrays are so large that the call is worth its time.
        if count > 1 << 20 {
          expect_writes(buffer.baseAddress!, Int64(count * MemoryLayout<Element>.stride))
        }
        write(buffer.baseAddress!)
        initializedCount = count
      }
    }
  }
}
