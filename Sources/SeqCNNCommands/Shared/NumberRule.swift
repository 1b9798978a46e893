internal import ArgumentParser
internal import Genomics

/// Which numbers an option takes.
///
/// The parser says that a text is no number, `validate` that a number is out of range: both in these
/// words.
struct NumberRule: Sendable {
  /// With its dashes.
  let option: String
  /// What follows `take`.
  let words: String
  private let allows: @Sendable (Double) -> Bool

  private init(
    _ option: String, _ words: String, where allows: @escaping @Sendable (Double) -> Bool
  ) {
    self.option = option
    self.words = words
    self.allows = allows
  }

  private init(_ option: String, _ range: ClosedRange<Int>) {
    self.init(option, "\(range.lowerBound) to \(range.upperBound)") {
      Double(range.lowerBound)...Double(range.upperBound) ~= $0
    }
  }

  /// - Throws: `ValidationError` for a number that the option doesn't take.
  func check(_ value: Int?) throws {
    if let value, !allows(Double(value)) { throw refusal(of: "\(value)") }
  }

  /// - Throws: `ValidationError` for a number that the option doesn't take.
  func check(_ value: Double?) throws {
    if let value, !allows(value) { throw refusal(of: "\(value)") }
  }

  /// What is said of a value that isn't taken.
  func refusal(of text: String) -> ValidationError {
    ValidationError("\(option) is \(text); take \(words)")
  }
}

extension NumberRule {
  static let threads = NumberRule("--threads", 1...4096)
  static let length = NumberRule("--length", 1...100_000)
  static let tasks = NumberRule("--tasks", 1...65536)
  static let examples = NumberRule("--examples", 1...1_000_000_000)
  static let epochs = NumberRule("--epochs", 1...1_000_000)
  static let latent = NumberRule("--latent", 1...65536)
  static let layer = NumberRule("--layer", 0...65536)
  static let filters = NumberRule("--filters", 1...65536)
  static let number = NumberRule("--number", 1...1_000_000_000)
  static let trials = NumberRule("--trials", 1...100_000)
  static let folds = NumberRule("--folds", 2...100)
  static let windowSize = NumberRule("--window-size", 1...1_000_000)
  static let backgrounds = NumberRule("--backgrounds", 1...1_000_000)
  static let largestGap = NumberRule("--largest-gap", 0...100_000)
  static let shuffles = NumberRule("--shuffles", 1...1_000_000)
  static let sequences = NumberRule("--sequences", 1...1_000_000_000)
  static let sites = NumberRule("--sites", 1...1000)
  static let gap = NumberRule("--gap", 0...100_000)
  static let gc = NumberRule("--gc", "a share from 0 to 1") { 0...1 ~= $0 }
  static let maps = NumberRule("--maps", 0...1_000_000)
  static let groups = NumberRule("--groups", 1...100)
  static let references = NumberRule("--references", 1...10_000)
  static let top = NumberRule("--top", 1...1_000_000_000)
  static let backgroundVariants = NumberRule(
    "--background-variants", "0, or 100 to 1000000"
  ) { $0 == 0 || 100...1_000_000 ~= $0 }
  static let qValue = NumberRule("--q-value", "a number above 0, up to 1") { $0 > 0 && $0 <= 1 }
  static let fdr = NumberRule("--fdr", "a number above 0, up to 1") { $0 > 0 && $0 <= 1 }
  static let pValue = NumberRule("--p-value", "a number above 0, up to 1") { $0 > 0 && $0 <= 1 }
  static let threshold = NumberRule("--threshold", "a number", where: \.isFinite)
  static let eValue = NumberRule("--threshold", "a number above 0") { $0 > 0 && $0.isFinite }
  static let clusterThreshold = NumberRule("--threshold", "a number above 0, up to 1") {
    $0 > 0 && $0 <= 1
  }
  static let prior = NumberRule("--prior", "a share above 0 and below 1") { $0 > 0 && $0 < 1 }
  static let negativeRatio = NumberRule("--negative-ratio", "above 0 to 1000") {
    $0 > 0 && $0 <= 1000
  }
  static let tune = NumberRule("--tune", 0...1_000_000)
  static let hidden = NumberRule("--hidden", 1...65536)
  static let flank = NumberRule("--flank", 0...1000)
  static let leastScore = NumberRule("--least-score", "a number", where: \.isFinite)
  static let goal = NumberRule("--goal", "a number", where: \.isFinite)
  static let ceiling = NumberRule("--ceiling", "a number", where: \.isFinite)
  static let maxEdits = NumberRule("--max-edits", 0...100_000)
  static let random = NumberRule("--random", 1...1_000_000)
  static let editCost = NumberRule("--edit-cost", "a number from 0 on") { $0 >= 0 && $0.isFinite }
  static let beamWidth = NumberRule("--beam-width", 1...10_000)
  static let steps = NumberRule("--steps", 1...1_000_000_000)
  static let temperature = NumberRule("--temperature", "a number above 0") {
    $0 > 0 && $0.isFinite
  }
  private static let seed = NumberRule("--seed", "0 to \(UInt64.max)") { $0 >= 0 }
  private static let shard = NumberRule(
    "--shard", "i/n, n from 1 to \(Shard.mostShards) and i from 1 to n"
  ) { _ in true }

  private static let all = [
    threads, length, tasks, examples, epochs, trials, folds, windowSize, maps, references, top, fdr,
    qValue, pValue, backgrounds, backgroundVariants, largestGap, shuffles, gc, sequences, sites,
    gap, threshold, groups,
    negativeRatio, prior, seed, shard, goal, ceiling, maxEdits, random, editCost, beamWidth, steps,
    temperature, flank, leastScore, tune, hidden, latent, number,
  ]

  /// What the parser's words for a value that it can't read become; `nil` for other words.
  static func reworded(_ message: String) -> String? {
    guard
      let match = message.wholeMatch(
        of: /(?s)The value '(.*)' is invalid for '(--[a-z-]+)( <[^>]*>)?'.*/),
      let rule = all.first(where: { $0.option == match.2 })
    else { return nil }
    let text = String(match.1)
    let isPlain =
      !text.isEmpty && text.utf8.allSatisfy { 0x21..<0x7f ~= $0 } && text.utf8.count <= 40
    return rule.refusal(of: isPlain ? text : text.quoted).message
  }
}
