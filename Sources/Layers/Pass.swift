internal import Genomics
public import Tensors

/// What a forward pass is for.
public struct Pass: Sendable {
  /// Layers that draw at random draw in this pass; `nil` in inference.
  public private(set) var training: TrainingPass?
  /// What is known of the examples besides their sequences, `[batch, number]`; `nil` if nothing is.
  public private(set) var side: Tensor?

  public static let inference = Pass()

  public static func training(_ pass: TrainingPass) -> Pass { Pass(training: pass) }

  /// The pass of examples of which so much is known besides.
  public func beside(_ side: Tensor?) -> Pass { Pass(training: training, side: side) }

  /// In inference the outputs of an example have the same bits whatever stands beside it.
  var productOrder: ProductOrder { training == nil ? .sameForEachRow : .fastest }

  /// The pass as the layer of a number in a list sees it.
  func entering(_ index: Int) -> Pass {
    guard let training else { return self }
    return Pass(training: training.entering(index), side: side)
  }
}

/// The key of what is drawn in a training pass: the same key draws the same, whatever the shards.
public struct TrainingPass: Sendable {
  public let seed: UInt64
  /// The number of steps taken before.
  public let step: Int
  /// The position in the batch of the shard's first example.
  public let firstExample: Int
  /// The number of examples in the shard. Rows past it are the same examples' other strand.
  public let exampleCount: Int
  /// What the numbers of the layer and of those that hold it come to.
  private var path = 0
  private var isNested = false

  public init(seed: UInt64, step: Int, firstExample: Int, exampleCount: Int) {
    self.seed = seed
    self.step = step
    self.firstExample = firstExample
    self.exampleCount = exampleCount
  }

  /// The first layer behind the stem of a motif network has the key 0, as in earlier versions, so that
  /// the same seed draws the same.
  private static let layersBeforeKeys = 3

  func entering(_ index: Int) -> TrainingPass {
    var pass = self
    pass.path =
      isNested
      ? Int(truncatingIfNeeded: mixed(UInt64(bitPattern: Int64(path)), with: UInt64(index)))
      : index - Self.layersBeforeKeys
    pass.isNested = true
    return pass
  }

  /// What is drawn for one row of the shard; both strands of an example draw the same.
  func stream(_ purpose: RandomPurpose, row: Int) -> RandomStream {
    RandomStream(seed: seed, purpose, step, path, firstExample + row % exampleCount)
  }
}

/// A hash of two words, one to one in the second.
private func mixed(_ word: UInt64, with other: UInt64) -> UInt64 {
  var hash = SplitMix64(state: word)
  return hash.next() ^ other &* 0x9E37_79B9_7F4A_7C15
}
