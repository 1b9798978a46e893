public import Genomics
public import Motifs

/// A motif whose sites are drawn at random.
public struct SimulatedMotif: Equatable, Sendable {
  public enum Source: Equatable, Sendable {
    /// A base per position, each as probable as the matrix says.
    case matrix(ProbabilityMatrix)
    case pattern(SequencePattern)
  }

  public let name: String
  public let source: Source

  public init(name: String, source: Source) {
    (self.name, self.source) = (name, source)
  }

  /// The motif, by the name that people know it by.
  public init(_ motif: Motif) {
    self.init(
      name: motif.alternateName ?? motif.name, source: .matrix(motif.probabilities))
  }

  public init(_ pattern: SequencePattern) {
    self.init(name: pattern.text, source: .pattern(pattern))
  }

  /// The number of letters of its longest sites.
  public var longest: Int {
    switch source {
    case .matrix(let matrix): matrix.width
    case .pattern(let pattern): pattern.longest
    }
  }

  /// Draws the codes of a site.
  func drawn(using random: inout RandomStream) -> [UInt8] {
    switch source {
    case .matrix(let matrix):
      matrix.columns.map { column in
        random.choice(by: column.indices.map { column[$0] })
      }
    case .pattern(let pattern): pattern.drawn(using: &random)
    }
  }
}

extension RandomStream {
  /// Draws a code by the probabilities of all; the last one if rounding leaves none.
  mutating func choice(by probabilities: [Double]) -> UInt8 {
    var left: Double = uniform()
    for (code, probability) in probabilities.enumerated() {
      guard left >= probability else { return UInt8(code) }
      left -= probability
    }
    return UInt8((probabilities.lastIndex { $0 > 0 }) ?? 0)
  }
}
