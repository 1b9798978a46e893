internal import Genomics

extension DesignSearch {
  /// The best sequence that a beam meets: of all edits of the sequences that it holds the best ones are held next.
  ///
  /// - Parameter width: The number of sequences that it holds.
  func beamed(from first: State, width: Int) -> State {
    var (beam, best) = ([first], first)
    for _ in first.edits..<max(first.edits, configuration.mostEdits) {
      guard best.value < aims.highestValue else { break }
      var seen: Set<[UInt8]> = []
      let next = beam.flatMap(allMoves).filter { seen.insert($0.codes).inserted }
      let order = next.indices.sorted { (-merit(next[$0]), $0) < (-merit(next[$1]), $1) }
      beam = order.prefix(width).map { next[$0] }
      guard let top = beam.first else { break }
      if improves(top, best) { best = top }
    }
    return best
  }

  /// The best sequence that an annealing meets (Kirkpatrick, Gelatt & Vecchi 1983): random edits, taken if they make the sequence
  /// worth more, and otherwise with the probability exp(change / temperature). The temperature falls by the same factor at
  /// each step.
  ///
  /// When all edits are used up, an edit is taken back together with the new one.
  func annealed(from first: State, using random: RandomStream) -> State {
    guard !editable.isEmpty else { return first }
    var (state, best, random) = (first, first, random)
    let (steps, range) = (configuration.steps, configuration.temperatures)
    let fall = portableLogarithm(range.lowerBound / range.upperBound) / Double(max(1, steps - 1))
    for step in 0..<steps where best.value < aims.highestValue {
      guard let proposed = proposal(from: state, using: &random) else { continue }
      let change = merit(proposed) - merit(state)
      let temperature = range.upperBound * portableExponential(fall * Double(step))
      let draw: Double = random.uniform()
      if change >= 0 || draw < portableExponential(change / temperature) { state = proposed }
      if improves(state, best) { best = state }
    }
    return best
  }

  /// A random edit that is allowed, and its score; `nil` if the one that was drawn isn't.
  private func proposal(from state: State, using random: inout RandomStream) -> State? {
    var next = state
    let position = editable[random.next(below: editable.count)]
    let base = UInt8((Int(state.codes[position]) + 1 + random.next(below: 3)) % 4)
    let move = Move(position: position, base: base)
    if edits(of: next, after: move) > configuration.mostEdits {
      let used = edited(state)
      guard !used.isEmpty else { return nil }
      let place = used[random.next(below: used.count)]
      next = changed(next, by: Move(position: place, base: start[place]), value: 0)
    }
    next = changed(next, by: move, value: 0)
    guard next.edits <= configuration.mostEdits, counter.faults(in: next.codes) == 0 else {
      return nil
    }
    next.value = aims.values([next.codes])[0]
    return next
  }
}
