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
  /// - Parameters:
  ///   - side: The numbers beside each window, `[window][number]`; empty if the networks read none.
  ///   - threshold: Strands are told where an output reaches it, and may be if none does: a network whose strand rule
  ///     is `pooled` must read the windows again for that.
  /// - Precondition: `minimumLength <= length <= codes.count`.
  public func windowScores(
    _ codes: [UInt8], length: Int, beside side: [Float] = [],
    strandsFrom threshold: Float = -.infinity
  ) -> WindowScores {
    let windows = codes.count - length + 1
    let side = side.isEmpty ? nil : Tensor(shape: [windows, side.count / windows], scalars: side)
    let read = networks.map { $0.windowLogits(codes, length: length, beside: side) }
    var outputs = combined(
      read.map(\.logits.scalars) + (kmers.map { [$0.windowScores(codes, length: length)] } ?? []))
    var strands = read.map(\.isReverse)
    if configuration.strands == .pooled, outputs.contains(where: { $0 >= threshold }) {
      strands = networks.map {
        $0.readingStrandsApart.windowLogits(codes, length: length, beside: side).isReverse
      }
    }
    UnknownBases(of: codes, length: length).hide(in: &outputs, taskCount: taskCount)
    return WindowScores(outputs: outputs, isReverse: Self.majority(of: strands))
  }

  /// The outputs of each window of `length` bases, `[window][task]`, as `outputs` gives them for networks that read the
  /// windows' maxima; those of unknown bases too.
  func windowOutputsAlone(_ codes: [UInt8], length: Int) -> [Float] {
    combined(
      networks.map { $0.windowLogits(codes, length: length, inTurn: false).logits.scalars }
        + (kmers.map { [$0.windowScores(codes, length: length)] } ?? []))
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
}

/// How many bases of each window of a stretch are unknown.
struct UnknownBases {
  /// One per window.
  let counts: [Int]
  private let length: Int

  init(of codes: [UInt8], length: Int) {
    self.length = length
    let windows = codes.count - length + 1
    guard codes.contains(EncodedSequence.unknown) else {
      counts = [Int](repeating: 0, count: windows)
      return
    }
    var count = codes[..<(length - 1)].count { $0 == EncodedSequence.unknown }
    counts = (0..<windows).map { window in
      count += codes[window + length - 1] == EncodedSequence.unknown ? 1 : 0
      defer { count -= codes[window] == EncodedSequence.unknown ? 1 : 0 }
      return count
    }
  }

  /// Whether so many are that the window has no output.
  func hides(_ window: Int) -> Bool { 2 * counts[window] > length }

  /// Marks the outputs, `[window][task]`, of windows that have none.
  func hide(in outputs: inout [Float], taskCount: Int) {
    for window in counts.indices where hides(window) {
      for task in 0..<taskCount { outputs[window * taskCount + task] = .nan }
    }
  }
}
