import Genomics

/// The values of a column that may be a task, gathered row by row.
struct LabelColumn {
  let name: String
  /// Its place in the header, counted from 0.
  let index: Int
  /// One per row; `nil` if nothing was measured, and where the text is no number.
  private(set) var values: [Float?] = []
  /// The first text that is no finite number.
  private(set) var firstBad: (line: Int, text: String)?
  private var hasNumbers = false
  /// The texts of all rows, if they are asked for.
  private(set) var texts: [String]?
  private var hasOnlyClassWords = true

  init(name: String, index: Int, keepsTexts: Bool = false) {
    self.name = name
    self.index = index
    texts = keepsTexts ? [] : nil
  }

  /// Whether a text says that nothing was measured.
  static func isMissing(_ text: String) -> Bool { text.isEmpty || text == "NA" }

  /// Whether there are words, and no number.
  var holdsWords: Bool { firstBad != nil && !hasNumbers }

  mutating func append(_ text: String, line: Int) {
    texts?.append(text)
    guard !Self.isMissing(text) else { return values.append(nil) }
    let isWritten = text.utf8.allSatisfy("0123456789+-.eE".utf8.contains)
    if isWritten, let value = Float(text), value.isFinite {
      hasNumbers = true
      return values.append(value)
    }
    // `inf`, `1e99` and `1,5` are numbers that can't be used, not words.
    if Double(text) != nil || text.utf8.allSatisfy("0123456789+-.,eE".utf8.contains) {
      hasNumbers = true
    }
    hasOnlyClassWords = hasOnlyClassWords && Self.classWords.contains(text.lowercased())
    firstBad = firstBad ?? (line, text)
    values.append(nil)
  }

  /// Names that people give to labels alone.
  private static let labelNames: Set = ["label", "labels", "class", "target", "bound", "y"]
  /// Words that people write for classes.
  private static let classWords: Set = [
    "true", "false", "t", "f", "yes", "no", "y", "n", "pos", "neg", "positive", "negative",
    "bound", "unbound",
  ]

  /// Whether the values are words that nobody meant for labels: not one is a number, and neither name nor
  /// words are those of classes.
  var holdsOnlyWords: Bool {
    firstBad != nil && !hasNumbers && !hasOnlyClassWords
      && !Self.labelNames.contains(name.lowercased())
  }

  private static let fewestRows = 3

  /// Whether the values are the rows' numbers, counted from 0 or 1, in any order.
  var numbersRows: Bool {
    let numbers = values.compactMap { value in value.flatMap { Int(exactly: $0) } }
    guard numbers.count == values.count, numbers.count >= Self.fewestRows,
      let first = numbers.min(), first == 0 || first == 1
    else { return false }
    var seen = [Bool](repeating: false, count: numbers.count)
    for number in numbers {
      guard number - first < seen.count, !seen[number - first] else { return false }
      seen[number - first] = true
    }
    return true
  }

  /// What is wrong with the values as labels, and where; `nil` if nothing is.
  var problem: (line: Int, problem: TableProblem)? {
    firstBad.map { ($0.line, .badLabel(task: name, text: $0.text)) }
  }
}
