internal import Genomics
public import Models
internal import Networks
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

extension Ensemble {
  /// Scores each window of `length` bases, one per position: `codes.count - length + 1` of them.
  ///
  /// - Parameter threshold: Strands are told where an output reaches it, and may be if none does: a
  ///   network whose strand rule is `pooled` must read the windows again for that.
  /// - Precondition: `minimumLength <= length <= codes.count`.
  public func windowScores(
    _ codes: [UInt8], length: Int, strandsFrom threshold: Float = -.infinity
  ) -> WindowScores {
    let read = networks.map { $0.windowLogits(codes, length: length) }
    var outputs = combined(
      read.map(\.logits.scalars) + (kmers.map { [$0.windowScores(codes, length: length)] } ?? []))
    var strands = read.map(\.isReverse)
    if configuration.strands == .pooled, outputs.contains(where: { $0 >= threshold }) {
      strands = networks.map {
        $0.readingStrandsApart.windowLogits(codes, length: length).isReverse
      }
    }
    hideUnknown(windowsOf: codes, length: length, in: &outputs)
    return WindowScores(outputs: outputs, isReverse: Self.majority(of: strands))
  }

  /// The outputs for any number of sequences, and whether the reverse strand, read alone, scores higher:
  /// both `[sequence][task]`.
  ///
  /// - Precondition: As for `outputs`.
  func strandedOutputs(_ sequences: [EncodedSequence], threads: Int)
    -> (outputs: [Float], isReverse: [Bool])
  {
    let read = networks.map { $0.strandedOutputs(sequences, threads: threads) }
    return (
      combined(
        read.map(\.outputs)
          + (kmers.map { [$0.outputs(sequences, threads: threads).scalars] } ?? [])),
      Self.majority(of: read.map(\.isReverse))
    )
  }

  /// The strand that most networks prefer; the forward one where as many prefer either.
  private static func majority(of strands: [[Bool]]) -> [Bool] {
    guard strands.count > 1 else { return strands[0] }
    return strands[0].indices.map { index in
      2 * strands.count(where: { $0[index] }) > strands.count
    }
  }

  /// Marks the outputs of windows of which more than half is unknown.
  private func hideUnknown(windowsOf codes: [UInt8], length: Int, in outputs: inout [Float]) {
    guard codes.contains(EncodedSequence.unknown) else { return }
    var unknown = codes[..<(length - 1)].count { $0 == EncodedSequence.unknown }
    for window in 0...(codes.count - length) {
      unknown += codes[window + length - 1] == EncodedSequence.unknown ? 1 : 0
      if 2 * unknown > length {
        for task in 0..<taskCount { outputs[window * taskCount + task] = .nan }
      }
      unknown -= codes[window] == EncodedSequence.unknown ? 1 : 0
    }
  }
}
