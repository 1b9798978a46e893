internal import Genomics
public import Networks
internal import Tensors

/// The outputs of every window in a stretch of sequence.
public struct WindowScores: Equatable, Sendable {
  /// Logits (or numbers, for regression), `[window, task]`; not a number where more than half of
  /// the window's bases are unknown.
  public let outputs: [Float]
  /// Whether the reverse strand, read alone, scores higher, in the same order.
  public let isReverse: [Bool]

  package init(outputs: [Float], isReverse: [Bool]) {
    self.outputs = outputs
    self.isReverse = isReverse
  }
}

extension Network {
  /// Scores each window of `length` bases, one a position: `codes.count - length + 1` of them.
  ///
  /// - Parameter threshold: Strands are told where an output reaches it, and may be where none does: a
  ///   network whose strand rule is `pooled` must read the windows again for that.
  /// - Precondition: `minimumLength <= length <= codes.count`.
  public func windowScores(
    _ codes: [UInt8], length: Int, strandsFrom threshold: Float = -.infinity
  ) -> WindowScores {
    var (logits, isReverse) = windowLogits(codes, length: length)
    if configuration.strands == .pooled, logits.scalars.contains(where: { $0 >= threshold }) {
      isReverse = readingStrandsApart.windowLogits(codes, length: length).isReverse
    }
    var outputs = logits.scalars
    guard codes.contains(EncodedSequence.unknown) else {
      return WindowScores(outputs: outputs, isReverse: isReverse)
    }
    var unknown = codes[..<(length - 1)].count { $0 == EncodedSequence.unknown }
    for window in 0...(codes.count - length) {
      unknown += codes[window + length - 1] == EncodedSequence.unknown ? 1 : 0
      if 2 * unknown > length {
        for task in 0..<taskCount { outputs[window * taskCount + task] = .nan }
      }
      unknown -= codes[window] == EncodedSequence.unknown ? 1 : 0
    }
    return WindowScores(outputs: outputs, isReverse: isReverse)
  }

  private func windowLogits(_ codes: [UInt8], length: Int) -> (logits: Tensor, isReverse: [Bool]) {
    combineStrands(strandLogits(front.windowFeatures(codes, length: length)))
  }
}
