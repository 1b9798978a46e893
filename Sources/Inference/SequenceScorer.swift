public import Genomics
public import Models
internal import Networks
public import Tensors

/// How the windows of a sequence make its prediction.
public enum WindowReduction: String, CaseIterable, Sendable {
  /// The prediction for the best window.
  case max
  /// The mean of the predictions for the windows.
  case mean
  /// The sum of the predictions for the windows: of probabilities, the expected number of bound windows.
  case sum
}

/// Why a sequence can't be scored.
public enum UnscorableSequence: Error, Equatable, CustomStringConvertible, Sendable {
  case empty
  /// Shorter than the filters, which are this wide.
  case shorterThanFilters(width: Int)
  case mostlyUnknown
  /// Longer than those of training, and read beside numbers that hold for the whole of it.
  case longerThanTraining(longest: Int)

  public var description: String {
    switch self {
    case .empty: "empty sequence"
    case .shorterThanFilters(let width): "shorter than the model's filters (\(width) bases)"
    case .mostlyUnknown: "more than half of the bases unknown"
    case .longerThanTraining(let longest):
      "longer than the \(longest) bases that a model with side inputs reads"
    }
  }
}

/// The predictions for one sequence, and the windows that they come from.
public struct SequenceScore: Equatable, Sendable {
  /// One per task: a probability, or the number or score itself.
  public let predictions: [Float]
  /// The best window of each task, counted from the sequence's first base, and the strand on which it
  /// scores higher.
  public let windows: [(place: Range<Int>, strand: Strand)]
  /// The outputs for the best windows, one per task; what `predictions` are made of unless windows are
  /// averaged or summed.
  public let outputs: [Float]
  /// The number of windows that were scored; 1 for a sequence that is read whole.
  public let windowCount: Int

  /// The expected number of sites that score as high as the best window in a sequence as long, if it were of
  /// background (an E-value).
  ///
  /// - Returns: `nil` if the model knows no background, or the sequence isn't read by windows of its length.
  public func expectedByChance(task: Int, model: Model) -> Double? {
    guard windows[task].place.count == model.windowLength, !model.background.isEmpty else {
      return nil
    }
    return model.background[task].expectedSites(
      scoring: outputs[task], windows: windowCount,
      placesPerWindow: model.windowLength - SitePlacer(model).width + 1)
  }

  public static func == (one: SequenceScore, other: SequenceScore) -> Bool {
    one.predictions == other.predictions && one.outputs == other.outputs
      && one.windowCount == other.windowCount
      && one.windows.elementsEqual(other.windows, by: ==)
  }
}

extension ScoreDistribution {
  /// The number of sites that score as high to expect in so many windows of background, one at each base.
  ///
  /// That is the p-value times the number of windows that share no place of a site: windows that overlap mostly see the
  /// same site.
  package func expectedSites(scoring output: Float, windows: Int, placesPerWindow: Int) -> Double {
    (1 + Double(windows - 1) / Double(placesPerWindow)) * pValue(of: output)
  }
}

/// Scores sequences of any length.
///
/// A sequence no longer than those of training (`Model.lengths`) is read whole, as in training. In a longer
/// one every window of the model's length is scored, at each position, except windows of which more than
/// half is unknown: a network that pools over the whole of a longer sequence would give the same site
/// another output. A model that reads windows by a rule of its own keeps to that rule.
public struct SequenceScorer: Sendable {
  private let model: Model
  private let reduction: WindowReduction

  public init(_ model: Model, reduction: WindowReduction = .max) {
    self.model = model
    self.reduction = reduction
  }

  /// Scores sequences.
  ///
  /// - Returns: For each sequence its score, or why it has none.
  public func scores(of sequences: [EncodedSequence], threads: Int)
    -> [Result<SequenceScore, UnscorableSequence>]
  {
    scores(of: sequences.map { WindowedSequence($0) }, threads: threads)
  }

  /// Scores sequences whose windows may have numbers of their own beside them.
  ///
  /// - Parameter progress: Told the number of windows of long sequences that were scored since it was told last, by any
  ///   thread.
  /// - Returns: For each sequence its score, or why it has none.
  public func scores(
    of sequences: [WindowedSequence], threads: Int,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> [Result<SequenceScore, UnscorableSequence>] {
    let plans = plans(for: sequences, threads: threads, progress: progress)
    var reading = Reading(model, sequences)
    let rows = zip(sequences.indices, plans).map { index, plan -> Reading.Rows? in
      guard problem(of: sequences[index], plan) == nil else { return nil }
      return reading.add(plan, of: index)
    }
    reading.read(threads: threads, withStrands: true)
    return zip(zip(sequences, plans), rows).map { read, rows in
      guard let rows else { return .failure(problem(of: read.0, read.1) ?? .empty) }
      return .success(
        SequenceScore(
          predictions: predictions(of: read.1, reading.outputs(rows)),
          windows: Array(zip(read.1.places, reading.strands(rows))),
          outputs: reading.outputs(rows),
          windowCount: read.1.found?.count ?? 1))
    }
  }

  /// Why a sequence can't be scored; `nil` if it can, or if only reading it by windows can tell.
  public func problem(of sequence: WindowedSequence) -> UnscorableSequence? {
    let width = model.ensemble.filterSpan
    let bases = sequence.bases
    if bases.count == 0 { return .empty }
    if bases.count < width { return .shorterThanFilters(width: width) }
    if !hasWindows(sequence), bases.count > model.lengths.upperBound {
      return .longerThanTraining(longest: model.lengths.upperBound)
    }
    return bases.isMostlyUnknown && bases.count <= model.lengths.upperBound
      ? .mostlyUnknown : nil
  }

  /// Whether a longer sequence is read by windows: numbers beside the whole of it hold for none of them.
  private func hasWindows(_ sequence: WindowedSequence) -> Bool {
    model.sideNames.isEmpty || sequence.hasSideOfWindows
  }

  /// The predictions alone, `[sequence, task]`.
  ///
  /// A sequence that `scores` refuses is read whole, with unknown bases around it if it is too short.
  public func predictions(of sequences: [EncodedSequence], threads: Int) -> Tensor {
    let sequences = sequences.map { WindowedSequence($0) }
    let plans = plans(for: sequences, threads: threads)
    var reading = Reading(model, sequences)
    let rows = zip(sequences.indices, plans).map { reading.add($1, of: $0) }
    reading.read(threads: threads, withStrands: false)
    return Tensor(
      shape: [sequences.count, model.tasks.count],
      scalars: zip(plans, rows).flatMap { predictions(of: $0, reading.outputs($1)) })
  }

  /// What of a sequence is read.
  fileprivate struct Plan {
    /// `nil` if the sequence is read whole.
    let found: BestWindows?
    /// What each task's output is computed from.
    let read: [Range<Int>]
    /// The best window of each task.
    let places: [Range<Int>]
  }

  /// The windows of a sequence that are scored to find the best one.
  public func windowCount(of sequence: WindowedSequence) -> Int {
    isSearched(sequence) ? max(0, sequence.bases.count - model.windowLength + 1) : 0
  }

  /// Whether a sequence is longer than what is read whole.
  private func isSearched(_ sequence: WindowedSequence) -> Bool {
    let longest = model.ensemble.configuration.windows?.length ?? model.lengths.upperBound
    return hasWindows(sequence) && sequence.bases.count > longest
  }

  private func plans(
    for sequences: [WindowedSequence], threads: Int,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> [Plan] {
    let rule = model.ensemble.configuration.windows
    let length = model.windowLength
    let long = sequences.indices.filter { isSearched(sequences[$0]) }
    let searched = BestWindows.search(
      long.map { sequences[$0] }, length: length, model: model, withSums: reduction != .max,
      threads: threads, progress: progress)
    var plans = sequences.map { sequence in
      let whole = model.tasks.map { _ in 0..<sequence.bases.count }
      return Plan(found: nil, read: whole, places: whole)
    }
    for (index, found) in zip(long, searched) {
      let places = found.best.map { $0.start..<$0.start + length }
      plans[index] =
        rule == nil
        ? Plan(found: found, read: places, places: places)
        : Plan(found: nil, read: plans[index].read, places: places)
    }
    return plans
  }

  private func problem(of sequence: WindowedSequence, _ plan: Plan) -> UnscorableSequence? {
    problem(of: sequence) ?? (plan.found?.count == 0 ? .mostlyUnknown : nil)
  }

  private func predictions(of plan: Plan, _ outputs: [Float]) -> [Float] {
    guard let found = plan.found, found.count > 0, reduction != .max else {
      return model.objective.predictions(outputs)
    }
    return found.sums.map { Float(reduction == .mean ? $0 / Double(found.count) : $0) }
  }
}

/// The reading of stretches of sequences, each once, in one go.
private struct Reading {
  /// For each task the stretch that its output comes from, and its best window.
  struct Rows {
    let read, places: [Int]
  }

  private let model: Model
  private let sequences: [WindowedSequence]
  private var stretches: [EncodedSequence] = []
  private var read: [Float] = []
  private var isReverse: [Bool] = []

  init(_ model: Model, _ sequences: [WindowedSequence]) {
    self.model = model
    self.sequences = sequences
  }

  mutating func add(_ plan: SequenceScorer.Plan, of index: Int) -> Rows {
    var known: [Range<Int>: Int] = [:]
    func row(of range: Range<Int>) -> Int {
      if let row = known[range] { return row }
      stretches.append(sequences[index][range])
      known[range] = stretches.count - 1
      return stretches.count - 1
    }
    return Rows(read: plan.read.map(row), places: plan.places.map(row))
  }

  /// Computes the outputs of all stretches, to the bits that each has as a sequence of its own.
  mutating func read(threads: Int, withStrands: Bool) {
    if withStrands {
      (read, isReverse) = model.ensemble.strandedOutputs(stretches, threads: threads)
    } else {
      read = model.ensemble.outputs(stretches, threads: threads).scalars
    }
  }

  func outputs(_ rows: Rows) -> [Float] {
    let tasks = model.tasks.count
    return rows.read.enumerated().map { task, row in read[row * tasks + task] }
  }

  func strands(_ rows: Rows) -> [Strand] {
    let tasks = model.tasks.count
    return rows.places.enumerated().map { task, row in
      isReverse[row * tasks + task] ? .reverse : .forward
    }
  }
}

extension Ensemble {
  /// The bases that a filter reads: a shorter sequence has no place for it.
  fileprivate var filterSpan: Int {
    configuration.length == nil ? minimumLength : networks.map(\.stemSpan).max() ?? 1
  }
}
