public import Datasets
public import Genomics
public import GenomicsIO
public import Models
internal import Networks
internal import Parallel
internal import Tensors

/// The most windows of a genome that are shuffled.
private let mostBackgroundWindows = 20_000

/// The distribution of each task's output on background sequence: dinucleotide shuffles of some
/// windows, each as often as the next, cut or filled up with unknown bases to `length` around
/// their middle.
///
/// - Parameters:
///   - sources: What is shuffled.
///   - origin: What kind of sequence that is.
///   - length: That of the windows whose p-values are wanted: longer ones score higher.
///   - seed: The same seed gives the same distributions, with any number of threads.
/// - Returns: One per task; none if there are no sources.
public func backgroundDistributions(
  of ensemble: Ensemble, sources: [EncodedSequence], from origin: BackgroundOrigin, length: Int,
  seed: UInt64, threads: Int
) -> [ScoreDistribution] {
  guard !sources.isEmpty else { return [] }
  let plan = BackgroundPlan(for: ensemble, length: length)
  let shuffles = backgroundShuffles(
    of: sources, count: plan.sampleCount, length: length, seed: seed, threads: threads)
  let outputs = ensemble.outputs(shuffles, threads: threads).scalars
  return (0..<ensemble.taskCount).map { task in
    let own = stride(from: task, to: outputs.count, by: ensemble.taskCount).map { outputs[$0] }
    let rare = RareScores(
      ensemble: ensemble, task: task, seed: seed, threads: threads, plan: plan)
    return ScoreDistribution(
      scores: own, rare: plan.populationSize > 0 ? rare.curve(shuffles, outputs: own) : nil,
      origin: origin)
  }
}

extension Model {
  /// The model with the distributions of its outputs on background sequence: shuffles of windows of the
  /// genome, or else of what it has learned from.
  ///
  /// - Throws: What reading the genome throws.
  public func withBackground(
    of examples: [Example], genome: Genome?, seed: UInt64, threads: Int
  ) throws -> Model {
    let windows = try genome.map {
      try backgroundWindows(of: $0, length: windowLength, seed: seed, threads: threads)
    }
    var (sources, origin) = (windows ?? [], BackgroundOrigin.genome)
    // Proteins have no dinucleotides to shuffle, and background has nothing beside it.
    guard alphabet != .protein, sideNames.isEmpty else {
      return with(background: [])
    }
    if sources.isEmpty {
      // A sequence that every shuffle gives again is no background.
      var shuffler = DinucleotideShuffler()
      (sources, origin) = (
        objective.motifSources(examples).filter { shuffler.canShuffle($0) }, .sequences
      )
    }
    return with(
      background: backgroundDistributions(
        of: ensemble, sources: sources, from: origin, length: windowLength, seed: seed,
        threads: threads))
  }
}

/// Dinucleotide shuffles of some sequences, each as often as the next, cut or filled up to a length.
package func backgroundShuffles(
  of sources: [EncodedSequence], count: Int, length: Int, seed: UInt64, threads: Int
) -> [EncodedSequence] {
  let size = 500
  return concurrentMap(count.dividedRoundingUp(by: size), threads: threads) { shard in
    var shuffler = DinucleotideShuffler()
    return (shard * size..<min((shard + 1) * size, count)).map { index in
      let source = sources[index % sources.count]
      let start = max(0, (source.count - length) / 2)
      let bases = source[start..<min(start + length, source.count)].padded(to: length)
      var random = RandomStream(seed: seed, .background, index)
      return shuffler.shuffled(bases, using: &random)
    }
  }.flatMap { $0 }
}

private let backgroundPlaces = 1000
private let windowsPerPlace = 20

/// With fewer windows than this from random places, known ones are looked for all over the genome.
private let leastBackgroundWindows = 100

/// Windows of a genome to make background sequence of: twenty side by side at each of a thousand random
/// places, but for those of which more than half is unknown. Of a genome that is nearly all unknown, windows
/// spread evenly over what is known.
///
/// - Returns: None if no window of the genome is known by half.
/// - Throws: What reading the genome throws.
public func backgroundWindows(
  of genome: Genome, length: Int, seed: UInt64, threads: Int
) throws -> [EncodedSequence] {
  let sequences = genome.sequences.filter { $0.length >= length }
  let total = sequences.reduce(0) { $0 + $1.length }
  guard total > 0 else { return [] }
  let windows = try concurrentMap(backgroundPlaces, threads: threads) { index in
    var random = RandomStream(seed: seed, .background, index, 0)
    var offset = random.next(below: total)
    let sequence = sequences.first { sequence in
      if offset < sequence.length { return true }
      offset -= sequence.length
      return false
    }!
    let start = min(offset, sequence.length - length)
    let count = min(windowsPerPlace, (sequence.length - start) / length)
    let stretch = GenomicInterval(sequence.name, start: start, end: start + count * length)
    return Result { try genome.bases(in: stretch) }
  }.flatMap { result throws -> [EncodedSequence] in
    let bases = try result.get()
    return stride(from: 0, to: bases.count, by: length).map { bases[$0..<$0 + length] }
      .filter { !$0.isMostlyUnknown }
  }
  guard windows.count < leastBackgroundWindows else { return windows }
  return try knownWindows(of: genome, length: length, threads: threads)
}

/// Windows of which at least half is known, each half a window on from the one before, from end to end of a
/// genome; if there are many, some spread evenly over them.
private func knownWindows(of genome: Genome, length: Int, threads: Int) throws -> [EncodedSequence]
{
  let step = max(1, length / 2)
  let stepsPerPiece = max(1, (1 << 20) / step)
  let pieces = genome.sequences.flatMap { sequence in
    stride(from: 0, through: sequence.length - length, by: step * stepsPerPiece).map { start in
      GenomicInterval(
        sequence.name, start: start,
        end: min(start + step * (stepsPerPiece - 1) + length, sequence.length))
    }
  }
  let found = concurrentMap(pieces.count, threads: threads) { index in
    Result {
      let bases = try genome.bases(in: pieces[index])
      return stride(from: 0, through: bases.count - length, by: step)
        .map { bases[$0..<$0 + length] }.filter { !$0.isMostlyUnknown }
    }
  }
  let known = try found.flatMap { try $0.get() }
  let kept = min(known.count, mostBackgroundWindows)
  return (0..<kept).map { known[$0 * known.count / kept] }
}
