internal import Glibc
internal import Kernels

/// Waits awake for about a tenth of a millisecond, and then asleep, so that another thread that wants the
/// processor gets it.
///
/// Not with `sched_yield`: a thread that yields all the time looks idle, and Linux then leaves it on
/// the processor of the thread it waits for.
struct SpinWait {
  private var waits = 0

  /// Whether it has waited for long enough that a look at the clock takes no time that matters.
  var isLong: Bool { waits >= 256 }

  /// Whether it has waited for so long that it goes on asleep.
  var isOver: Bool { waits >= 8192 }

  mutating func wait() {
    waits += 1
    if isOver { usleep(50) } else { spin_pause() }
  }
}
