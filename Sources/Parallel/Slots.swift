/// Memory in which no thread writes what another writes or reads at that time, but for atomics.
///
/// That is what the compiler can't see, and what the caller that uses it has to ensure.
struct Slots<Element: ~Copyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
}
