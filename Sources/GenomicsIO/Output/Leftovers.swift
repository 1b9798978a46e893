import Glibc
import Synchronization

/// The temporary files, locks and new folders of this process, which must go however it ends.
///
/// Whoever makes, renames or removes one holds the lock of `leftovers` meanwhile. So a signal finds
/// either all of a step or nothing of it.
struct Leftovers {
  private var files: Set<String> = []
  /// Folders made for a run; they go if they are empty.
  private var folders: Set<String> = []
  /// What the user is told if a signal ends the run.
  fileprivate var words: String?

  mutating func add(_ path: String) { files.insert(path) }
  mutating func add(folder path: String) { folders.insert(path) }

  /// Forgets a file that got its own name, or is gone.
  mutating func forget(_ path: String) { files.remove(path) }
  mutating func forget(folder path: String) { folders.remove(path) }

  /// Removes a file.
  mutating func remove(_ path: String) {
    unlink(path)
    files.remove(path)
  }

  fileprivate mutating func removeAll() {
    for path in files { unlink(path) }
    for path in folders { rmdir(path) }
    (files, folders) = ([], [])
  }
}

let leftovers = Mutex(Leftovers())

/// What a user is told if a signal ends the run from now on; `nil` for nothing.
public func setWordsOnInterruption(_ words: String?) {
  leftovers.withLock { $0.words = words }
}

/// From now on a signal that ends the program removes what isn't complete first: Ctrl-C (SIGINT),
/// SIGTERM, SIGHUP and SIGQUIT. The process still ends by that signal, as its parent expects; a
/// second one ends it at once. Signals that are ignored, as `nohup` does, stay ignored.
///
/// - Precondition: No other thread has been started: threads inherit the mask that is set here.
public func removeLeftoversOnSignals() {
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] where !isIgnored(number) {
    signal(number, SIG_DFL)
    sigaddset(&signals, number)
  }
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  let waiting = UnsafeMutablePointer<sigset_t>.allocate(capacity: 1)
  waiting.initialize(to: signals)
  var thread = pthread_t()
  let status = pthread_create(
    &thread, nil,
    { waiting in
      endAtSignal(waiting!.assumingMemoryBound(to: sigset_t.self))
      return nil
    }, waiting)
  // Without the thread signals end the program as they always do.
  if status != 0 { pthread_sigmask(SIG_UNBLOCK, &signals, nil) }
}

private func isIgnored(_ number: Int32) -> Bool {
  var action = sigaction()
  guard sigaction(number, nil, &action) == 0 else { return false }
  return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    == unsafeBitCast(SIG_IGN, to: Int.self)
}

/// Waits for one of the signals, and ends the process by it.
private func endAtSignal(_ signals: UnsafeMutablePointer<sigset_t>) {
  var number: Int32 = 0
  while sigwait(signals, &number) != 0 {}
  // This thread can be ended by the next signal while it waits for a step to be completed.
  pthread_sigmask(SIG_UNBLOCK, signals, nil)
  leftovers.withLock { (leftovers: inout Leftovers) -> Void in
    leftovers.removeAll()
    if let words = leftovers.words { writeToStandardError(words) }
    // The lock is never given back: nothing new may be made.
    endProcess(by: number)
  }
}

/// Ends the process as the signal does that comes with a write to a closed pipe.
public func endByClosedPipe() -> Never { endProcess(by: SIGPIPE) }

/// Ends the process by a signal, even if it is ignored or blocked.
private func endProcess(by number: Int32) -> Never {
  signal(number, SIG_DFL)
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, number)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  raise(number)
  _exit(128 + number)
}
