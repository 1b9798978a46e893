internal import Layers
internal import Networks

extension SearchSpace {
  /// What is searched unless a space is given: the sizes of every layer of the list, rates of dropout, and how it is trained.
  ///
  /// The ranges hold the presets' own values about in their middle (docs/decisions/0011-tune.md).
  public init(for recipe: Recipe) {
    var values: [String: Values] = [
      "training.learningRate": .range(low: 0.001, high: 0.03, isLogarithmic: true, step: nil),
      "training.warmup": .range(low: 0, high: 0.4, isLogarithmic: false, step: nil),
      "training.l2": .range(low: 0.001, high: 0.3, isLogarithmic: true, step: nil),
      "training.batchSize": .choices([32, 64, 128].map(JSONValue.number)),
      "training.shufflesPerPositive": .choices([1, 2, 3].map(JSONValue.number)),
    ]
    let hasGroups = recipe.network.layers.contains {
      ($0.layer as? Convolution.Configuration)?.groups ?? 1 > 1
    }
    for (index, entry) in recipe.network.layers.enumerated() {
      let path = "network.layers.\(index)"
      let rectified =
        index + 1 < recipe.network.layers.count
        && recipe.network.layers[index + 1].layer is Rectifier
      switch entry.layer {
      case let convolution as Convolution.Configuration:
        let own = Self.values(of: convolution, isFirst: index == 0, at: path)
        // Layers of groups have a number of channels each, which only fit together.
        values.merge(own.filter { !hasGroups || !$0.key.hasSuffix(".filters") }) { $1 }
      case let pooling as GlobalPooling.Configuration where pooling.pooling.hasMaxima:
        values[path] = .choices(Self.poolings(meanScale: pooling.meanScale))
      case is Dropout:
        values["\(path).dropout.rate"] = .range(low: 0, high: 0.5, isLogarithmic: false, step: nil)
      case let dense as Dense.Configuration where dense.units > 1:
        values[path] = .choices(Self.layers(like: dense, mayBeLeftOut: rectified))
      default: break
      }
    }
    self.init(values)
  }

  private static func values(
    of convolution: Convolution.Configuration, isFirst: Bool, at path: String
  ) -> [String: Values] {
    let (filters, width) = (convolution.filters, convolution.width)
    let counts =
      isFirst && (16...64).contains(filters)
      ? [16, 32, 64] : [max(1, filters / 2), filters, min(2 * filters, 65536)]
    var values: [String: Values] = [
      "\(path).convolution.filters": .choices(counts.map { .number(Double($0)) })
    ]
    if convolution.padding != .same {
      let (low, high) = isFirst ? (8, max(24, width)) : (max(1, width / 2), 2 * width)
      values["\(path).convolution.width"] = .range(
        low: Double(min(low, width)), high: Double(high), isLogarithmic: false,
        step: isFirst ? 2 : 1)
    }
    if convolution.initialScale != nil {
      values["\(path).convolution.initialScale"] = .range(
        low: 0.03, high: 0.3, isLogarithmic: true, step: nil)
    }
    return values
  }

  private static let usualMeanScale: Float = 4

  private static func poolings(meanScale: Float?) -> [JSONValue] {
    let both = Double(meanScale ?? usualMeanScale)
    return [
      .object(["globalPooling": .object(["pooling": .string("max")])]),
      .object([
        "globalPooling": .object(["pooling": .string("maxAndMean"), "meanScale": .number(both)])
      ]),
    ]
  }

  private static func layers(like dense: Dense.Configuration, mayBeLeftOut: Bool) -> [JSONValue] {
    let units =
      dense.units <= 64
      ? [16, 32, 64] : [dense.units / 2, dense.units, min(2 * dense.units, 65536)]
    return (mayBeLeftOut ? [.null] : [])
      + units.map { .object(["dense": .object(["units": .number(Double($0))])]) }
  }
}
