internal import Dispatch
internal import GenomicsIO
internal import Synchronization

/// Writes a line of words to standard error, over a progress line that may stand there.
func say(_ line: String) {
  writeToStandardError((standardErrorIsTerminal ? eraseLine : "") + line + "\n")
}

/// What makes a terminal erase the line that the cursor is in.
private let eraseLine = "\u{1B}[2K"

/// What a command tells while it works: nothing with `--quiet`.
struct Console: Sendable {
  let isQuiet: Bool

  func note(_ line: String) {
    if !isQuiet { say(line) }
  }

  /// A progress line for work of `total` units; without a total it only counts.
  func progress(_ label: String, unit: String, total: Int?) -> Progress {
    Progress(label: label, unit: unit, total: total, isQuiet: isQuiet)
  }
}

/// Tells how far some work has come: a line that is redrawn on a terminal, a plain line every 30
/// seconds elsewhere.
struct Progress {
  private let label: String
  private let unit: String
  private var total: Int?
  private let isQuiet: Bool
  private let isTerminal = standardErrorIsTerminal
  private var began = DispatchTime.now().uptimeNanoseconds
  private var lastShown: UInt64
  private var isDrawn = false

  fileprivate init(label: String, unit: String, total: Int?, isQuiet: Bool) {
    self.label = label
    self.unit = unit
    self.total = total
    self.isQuiet = isQuiet
    lastShown = began
  }

  /// Begins work of so many units.
  fileprivate mutating func begin(total: Int) {
    self.total = total
    began = DispatchTime.now().uptimeNanoseconds
    lastShown = began
  }

  /// Shows the state if it is time to.
  ///
  /// - Parameter share: That of the work which is done, for work without a total; asked for if it is shown.
  mutating func update(
    _ done: Int, share: @autoclosure () -> Double? = nil, detail: String = ""
  ) {
    guard !isQuiet else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    guard now - lastShown > (isTerminal ? 100_000_000 : 30_000_000_000) else { return }
    lastShown = now
    let line = state(
      done, share: share(), seconds: Double(now - began) / 1e9, detail: detail)
    if isTerminal {
      isDrawn = true
      draw(line)
    } else {
      say(line)
    }
  }

  /// Takes the line away.
  mutating func finish() {
    if isDrawn { draw("") }
  }

  /// A line that is longer than the terminal is wide would stay, in part, when the next one is drawn.
  private func draw(_ line: String) {
    writeToStandardError(eraseLine + line.prefix(standardErrorColumns - 1) + "\r")
  }

  private func state(_ done: Int, share: Double?, seconds: Double, detail: String) -> String {
    let rate = Double(done) / max(seconds, 1e-3)
    var line = "\(label): \(grouped(done))"
    let known = total.flatMap { $0 > 0 ? Double(done) / Double($0) : nil } ?? share
    if let known, known > 0 {
      let remaining = seconds * max(0, 1 - known) / known
      let share = "\(Int(100 * known))%"
      line =
        "\(label) [\(Self.bar(known))] \(share) \(grouped(Int(rate))) \(unit)/s, \(duration(remaining)) left"
      // What work tells of itself is worth more than the bar.
      if isTerminal, line.count + 2 + detail.count >= standardErrorColumns {
        line = "\(label) \(share), \(duration(remaining)) left"
      }
    } else {
      line += " \(unit), \(grouped(Int(rate))) \(unit)/s"
    }
    return detail.isEmpty ? line : "\(line)  \(detail)"
  }

  private static func bar(_ share: Double) -> String {
    let width = 20
    let filled = min(width, Int(Double(width) * share))
    return String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
  }
}

/// The progress of work that several threads do.
final class SharedProgress: Sendable {
  private let state: Mutex<(line: Progress, done: Int, detail: String)>

  init(_ line: sending Progress) {
    state = Mutex((line, 0, ""))
  }

  /// Says how many units there are.
  func begin(total: Int) {
    state.withLock { $0.line.begin(total: total) }
  }

  /// Counts more units as done, and shows the state if it is time to.
  func add(_ count: Int) {
    state.withLock { state in
      state.done += count
      state.line.update(state.done, detail: state.detail)
    }
  }

  /// Says what stands behind the line from now on.
  func tell(_ detail: String) {
    state.withLock { $0.detail = detail }
  }

  /// Takes the line away.
  func finish() {
    state.withLock { $0.line.finish() }
  }
}

/// A share in whole percent; of less than one percent with one decimal.
func percent(_ share: Double) -> String {
  let value = 100 * share
  return (value > 0 && value < 1 ? fixed(value, 1) : "\(Int(value.rounded()))") + " %"
}

/// A whole number with its thousands apart: `63,025,520`.
func grouped(_ number: Int) -> String {
  var digits = String(number.magnitude)
  var groups: [Substring] = []
  while digits.count > 3 {
    groups.insert(digits.suffix(3), at: 0)
    digits = String(digits.dropLast(3))
  }
  return (number < 0 ? "-" : "") + ([Substring(digits)] + groups).joined(separator: ",")
}

/// A number of seconds as people say it: `12 s`, `3 min 5 s`, `2 h 10 min`.
func duration(_ seconds: Double) -> String {
  let whole = Int(min(seconds.rounded(), 1e9))
  switch whole {
  case ..<60: return "\(whole) s"
  case ..<3600: return "\(whole / 60) min \(whole % 60) s"
  default: return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
  let scaled = (abs(value) * scale).rounded()
  guard scaled.isFinite, scaled < 1e15 else { return "\(value)" }
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard decimals > 0 else { return sign + padded }
  return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}

/// A number of a table with four significant digits or more: six decimals where they are enough.
func precise(_ value: Double) -> String {
  abs(value) < 1e-3 ? figure(value, 0) : figure(value, 6)
}

/// A number with a fixed count of decimals where they show it, else with four significant digits, so that
/// nothing but 0 reads as 0: `0.25`, `1.234e-05`, `5.125e+12`.
func figure(_ value: Double, _ decimals: Int) -> String {
  if value == 0 { return "0" }
  let least = (0..<max(0, decimals - 1)).reduce(1.0) { scale, _ in scale / 10 }
  guard value.isFinite, abs(value) < least || abs(value) >= 1e7 else {
    return fixed(value, decimals)
  }
  var (digits, exponent) = (abs(value), 0)
  while digits >= 9.9995 { (digits, exponent) = (digits / 10, exponent + 1) }
  while digits < 0.99995 { (digits, exponent) = (digits * 10, exponent - 1) }
  let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
  return (value < 0 ? "-" : "") + fixed(digits, 3) + (exponent < 0 ? "e-" : "e+") + power
}
