public import Genomics
internal import Parallel

/// How edits are searched for.
public enum DesignMethod: String, CaseIterable, Sendable {
  /// The best of all edits, one after the other.
  case greedy
  /// The best of the edits that the gradient names, one after the other.
  case gradient
  /// The best edits of several sequences at a time.
  case beam
  /// Random edits, those that make it worse ever more rarely.
  case anneal
}

/// How sequences are designed.
public struct DesignConfiguration: Sendable {
  public var method = DesignMethod.greedy
  /// The most places in which a design differs from its start.
  public var mostEdits = 12
  /// What an edit has to be worth.
  public var editCost = 0.0
  /// The sequences that a beam holds. What misses its goal is searched for again with beams of this width and of four
  /// times it.
  public var beamWidth = 8
  /// The edits that are scored at each step by the gradient's order.
  public var candidates = 24
  /// The proposals of an annealing.
  public var steps = 2000
  /// The temperatures at which an annealing begins and ends, in units of the output.
  public var temperatures = 1.0...1.0
  public var seed: UInt64 = 1

  public init(method: DesignMethod = .greedy, mostEdits: Int = 12) {
    (self.method, self.mostEdits) = (method, mostEdits)
    temperatures = 0.01...1
  }
}

/// Why no sequence can be designed from a start.
public enum UndesignableStart: Error, Equatable, CustomStringConvertible, Sendable {
  case unknownBases
  case faulty(edits: Int)

  public var description: String {
    switch self {
    case .unknownBases: "holds unknown bases"
    case .faulty(let edits): "doesn't keep to the constraints within \(edits) edits"
    }
  }
}

/// Edits sequences until models give them the outputs that are wanted, and keeps to constraints.
///
/// A start that breaks constraints is mended first, by the edits that mend most. From then on no edit breaks one.
public struct SequenceDesigner: Sendable {
  public let aims: DesignAims
  public let constraints: DesignConstraints
  public let configuration: DesignConfiguration

  public init(
    _ aims: DesignAims, constraints: DesignConstraints = DesignConstraints(),
    configuration: DesignConfiguration = DesignConfiguration()
  ) {
    (self.aims, self.constraints, self.configuration) = (aims, constraints, configuration)
  }

  /// Designs a sequence from each start.
  ///
  /// - Parameters:
  ///   - protected: Of each start the places that stay as they are.
  ///   - progress: Called on any thread for each start that is done.
  /// - Precondition: All models read the starts whole; the constraints allow sequences of their lengths.
  public func designs(
    from starts: [EncodedSequence], protected: [Set<Int>], threads: Int,
    progress: @escaping @Sendable () -> Void = {}
  ) -> [Result<DesignedSequence, UndesignableStart>] {
    concurrentMap(starts.count, threads: threads) { index in
      defer { progress() }
      return design(from: starts[index], protected: protected[index], index: index)
    }
  }

  private func design(from start: EncodedSequence, protected: Set<Int>, index: Int)
    -> Result<DesignedSequence, UndesignableStart>
  {
    guard start.codes.allSatisfy({ $0 != EncodedSequence.unknown }) else {
      return .failure(.unknownBases)
    }
    let search = DesignSearch(
      aims: aims, counter: FaultCounter(constraints, length: start.count),
      configuration: configuration, start: start.codes,
      editable: start.codes.indices.filter { !protected.contains($0) })
    guard let mended = search.mended() else {
      return .failure(.faulty(edits: configuration.mostEdits))
    }
    return .success(search.result(search.pruned(found(by: search, from: mended, index: index))))
  }

  /// The best sequence that the method finds; where it misses the goal, that of wider and wider beams.
  private func found(by search: DesignSearch, from mended: DesignSearch.State, index: Int)
    -> DesignSearch.State
  {
    var found =
      switch configuration.method {
      case .greedy: search.climbed(from: mended) { search.allMoves(from: $0) }
      case .gradient: search.climbed(from: mended) { search.steepMoves(from: $0) }
      case .beam: search.beamed(from: mended, width: configuration.beamWidth)
      case .anneal:
        search.annealed(
          from: mended, using: RandomStream(seed: configuration.seed, .annealedDesign, index))
      }
    guard aims.highestValue.isFinite else { return found }
    let (width, isBeam) = (configuration.beamWidth, configuration.method == .beam)
    for width in isBeam ? [4 * width] : [width, 4 * width]
    where found.value < aims.highestValue {
      let wider = search.beamed(from: mended, width: width)
      if search.improves(wider, found) { found = wider }
    }
    return found
  }
}
