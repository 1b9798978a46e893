public import Datasets
public import Tensors

/// The front of networks that begin with something else than a motif convolution: the one-hot
/// tensor itself.
public struct OneHot: Front {
  public let strands: StrandRule

  /// - Precondition: The rule isn't `pooled`.
  public init(strands: StrandRule) {
    precondition(strands != .pooled, "strands pooled before they are convolved")
    self.strands = strands
  }

  public var minimumLength: Int { 1 }
  public var needsEqualLengths: Bool { true }

  /// - Returns: `[strands · batch, position, channel]`, the reverse strands in their own direction.
  public func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Bool) {
    let forward = batch.oneHot()
    guard strands != .forward else { return (forward, true) }
    let shape = forward.shape
    return (
      Tensor(
        shape: [2 * shape[0], shape[1], shape[2]],
        scalars: forward.scalars + batch.reverseComplement.oneHot().scalars), true
    )
  }

  public func backward(_ outputGradient: Tensor, saved: Bool, batch: SequenceBatch) -> [Tensor] {
    []
  }

  public func inputGradient(_ outputGradient: Tensor, saved: Bool, batch: SequenceBatch) -> Tensor {
    let (length, rows) = (outputGradient.shape[1], batch.count)
    let half = rows * length * 4
    var gradient = Tensor(
      shape: [rows, length, 4], scalars: Array(outputGradient.scalars[..<half]))
    guard strands != .forward else { return gradient }
    for row in 0..<rows {
      for position in 0..<length {
        for channel in 0..<4 {
          // The complement's base at the mirrored position is the same base pair.
          let mirrored = (row * length + length - 1 - position) * 4 + 3 - channel
          gradient.scalars[(row * length + position) * 4 + channel] +=
            outputGradient.scalars[half + mirrored]
        }
      }
    }
    return gradient
  }
}
