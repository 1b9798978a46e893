public import Tensors

/// Self-attention over positions by several heads (Vaswani et al. 2017): each position reads all of them, weighted by how
/// well its query matches their keys.
///
/// With `q = x · queryWeight + …` and likewise `k` and `v` for each head, `output = concat(softmax(q · kᵀ / √size + b) · v)
/// · outputWeight + outputBias`. `b` is a trained number per head and distance, `j - i` between positions `i` and `j`, as
/// Raffel et al. (2020) have it; distances beyond the largest one count as that.
public struct SelfAttention: Layer {
  /// The weights of queries, keys and values, in this order; of each the heads' one after the other.
  public var weight: Tensor  // [channels, 3 · heads · size]
  public var bias: Tensor  // [3 · heads · size]
  public var outputWeight: Tensor  // [heads · size, channels]
  public var outputBias: Tensor  // [channels]
  /// From the largest distance behind to the largest ahead; no distance if positions don't matter.
  public var distanceBias: Tensor  // [heads, 2 · distance + 1], or [heads, 0]

  public init(
    weight: Tensor, bias: Tensor, outputWeight: Tensor, outputBias: Tensor, distanceBias: Tensor
  ) {
    let (channels, features) = (outputBias.shape[0], outputWeight.shape[0])
    precondition(
      weight.shape == [channels, 3 * features] && bias.shape == [3 * features]
        && outputWeight.shape == [features, channels] && features % distanceBias.shape[0] == 0,
      "\(weight.shape), \(bias.shape), \(outputWeight.shape), \(distanceBias.shape)")
    (self.weight, self.bias, self.distanceBias) = (weight, bias, distanceBias)
    (self.outputWeight, self.outputBias) = (outputWeight, outputBias)
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("bias", .bias, &bias)
    try visit("outputWeight", .weight, &outputWeight)
    try visit("outputBias", .bias, &outputBias)
    if readsDistances { try visit("distanceBias", .bias, &distanceBias) }
  }

  private var readsDistances: Bool { distanceBias.shape[1] > 0 }
  private var heads: Int { distanceBias.shape[0] }
  private var features: Int { outputWeight.shape[0] }
  /// What queries are multiplied by.
  private var scale: Float { 1 / Float(features / heads).squareRoot() }

  /// What the backward pass needs.
  public struct Saved: Sendable {
    let input: Tensor
    /// Queries, keys and values, `[batch · 3 · head, position, size]`.
    let parts: Tensor
    /// How much a position reads of each other, `[batch · head, position, position]`.
    let shares: Tensor
    /// What the heads read, `[batch, position, head · size]`.
    let read: Tensor
  }

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: The same shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let order = pass.productOrder
    let (batch, positions) = (input.shape[0], input.shape[1])
    let parts = scalingQueries(of: input.mapped(weight: weight, bias: bias, order: order))
      .splittingColumns(3 * heads)
    var scores = Tensor(repeating: distances(positions), count: batch)
      .reshaped([batch * heads, positions, positions])
    for block in blocks(batch) {
      scores.addProduct(
        parts.block(block.query), parts.block(block.key).transposed,
        toRowsFrom: block.index * positions, order: order)
    }
    let shares = scores.softmaxOfRows()
    var read = Tensor(zeros: [batch * heads, positions, features / heads])
    for block in blocks(batch) {
      read.addProduct(
        shares.block(block.index), parts.block(block.value), toRowsFrom: block.index * positions,
        order: order)
    }
    let saved = Saved(
      input: input, parts: parts, shares: shares, read: read.joiningParts(heads))
    return (saved.read.mapped(weight: outputWeight, bias: outputBias, order: order), saved)
  }

  public func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
    let flow = flow(gradient, saved, order: .fastest)
    var weightGradient = Tensor(zeros: weight.shape)
    weightGradient.addProduct(saved.input.transposed, flow.parts.asIs)
    var outputGradient = Tensor(zeros: outputWeight.shape)
    outputGradient.addProduct(saved.read.transposed, gradient.asIs)
    let parameters = [
      weightGradient, flow.parts.summedOverMatrixRows(), outputGradient,
      gradient.summedOverMatrixRows(),
    ]
    return LayerGradient(
      input: wantsInput ? inputGradient(flow.parts, order: .fastest) : nil,
      parameters: parameters + (readsDistances ? [distanceGradient(flow.scores)] : []))
  }

  public func inputGradient(_ gradient: Tensor, saved: Saved) -> Tensor {
    inputGradient(
      flow(gradient, saved, order: .sameForEachRow).parts, order: .sameForEachRow)
  }

  /// The gradients of queries, keys and values before scaling, `[batch, position, 3 · head · size]`, and of the scores.
  private func flow(_ gradient: Tensor, _ saved: Saved, order: ProductOrder) -> (
    parts: Tensor, scores: Tensor
  ) {
    let (batch, positions) = (gradient.shape[0], gradient.shape[1])
    let (parts, shares) = (saved.parts, saved.shares)
    var read = Tensor(zeros: saved.read.shape)
    read.addProduct(gradient.asIs, outputWeight.transposed, order: order)
    read = read.splittingColumns(heads)
    var shareGradient = Tensor(zeros: shares.shape)
    for block in blocks(batch) {
      shareGradient.addProduct(
        read.block(block.index), parts.block(block.value).transposed,
        toRowsFrom: block.index * positions, order: order)
    }
    let scores = shareGradient.softmaxGradient(of: shares)
    var flow = Tensor(zeros: parts.shape)
    for block in blocks(batch) {
      flow.addProduct(
        scores.block(block.index), parts.block(block.key), toRowsFrom: block.query * positions,
        order: order)
      flow.addProduct(
        scores.block(block.index).transposed, parts.block(block.query),
        toRowsFrom: block.key * positions, order: order)
      flow.addProduct(
        shares.block(block.index).transposed, read.block(block.index),
        toRowsFrom: block.value * positions, order: order)
    }
    return (scalingQueries(of: flow.joiningParts(3 * heads)), scores)
  }

  private func inputGradient(_ parts: Tensor, order: ProductOrder) -> Tensor {
    var gradient = Tensor(zeros: [parts.shape[0], parts.shape[1], weight.shape[0]])
    gradient.addProduct(parts.asIs, weight.transposed, order: order)
    return gradient
  }

  private func scalingQueries(of parts: Tensor) -> Tensor {
    var rows = parts.reshaped([parts.shape[0] * parts.shape[1], parts.shape[2]])
    rows.scaleColumns(0..<features, by: scale)
    return rows.reshaped(parts.shape)
  }

  /// Where the query, the key and the value of a head of an example stand among the parts, and where its scores.
  private struct Block {
    let index: Int
    let query: Int
    let key: Int
    let value: Int
  }

  private func blocks(_ batch: Int) -> [Block] {
    (0..<batch * heads).map { index in
      let first = index / heads * 3 * heads + index % heads
      return Block(index: index, query: first, key: first + heads, value: first + 2 * heads)
    }
  }
}

// The biases of distances.
extension SelfAttention {
  /// The column of the bias for positions `i` and `j`.
  private func column(_ i: Int, _ j: Int) -> Int {
    let most = distanceBias.shape[1] / 2
    return most + min(max(j - i, -most), most)
  }

  /// `[head · position · position]`
  private func distances(_ positions: Int) -> Tensor {
    var biases = Tensor(zeros: [heads * positions * positions])
    guard readsDistances else { return biases }
    for head in 0..<heads {
      for i in 0..<positions {
        for j in 0..<positions {
          biases.scalars[(head * positions + i) * positions + j] =
            distanceBias.scalars[head * distanceBias.shape[1] + column(i, j)]
        }
      }
    }
    return biases
  }

  /// - Parameter scores: The gradient of the scores, `[batch · head, position, position]`.
  private func distanceGradient(_ scores: Tensor) -> Tensor {
    let positions = scores.shape[1]
    let sums = scores.reshaped([scores.shape[0] / heads, heads * positions * positions])
      .summedOverRows()
    var gradient = Tensor(zeros: distanceBias.shape)
    for head in 0..<heads {
      for i in 0..<positions {
        for j in 0..<positions {
          gradient.scalars[head * distanceBias.shape[1] + column(i, j)] +=
            sums.scalars[(head * positions + i) * positions + j]
        }
      }
    }
    return gradient
  }
}

extension Tensor {
  /// The matrix at an index of the first of three axes.
  fileprivate func block(_ index: Int) -> MatrixFactor {
    rows(index * shape[1]..<(index + 1) * shape[1])
  }
}
