public import Genomics
public import Networks

/// What a search draws: the shape of a network of motif detectors, and how it is trained.
public struct HyperParameters: Codable, Equatable, Sendable {
  public var filters: Int
  public var width: Int
  public var pooling: Pooling
  /// The units of the hidden layer; 0 for none.
  public var hidden: Int
  /// The rates of dropout behind the front and behind the hidden layer; without one the first counts.
  public var featureDropout: Float
  public var hiddenDropout: Float
  public var initialScale: Float
  public var learningRate: Float
  public var warmup: Float
  public var l2: Float
  public var batchSize: Int
  public var shufflesPerPositive: Int

  /// Draws at random, numbers with three digits: rates of learning and decay and the initial scale
  /// log-uniformly, all else uniformly.
  ///
  /// - Parameter longestWidth: The bases of the windows, which no filter is to exceed.
  public init(longestWidth: Int, using random: inout RandomStream) {
    func one<Choice>(of choices: [Choice]) -> Choice { choices[random.next(below: choices.count)] }
    func share(below bound: Double) -> Float { rounded(bound * random.uniform()) }
    func scale(_ low: Double, _ high: Double) -> Float {
      rounded(low * power(high / low, random.uniform()))
    }
    filters = one(of: [16, 32, 64])
    width = min(longestWidth, 2 * (4 + random.next(below: 9)))
    pooling = one(of: [.max, .maxAndMean])
    hidden = one(of: [0, 16, 32, 64])
    featureDropout = share(below: 0.5)
    hiddenDropout = share(below: 0.5)
    initialScale = scale(0.03, 0.3)
    learningRate = scale(0.001, 0.03)
    warmup = share(below: 0.4)
    l2 = scale(0.001, 0.3)
    batchSize = one(of: [32, 64, 128])
    shufflesPerPositive = one(of: [1, 2, 3])
  }

  /// Those of a recipe.
  ///
  /// - Returns: `nil` where its network is of another kind: a motif convolution over all positions, then
  ///   a dropout, a dense layer, a rectifier and a dropout, of which each may be absent.
  public init?(_ recipe: Recipe) {
    let network = recipe.network
    guard
      case .motifConvolution(
        let filters, let width, let pooling, nil, _, let initialScale, _, nil) =
        network.front
    else { return nil }
    (self.filters, self.width, self.pooling) = (filters, width, pooling)
    self.initialScale = initialScale ?? 0.1
    (hidden, featureDropout, hiddenDropout) = (0, 0, 0)
    for layer in network.layers {
      switch layer {
      case .dense(let units): hidden = units
      case .dropout(let rate) where hidden == 0: featureDropout = rate
      case .dropout(let rate): hiddenDropout = rate
      default: break
      }
    }
    let training = recipe.training
    (learningRate, warmup, l2) = (training.learningRate, training.warmup, training.l2)
    (batchSize, shufflesPerPositive) = (training.batchSize, training.shufflesPerPositive)
    guard layers == network.layers else { return nil }
  }

  /// The layers behind the front.
  private var layers: [LayerConfiguration] {
    func dropout(_ rate: Float) -> [LayerConfiguration] { rate > 0 ? [.dropout(rate: rate)] : [] }
    guard hidden > 0 else { return dropout(featureDropout) }
    return dropout(featureDropout) + [.dense(units: hidden), .rectifier] + dropout(hiddenDropout)
  }

  private static let meanScale: Float = 4

  /// A recipe with these instead of its own.
  ///
  /// - Precondition: The recipe's network is a motif convolution over all positions.
  public func applied(to recipe: Recipe) -> Recipe {
    guard
      case .motifConvolution(_, _, let oldPooling, nil, let oldScale, _, let initialBias, nil) =
        recipe.network.front
    else { preconditionFailure("no motif convolution over all positions") }
    var recipe = recipe
    recipe.network.front = .motifConvolution(
      filters: filters, width: width, pooling: pooling,
      meanScale: pooling != .maxAndMean
        ? nil : oldPooling == .maxAndMean ? oldScale : Self.meanScale,
      initialScale: initialScale, initialBias: initialBias)
    recipe.network.layers = layers
    recipe.training.learningRate = learningRate
    recipe.training.warmup = warmup
    recipe.training.l2 = l2
    recipe.training.batchSize = batchSize
    recipe.training.shufflesPerPositive = shufflesPerPositive
    return recipe
  }
}

/// `base` to the power of an exponent in `[0, 1)`, by square roots, which no C library rounds in a way
/// of its own; the exponent's bits behind the 24th are left out.
private func power(_ base: Double, _ exponent: Double) -> Double {
  var (root, rest, result) = (base, exponent, 1.0)
  for _ in 0..<24 {
    root = root.squareRoot()
    rest *= 2
    if rest >= 1 {
      rest -= 1
      result *= root
    }
  }
  return result
}

/// A number from 0 to below 1, with three significant digits, or three decimals where it is above 0.1.
private func rounded(_ value: Double) -> Float {
  var scale = 1000.0
  while value > 0, value * scale < 100 { scale *= 10 }
  return Float((value * scale).rounded() / scale)
}
