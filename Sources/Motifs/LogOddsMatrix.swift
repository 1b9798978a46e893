public import Genomics

/// What each base at each position of a site says for the motif and against the background, in bits.
public struct LogOddsMatrix: Equatable, Sendable {
  /// One element a position: the log-odds of A, C, G, T.
  public let columns: [SIMD4<Float>]

  /// - Precondition: There is a column.
  public init(columns: [SIMD4<Float>]) {
    precondition(!columns.isEmpty, "a matrix without a column")
    self.columns = columns
  }

  public var width: Int { columns.count }

  /// The matrix that scores the other strand of a window.
  public var reverseComplement: LogOddsMatrix {
    LogOddsMatrix(columns: columns.reverseComplement())
  }

  /// The sum of the log-odds of `width` bases; an unknown base counts as the mean of its four.
  ///
  /// - Precondition: The window lies within the sequence.
  public func score(of sequence: EncodedSequence, at start: Int) -> Float {
    precondition(start >= 0 && start + width <= sequence.count, "a window off the sequence")
    var score: Float = 0
    for (offset, column) in columns.enumerated() {
      let code = sequence.codes[start + offset]
      score +=
        code == EncodedSequence.unknown
        ? column.sum() / Float(column.scalarCount) : column[Int(code)]
    }
    return score
  }

  /// The score of each window, from the first base on; empty if the sequence is too short.
  public func scores(of sequence: EncodedSequence) -> [Float] {
    guard sequence.count >= width else { return [] }
    return (0...sequence.count - width).map { score(of: sequence, at: $0) }
  }
}
