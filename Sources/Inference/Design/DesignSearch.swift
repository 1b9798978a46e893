internal import Genomics

/// The search for the edits of one start.
struct DesignSearch: Sendable {
  let aims: DesignAims
  let counter: FaultCounter
  let configuration: DesignConfiguration
  let start: [UInt8]
  /// The places that may change.
  let editable: [Int]

  /// A sequence on the way.
  struct State {
    var codes: [UInt8]
    var value: Double
    /// The number of places in which it differs from the start.
    var edits: Int
  }

  /// A change of one base.
  struct Move {
    let position: Int
    let base: UInt8
  }

  /// What a sequence is worth: its value less the cost of its edits.
  func merit(_ state: State) -> Double {
    state.value - configuration.editCost * Double(state.edits)
  }

  /// The start, changed until it keeps to the constraints: each time by the edit that mends most, of equals the one
  /// with the highest value.
  ///
  /// - Returns: `nil` if the edits aren't enough, or no single edit mends anything.
  func mended() -> State? {
    var state = State(codes: start, value: aims.values([start])[0], edits: 0)
    var faults = counter.faults(in: start)
    while faults > 0 {
      let moves = editable.flatMap { position -> [(move: Move, change: Int)] in
        let changes = counter.changes(in: state.codes, at: position)
        return (0..<4).compactMap { base in
          let move = Move(position: position, base: UInt8(base))
          guard changes[base] < 0, edits(of: state, after: move) <= configuration.mostEdits
          else { return nil }
          return (move, changes[base])
        }
      }
      guard let most = moves.map(\.change).min() else { return nil }
      let best = moves.filter { $0.change == most }.map(\.move)
      let mended = states(from: state, by: best)
      state = mended.max { $0.value < $1.value }!
      faults += most
    }
    return state
  }

  /// Takes the best of the moves that are offered, as long as it makes the sequence worth more.
  func climbed(from first: State, _ offer: (State) -> [State]) -> State {
    var state = first
    while state.value < aims.highestValue,
      let best = offer(state).max(by: { merit($0) < merit($1) }), improves(best, state)
    {
      state = best
    }
    return state
  }

  /// Whether a sequence is worth more, by more than a rounding.
  func improves(_ new: State, _ old: State) -> Bool { merit(new) > merit(old) + 1e-6 }

  /// The sequences that one edit makes of another.
  func allMoves(from state: State) -> [State] {
    let moves = allowedMoves(from: state)
    guard !moves.isEmpty else { return [] }
    let values = aims.substitutionValues(state.codes)
    return moves.map { move in
      changed(state, by: move, value: values[4 * move.position + Int(move.base)])
    }
  }

  /// Of the sequences that one edit makes the first few by the gradient's order; more of them while none is better.
  func steepMoves(from state: State) -> [State] {
    var moves = allowedMoves(from: state)
    let slopes = aims.slopes(state.codes)
    func gain(_ move: Move) -> Double {
      slopes[4 * move.position + Int(move.base)]
        - slopes[4 * move.position + Int(state.codes[move.position])]
        - configuration.editCost * Double(edits(of: state, after: move) - state.edits)
    }
    let gains = moves.map(gain)
    moves = moves.indices.sorted { (-gains[$0], $0) < (-gains[$1], $1) }.map { moves[$0] }
    var count = configuration.candidates
    while !moves.isEmpty {
      let found = states(from: state, by: Array(moves.prefix(count)))
      if found.contains(where: { improves($0, state) }) { return found }
      moves.removeFirst(min(count, moves.count))
      count *= 2
    }
    return []
  }

  /// The edits that break no constraint and are within the budget, in order.
  func allowedMoves(from state: State) -> [Move] {
    editable.flatMap { position -> [Move] in
      let changes = counter.changes(in: state.codes, at: position)
      return (0..<4).compactMap { base in
        let move = Move(position: position, base: UInt8(base))
        guard state.codes[position] != move.base, changes[base] <= 0,
          edits(of: state, after: move) <= configuration.mostEdits
        else { return nil }
        return move
      }
    }
  }

  /// The number of edits of a sequence after one more change.
  func edits(of state: State, after move: Move) -> Int {
    state.edits + (move.base == start[move.position] ? 0 : 1)
      - (state.codes[move.position] == start[move.position] ? 0 : 1)
  }

  func changed(_ state: State, by move: Move, value: Double) -> State {
    var codes = state.codes
    codes[move.position] = move.base
    return State(codes: codes, value: value, edits: edits(of: state, after: move))
  }

  /// The sequences that some changes make, each scored whole.
  func states(from state: State, by moves: [Move]) -> [State] {
    var made = moves.map { changed(state, by: $0, value: 0) }
    for (index, value) in aims.values(made.map(\.codes)).enumerated() { made[index].value = value }
    return made
  }

  /// Takes edits back that aren't worth their cost, the most needless first.
  func pruned(_ state: State) -> State {
    var state = state
    while true {
      let back = edited(state).compactMap { position -> Move? in
        let base = start[position]
        guard counter.changes(in: state.codes, at: position)[Int(base)] <= 0 else { return nil }
        return Move(position: position, base: base)
      }
      guard !back.isEmpty,
        let best = states(from: state, by: back).max(by: { merit($0) < merit($1) }),
        merit(best) >= merit(state)
      else { return state }
      state = best
    }
  }

  /// The places that differ from the start.
  func edited(_ state: State) -> [Int] {
    editable.filter { state.codes[$0] != start[$0] }
  }

  /// A sequence with what its edits are worth: each by what is lost without it.
  func result(_ state: State) -> DesignedSequence {
    let places = edited(state)
    let without = states(
      from: state, by: places.map { Move(position: $0, base: start[$0]) })
    let outputs = aims.outputs([start, state.codes])
    return DesignedSequence(
      start: EncodedSequence(codes: start), bases: EncodedSequence(codes: state.codes),
      edits: zip(places, without).map { place, other in
        DesignEdit(
          position: place, from: start[place], to: state.codes[place],
          worth: state.value - other.value)
      },
      startOutputs: outputs[0], outputs: outputs[1], isReached: aims.areReached(by: outputs[1]))
  }
}
