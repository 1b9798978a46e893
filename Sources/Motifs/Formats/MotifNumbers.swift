import Genomics

/// How many of a probability's decimals are written, unless a file gives more.
private let one = 1_000_000

/// Four numbers that sum to 1, in millionths that do so too: the largest takes up the rounding.
private func millionths(_ probabilities: SIMD4<Double>) -> [Int] {
  var millionths = probabilities.indices.map { Int((probabilities[$0] * Double(one)).rounded()) }
  let largest = millionths.indices.max { millionths[$0] < millionths[$1] }!
  millionths[largest] += one - millionths.reduce(0, +)
  return millionths
}

/// A number in millionths, with 6 decimals or fewer: zeros at the end are left out down to `least` decimals.
private func text(millionths: Int, decimals least: Int) -> String {
  let text = "\(millionths / one)." + String(one + millionths % one).dropFirst()
  return String(text.dropLast(text.suffix(6 - least).reversed().prefix { $0 == "0" }.count))
}

/// Four numbers that sum to 1, with 6 decimals that do so too.
func decimals(_ probabilities: SIMD4<Double>) -> [String] {
  millionths(probabilities).map { text(millionths: $0, decimals: 6) }
}

/// Four numbers of a file: the decimals that give them back, but no fewer than `least`.
func exactDecimals(_ numbers: SIMD4<Double>, least: Int = 6) -> [String] {
  numbers.indices.map { index in
    let rounded = (numbers[index] * Double(one)).rounded()
    return rounded / Double(one) == numbers[index]
      ? text(millionths: Int(rounded), decimals: least) : "\(numbers[index])"
  }
}

extension Motif {
  /// The probabilities of A, C, G and T at each position, as text: those of the file as they are; the shares of
  /// its counts with 6 decimals, as MEME Suite rounds them; of a motif that is of no file, 6 decimals that sum to 1.
  ///
  /// - Parameter least: Zeros at the end are left out down to so many decimals.
  func probabilityTexts(decimals least: Int) -> [[String]] {
    if let givenProbabilities { return givenProbabilities.map { exactDecimals($0, least: least) } }
    if let counts { return counts.map { exactDecimals(shares(of: $0), least: least) } }
    return probabilities.columns.map { column in
      millionths(column).map { text(millionths: $0, decimals: least) }
    }
  }

  /// The counts of A, C, G and T at each position, as text: those of `countColumns`; probabilities if nobody says how
  /// many sites there are.
  var countTexts: [[String]] {
    countColumns.map { $0.map { column in column.indices.map { plain(column[$0]) } } }
      ?? probabilityTexts(decimals: 3)
  }

  /// The counts of A, C, G and T at each position: those of the file; else the probabilities times the number of
  /// sites, whole if that gives the same six decimals; `nil` if nobody says how many sites there are.
  var countColumns: [SIMD4<Double>]? {
    if let counts { return counts }
    guard let siteCount else { return nil }
    return (givenProbabilities ?? probabilities.columns).map { column in
      let counts = column * Double(siteCount)
      let whole = counts.rounded(.toNearestOrAwayFromZero)
      let isEnough = whole.sum() > 0 && shares(of: whole) == sixDecimals(column)
      return isEnough ? whole : sixDecimals(counts)
    }
  }

  /// The probabilities that counts of a position stand for, rounded to 6 decimals. Their sum may miss the number of
  /// sites by the rounding of probabilities that they were made of.
  private func shares(of counts: SIMD4<Double>) -> SIMD4<Double> {
    let (sum, sites) = (counts.sum(), Double(siteCount ?? 0))
    return sixDecimals(counts / (abs(sum - sites) <= 2 * sites / Double(one) ? sites : sum))
  }
}

private func sixDecimals(_ numbers: SIMD4<Double>) -> SIMD4<Double> {
  (numbers * Double(one)).rounded(.toNearestOrAwayFromZero) / Double(one)
}

/// A count in the fewest digits that give it back.
private func plain(_ count: Double) -> String {
  count == count.rounded() && count < 1e15 ? "\(Int(count))" : "\(count)"
}

/// The text as what may follow a name in the same line: words between single spaces.
func words(_ text: String) -> String {
  let words = text.split(whereSeparator: \.isWhitespace).map { word(String($0)) }
  return words.isEmpty ? word(text) : words.joined(separator: " ")
}

/// The text as one word, so that it stays one field of one line.
func word(_ text: String) -> String {
  let scalars = text.unicodeScalars.map { scalar in
    let breaks = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    return breaks ? "_" : Character(scalar)
  }
  return scalars.isEmpty ? "_" : String(scalars)
}
