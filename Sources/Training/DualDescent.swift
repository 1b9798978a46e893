internal import Datasets
internal import Genomics
internal import Parallel
internal import Tensors

/// Sequences as vectors of gapped k-mer counts, which are made anew each time they are needed.
struct GappedFeatures: Sendable {
  let patterns: GappedPatterns
  let sequences: SequenceBatch
  /// The squared length of each vector.
  let squaredNorms: [Double]

  private static let sequencesPerShard = 256

  init(_ bases: [EncodedSequence], patterns: GappedPatterns, threads: Int) {
    let sequences = SequenceBatch(bases)
    let size = Self.sequencesPerShard
    let shards = concurrentMap(bases.count.dividedRoundingUp(by: size), threads: threads) { shard in
      var reader = GappedKmerReader(patterns)
      return (shard * size..<min((shard + 1) * size, bases.count)).map { index in
        let range = sequences.range(of: index)
        reader.read(sequences.codes, range)
        let scale = Self.scale(length: range.count, patterns)
        return reader.squaredCounts() * scale * scale
      }
    }
    self.patterns = patterns
    self.sequences = sequences
    squaredNorms = shards.flatMap { $0 }
  }

  /// What turns the counts of a sequence into features.
  func scale(of index: Int) -> Double {
    Self.scale(length: sequences.range(of: index).count, patterns)
  }

  private static func scale(length: Int, _ patterns: GappedPatterns) -> Double {
    let windows = max(1, length - patterns.span + 1)
    return 1 / Double(2 * patterns.offsets.count * windows).squareRoot()
  }
}

/// A linear machine with a squared loss, trained by dual coordinate descent.
///
/// Classes are told apart by a support vector machine, which minimizes
/// `½ |w|² + ½ b² + Σ Cᵢ max(0, 1 - yᵢ (w · xᵢ + b))²` (Hsieh et al. 2008, algorithm 1 for the L2 loss; the bias is the
/// weight of a feature that is always 1). Numbers are fitted by ridge regression, `½ |w|² + ½ b² + Σ Cᵢ (yᵢ - w · xᵢ - b)²`
/// (Saunders et al. 1998): the same steps without the bound on the multipliers.
struct DualDescent: Sendable {
  /// `[pattern][k-mer]`, of the counts times each sequence's scale.
  private(set) var weights: [Float]
  private(set) var bias = 0.0
  private let features: GappedFeatures
  private let examples: [DualExample]
  private let areClasses: Bool
  /// The dual variable of each example, of its target's sign for classes: the share of its features in the weights.
  private var multipliers: [Double]

  /// - Parameters:
  ///   - labels: One per sequence; not a number if it isn't an example.
  ///   - areClasses: Whether labels are classes, above one half or not, rather than numbers.
  ///   - costs: One per sequence; 0 if it isn't an example.
  init(_ features: GappedFeatures, labels: [Float], areClasses: Bool, costs: [Double]) {
    self.features = features
    self.areClasses = areClasses
    weights = [Float](repeating: 0, count: features.patterns.weightCount)
    examples = labels.indices.filter { !labels[$0].isNaN && costs[$0] > 0 }.map { index in
      let slack = 1 / (2 * costs[index])
      return DualExample(
        sequence: index,
        target: areClasses ? (labels[index] > 0.5 ? 1 : -1) : Double(labels[index]),
        scale: features.scale(of: index), slack: slack,
        curvature: features.squaredNorms[index] + 1 + slack)
    }
    multipliers = [Double](repeating: 0, count: examples.count)
  }

  /// Visits each example once, in random order.
  mutating func visitAll(using random: inout RandomStream) {
    var order = Array(examples.indices)
    random.shuffle(&order)
    var reader = GappedKmerReader(features.patterns)
    for index in order { visit(index, with: &reader) }
  }

  /// Moves one multiplier to where the dual is least, and the weights with it.
  private mutating func visit(_ index: Int, with reader: inout GappedKmerReader) {
    let example = examples[index]
    reader.read(features.sequences.codes, features.sequences.range(of: example.sequence))
    let output = example.scale * Double(reader.sum(of: weights)) + bias
    let gradient = output - example.target + multipliers[index] * example.slack
    var moved = multipliers[index] - gradient / example.curvature
    if areClasses { moved = example.target > 0 ? max(0, moved) : min(0, moved) }
    let change = moved - multipliers[index]
    guard change != 0 else { return }
    multipliers[index] = moved
    reader.add(Float(change * example.scale), to: &weights)
    bias += change
  }
}

/// An example as dual coordinate descent sees it.
private struct DualExample {
  let sequence: Int
  /// What its output ought to be: 1 or -1 for classes.
  let target: Double
  /// What turns the counts of its gapped k-mers into features.
  let scale: Double
  /// `1 / 2C`
  let slack: Double
  /// The second derivative of the dual: `|x|² + 1 + 1 / 2C`.
  let curvature: Double
}
