extension Array {
  /// So many elements, or all if there are fewer, evenly spread.
  package func evenly(_ most: Int) -> [Element] {
    guard count > most, most > 0 else { return most > 0 ? self : [] }
    return (0..<most).map { self[$0 * count / most] }
  }
}
