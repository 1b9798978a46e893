internal import Datasets
public import Genomics
public import Models
internal import Parallel
public import Tensors

/// What each base of a sequence contributes to an output of a model.
public struct Explanation: Sendable {
  /// The window that is explained, counted from the sequence's first base: all of it unless it is read by windows.
  public let place: Range<Int>
  /// The bases of the window.
  public let bases: EncodedSequence
  /// Whether the sequence is longer than those that are read whole.
  public let isOfBestWindow: Bool
  /// What each base would contribute in each place, `[position, 4]`.
  public let hypothetical: Tensor
  /// The output for the window.
  public let output: Float
  /// The mean output for the references; `nil` if the method reads none.
  public let referenceOutput: Float?

  /// What each base contributes; an unknown base the mean of the four.
  public var contributions: [Float] {
    bases.codes.enumerated().map { position, code in
      let four = hypothetical.scalars[4 * position..<4 * position + 4]
      return code == EncodedSequence.unknown
        ? four.reduce(0, +) / 4 : four[four.startIndex + Int(code)]
    }
  }

  /// The sum of the contributions.
  public var sum: Double { contributions.reduce(0) { $0 + Double($1) } }

  /// What the contributions add up to if they are complete: the output less that of the references.
  public var difference: Double? { referenceOutput.map { Double(output) - Double($0) } }
}

/// Explains sequences of any length. A longer sequence than those of training is explained where it scores highest.
public struct SequenceExplainer: Sendable {
  private let model: Model
  private let method: AttributionMethod
  private let attributor: Attributor
  private let references: Int
  let seed: UInt64

  /// The number of references that contributions are the mean over.
  public static let defaultReferences = 10
  private static let sequencesPerShard = 16

  /// - Parameters:
  ///   - references: The number of dinucleotide shuffles of each sequence that it is compared with, if the method
  ///     reads some.
  ///   - seed: Of the shuffles.
  public init(
    _ model: Model, by method: AttributionMethod = .deepLIFT,
    references: Int = SequenceExplainer.defaultReferences, seed: UInt64 = 1
  ) {
    (self.model, self.method, self.seed) = (model, method, seed)
    self.references = method.readsReferences ? references : 0
    attributor = Attributor(
      model.ensemble, by: method, references: self.references, seed: seed)
  }

  /// - Parameter first: The number of sequences before these, which decides what is drawn for them.
  /// - Returns: For each sequence its explanation, or why it has none.
  public func explanations(
    of sequences: [EncodedSequence], task: Int, first: Int = 0, threads: Int
  ) -> [Result<Explanation, UnscorableSequence>] {
    let scores = SequenceScorer(model).scores(of: sequences, threads: threads)
    let read = zip(sequences.indices, scores).compactMap { index, score -> Reading? in
      guard case .success(let score) = score else { return nil }
      let place = score.windows[task].place
      return Reading(
        index: index, place: place, bases: sequences[index][place],
        isOfBestWindow: place.count < sequences[index].count)
    }
    let shards = shards(of: read)
    let explained = concurrentMap(shards.count, threads: threads) { shard in
      explain(shards[shard], task: task, first: first)
    }.joined()
    var results = scores.map { score in
      score.flatMap { _ in Result<Explanation, UnscorableSequence>.failure(.empty) }
    }
    for (index, explanation) in explained { results[index] = .success(explanation) }
    return results
  }

  /// A window of a sequence.
  private struct Reading {
    /// The sequence's number.
    let index: Int
    let place: Range<Int>
    let bases: EncodedSequence
    let isOfBestWindow: Bool
  }

  /// Groups of windows of one length.
  private func shards(of read: [Reading]) -> [[Reading]] {
    let byLength = Dictionary(grouping: read, by: \.bases.count)
    return byLength.keys.sorted().flatMap { length -> [[Reading]] in
      let own = byLength[length] ?? []
      return stride(from: 0, to: own.count, by: Self.sequencesPerShard).map {
        Array(own[$0..<min($0 + Self.sequencesPerShard, own.count)])
      }
    }
  }

  private func explain(_ shard: [Reading], task: Int, first: Int) -> [(Int, Explanation)] {
    let batch = SequenceBatch(shard.map(\.bases))
    let shuffles = (0..<references).map { reference in
      SequenceBatch(shard.map { shuffle($0, number: first + $0.index, reference: reference) })
    }
    let contributions = attributor.contributions(batch, references: shuffles, task: task)
    let read = outputs(of: [batch] + shuffles, task: task)
    return shard.enumerated().map { row, reading in
      let range = batch.range(of: row)
      let own = Array(contributions.scalars[4 * range.lowerBound..<4 * range.upperBound])
      let sum = read.dropFirst().reduce(0.0) { $0 + Double($1[row]) }
      return (
        reading.index,
        Explanation(
          place: reading.place, bases: reading.bases,
          isOfBestWindow: reading.isOfBestWindow,
          hypothetical: Tensor(shape: [reading.bases.count, 4], scalars: own),
          output: read[0][row],
          referenceOutput: references > 0 ? Float(sum / Double(references)) : nil)
      )
    }
  }

  private func shuffle(_ reading: Reading, number: Int, reference: Int) -> EncodedSequence {
    var random = RandomStream(seed: seed, .references, number, reference)
    var shuffler = DinucleotideShuffler()
    return reading.bases.with(codes: shuffler.shuffled(reading.bases, using: &random).codes)
  }

  private func outputs(of batches: [SequenceBatch], task: Int) -> [[Float]] {
    batches.map { batch in
      let outputs = model.ensemble.outputs((0..<batch.count).map { batch[$0] }, threads: 1).scalars
      return stride(from: task, to: outputs.count, by: model.tasks.count).map { outputs[$0] }
    }
  }
}
