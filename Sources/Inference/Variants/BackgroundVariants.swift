internal import Datasets
internal import Genomics
public import GenomicsIO
public import Models
internal import Networks
internal import Parallel
internal import Synchronization
internal import Tensors

/// Random changes of background sequence, against which variants are compared.
///
/// Background is dinucleotide shuffles of windows of a genome. The changes of a kind are made when a variant of that
/// kind comes up; they depend on the seed alone.
public final class BackgroundVariants: Sendable {
  /// The number of changes of each kind.
  public let count: Int
  private let model: Model
  private let sources: [EncodedSequence]
  private let seed: UInt64
  private let threads: Int
  private let known = Mutex<[ChangeKind: VariantBackground]>([:])

  /// All tasks together have so many differences of a kind at most, unless more are asked for.
  private static let mostDifferences = 1_000_000
  private static let leastChanges = 1000
  private static let changesPerBlock = 5000

  /// - Parameters:
  ///   - genome: What windows are shuffled of.
  ///   - count: The number of changes of each kind; by default 10,000, and fewer for networks that take long or
  ///     have many tasks.
  /// - Returns: `nil` if no window of the genome is known by half.
  /// - Throws: What reading the genome throws.
  public init?(of model: Model, genome: Genome, count: Int? = nil, seed: UInt64, threads: Int)
    throws
  {
    sources = try backgroundWindows(
      of: genome, length: Self.length(around: ChangeKind.largestSize, window: model.windowLength),
      seed: seed, threads: threads)
    guard !sources.isEmpty else { return nil }
    self.count = count ?? Self.defaultCount(for: model)
    (self.model, self.seed, self.threads) = (model, seed, threads)
  }

  private static func defaultCount(for model: Model) -> Int {
    let plan = BackgroundPlan(for: model.ensemble, length: model.windowLength)
    return min(plan.sampleCount / 2, max(leastChanges, mostDifferences / model.tasks.count))
  }

  /// The bases that a change of so many has around it in any window that is centred on it, and its own.
  private static func length(around size: Int, window: Int) -> Int { size + 2 * (window / 2 + 1) }

  /// What the changes of a kind do.
  func background(of kind: ChangeKind) -> VariantBackground {
    known.withLock { known in
      if let background = known[kind] { return background }
      let background = made(of: kind)
      known[kind] = background
      return background
    }
  }

  private func made(of kind: ChangeKind) -> VariantBackground {
    let tasks = model.tasks.count
    var differences = [[Float]](repeating: [], count: tasks)
    var outputs = differences
    for first in stride(from: 0, to: count, by: Self.changesPerBlock) {
      let windows = windows(of: kind, changes: first..<min(first + Self.changesPerBlock, count))
      let read = model.ensemble.outputs(windows, threads: threads).scalars
      for reference in stride(from: 0, to: read.count, by: 2 * tasks) {
        for task in 0..<tasks {
          outputs[task].append(read[reference + task])
          differences[task].append(abs(read[reference + tasks + task] - read[reference + task]))
        }
      }
    }
    return VariantBackground(differences: differences, outputs: outputs)
  }

  /// The windows of some changes, with and without each.
  private func windows(of kind: ChangeKind, changes: Range<Int>) -> [EncodedSequence] {
    let (sources, seed, window) = (sources, seed, model.windowLength)
    let length = Self.length(around: kind.size, window: window)
    return concurrentMap(changes.count, threads: threads) { place in
      let index = changes.lowerBound + place
      var random = RandomStream(
        seed: seed, .backgroundVariants, kind.isIndel ? 1 : 0, kind.size, index)
      var shuffler = DinucleotideShuffler()
      let source = sources[index % sources.count]
      let start = (source.count - length) / 2
      let shuffled = shuffler.shuffled(source[start..<start + length], using: &random)
      let change = kind.randomChange(of: shuffled.codes, using: &random)
      return [change.reference, change.alternate].map {
        EncodedSequence(codes: Array($0.window(of: window)))
      }
    }.flatMap { $0 }
  }
}

/// What random changes of one kind do to the outputs of background sequence.
struct VariantBackground: Sendable {
  /// For each task by how much the output differs, ascending.
  private let differences: [[Float]]
  /// For each task the outputs without the change, ascending.
  private let outputs: [[Float]]

  /// - Parameters:
  ///   - differences: The sizes of the differences, `[task][change]`.
  ///   - outputs: `[task][change]`.
  init(differences: [[Float]], outputs: [[Float]]) {
    self.differences = differences.map { $0.sorted() }
    self.outputs = outputs.map { $0.sorted() }
  }

  /// Where the outputs of two alleles stand, one per task.
  func standing(of alleles: AlleleOutputs) -> [BackgroundStanding] {
    differences.indices.map { task in
      let difference = abs(alleles.difference(task: task))
      let active = max(alleles.reference[task], alleles.alternate[task])
      let (differences, outputs) = (differences[task], outputs[task])
      return BackgroundStanding(
        reaching: differences.count - differences.partitioningIndex { $0 >= difference },
        count: differences.count,
        activeQuantile: Double(outputs.partitioningIndex { $0 >= active }) / Double(outputs.count))
    }
  }
}

/// Where the outputs of two alleles stand among those of random changes of background sequence.
public struct BackgroundStanding: Equatable, Sendable {
  /// How many of the changes make as large a difference, up or down.
  public let reaching: Int
  /// The number of changes.
  public let count: Int
  /// The share of background windows whose output is lower than that of the allele with the higher one.
  public let activeQuantile: Double

  /// The chance that a random change of background sequence makes as large a difference: `(r + 1) / (n + 1)`, where
  /// `r` of `n` changes do (Davison & Hinkley 1997, eq. 4.11).
  public var pValue: Double { Double(reaching + 1) / Double(count + 1) }
}
