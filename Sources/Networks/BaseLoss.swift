public import Datasets
internal import Genomics
public import Tensors

/// How well logits of the four bases tell the bases of sequences: the cross-entropy, in nats.
public struct BaseLoss: Sendable {
  /// The sum over the known bases, times the scale.
  public var loss = 0.0
  /// The gradient with respect to the logits.
  public var gradient: Tensor
  /// The number of known bases, and of those whose logit is the largest.
  public var bases = 0
  public var correct = 0

  /// - Parameters:
  ///   - logits: `[batch, position, base]`; positions without a base don't count.
  ///   - sequences: The bases.
  ///   - first: The base that the first position stands for.
  ///   - scale: The factor of loss and gradient.
  public init(_ logits: Tensor, of sequences: SequenceBatch, from first: Int = 0, scale: Float) {
    let positions = logits.shape[1]
    precondition(
      logits.shape.extents == [sequences.count, positions, 4], "\(logits.shape) of bases")
    let shares = logits.softmaxOfRows()
    gradient = Tensor(zeros: logits.shape)
    for row in 0..<sequences.count {
      let codes = sequences.codes[sequences.range(of: row)].dropFirst(first).prefix(positions)
      for (position, code) in codes.enumerated() where code < 4 {
        let place = (row * positions + position) * 4
        for base in 0..<4 { gradient.scalars[place + base] = scale * shares.scalars[place + base] }
        gradient.scalars[place + Int(code)] -= scale
        let share = shares.scalars[place + Int(code)]
        loss -= Double(scale) * portableLogarithm(Double(max(share, .leastNormalMagnitude)))
        bases += 1
        let own = logits.scalars[place + Int(code)]
        if (0..<4).allSatisfy({ logits.scalars[place + $0] <= own }) { correct += 1 }
      }
    }
    // A logit that is no number shows.
    if !logits.scalars.allSatisfy(\.isFinite) { loss = .nan }
  }
}
