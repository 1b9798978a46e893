import Genomics

/// How many of a probability's decimals are written.
private let one = 1_000_000

/// Four numbers that sum to 1, in millionths that do so too: the largest takes up the rounding.
private func millionths(_ probabilities: SIMD4<Double>) -> [Int] {
  var millionths = probabilities.indices.map { Int((probabilities[$0] * Double(one)).rounded()) }
  let largest = millionths.indices.max { millionths[$0] < millionths[$1] }!
  millionths[largest] += one - millionths.reduce(0, +)
  return millionths
}

/// Four numbers that sum to 1, with 6 decimals that do so too.
func decimals(_ probabilities: SIMD4<Double>) -> [String] {
  millionths(probabilities).map { "\($0 / one)." + String(one + $0 % one).dropFirst() }
}

/// The same without zeros at the end, but with three decimals at least, as HOMER writes them.
func shortDecimals(_ probabilities: SIMD4<Double>) -> [String] {
  decimals(probabilities).map { text in
    String(text.dropLast(text.suffix(3).reversed().prefix { $0 == "0" }.count))
  }
}

extension Motif {
  /// The counts of A, C, G and T at each position, as text: those of the file; else the probabilities times the
  /// number of sites, whole where six decimals of the probability allow it. Probabilities if nobody says how
  /// many sites there are.
  var countTexts: [[String]] {
    if let counts { return counts.map { column in column.indices.map { plain(column[$0]) } } }
    guard let siteCount else { return probabilities.columns.map(shortDecimals) }
    let sites = Double(siteCount)
    return probabilities.columns.map { column in
      column.indices.map { base in
        let count = column[base] * sites
        let isWhole = abs(count - count.rounded()) <= sites / Double(2 * one) + 1e-9
        return plain(isWhole ? count.rounded() : (count * Double(one)).rounded() / Double(one))
      }
    }
  }
}

/// A count in the fewest digits that give it back.
private func plain(_ count: Double) -> String {
  count == count.rounded() && count < 1e15 ? "\(Int(count))" : "\(count)"
}

/// The text as one word, so that it stays one field of one line.
func word(_ text: String) -> String {
  let scalars = text.unicodeScalars.map { scalar in
    let breaks = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    return breaks ? "_" : Character(scalar)
  }
  return scalars.isEmpty ? "_" : String(scalars)
}
