internal import Genomics

/// What the bases of a motif contribute, aligned and averaged over seqlets (a contribution weight matrix).
package struct ContributionPattern: Sendable {
  /// `[position][4]`, the sign that is looked for turned to plus.
  let weights: [Float]
  /// The root of the sum of squares.
  let norm: Float

  package init(weights: [Float]) {
    self.weights = weights
    norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  var width: Int { weights.count / 4 }

  /// The sum of a position's weights.
  func height(_ position: Int) -> Float {
    weights[4 * position..<4 * position + 4].reduce(0, +)
  }

  /// The widest pattern that a seqlet is aligned with.
  static let mostPositions = 25

  /// The pattern from the first to the last position whose height is a share of the largest one at least; of a wider one
  /// the stretch with the largest sum.
  func core(leastShare: Float, most: Int) -> ContributionPattern {
    let heights = (0..<width).map { abs(height($0)) }
    let least = leastShare * (heights.max() ?? 0)
    guard let first = heights.firstIndex(where: { $0 >= least }),
      let last = heights.lastIndex(where: { $0 >= least })
    else { return self }
    var range = first..<last + 1
    if range.count > most {
      let starts = first...last + 1 - most
      let sums = starts.map { heights[$0..<$0 + most].reduce(0, +) }
      let best = first + (sums.indices.max { sums[$0] < sums[$1] } ?? 0)
      range = best..<best + most
    }
    return ContributionPattern(weights: Array(weights[4 * range.lowerBound..<4 * range.upperBound]))
  }

  /// The largest cosine of this pattern and another one, laid on it at any offset on either strand; positions off the
  /// other one count 0.
  package func similarity(to other: ContributionPattern) -> Float {
    guard norm > 0, other.norm > 0 else { return 0 }
    let reverse = ContributionPattern(weights: other.weights.reversed())
    var best: Float = 0
    for other in [other, reverse] {
      for offset in 1 - other.width..<width {
        let common = max(0, offset)..<min(width, offset + other.width)
        var product: Float = 0
        for index in 4 * common.lowerBound..<4 * common.upperBound {
          product += weights[index] * other.weights[index - 4 * offset]
        }
        best = max(best, product)
      }
    }
    return best / (norm * other.norm)
  }
}

/// Where a pattern lies on a seqlet best.
struct PatternAlignment: Sendable {
  /// The position of the pattern's first column, or on the reverse strand of its last one; the margin counts too.
  let start: Int
  let isReverse: Bool
  /// The cosine of the seqlet's contributions, two positions on either side included, and the pattern.
  let similarity: Float
}

extension SeqletPool {
  /// The positions on either side of a pattern where a seqlet should contribute nothing more.
  private static let flank = 2

  /// The best place of a pattern, among those where it covers the seqlet's centre.
  func alignment(of seqlet: Seqlet, with pattern: ContributionPattern) -> PatternAlignment {
    let codes = codes[seqlet.sequence]
    let values = values[seqlet.sequence]
    let (weights, width) = (pattern.weights, pattern.width)
    var best = PatternAlignment(start: seqlet.centre, isReverse: false, similarity: -1)
    let last = seqlet.centre - min(1, width - 1)
    for start in min(last, seqlet.centre - width + 2)...last {
      var (forward, reverse, energy): (Float, Float, Float) = (0, 0, 0)
      for offset in 0..<width {
        let value = values[start + offset]
        let base = Int(codes[start + offset] & 3)
        forward += value * weights[4 * offset + base]
        reverse += value * weights[4 * (width - 1 - offset) + 3 - base]
        energy += value * value
      }
      for offset in 1...Self.flank {
        let (before, behind) = (values[start - offset], values[start + width - 1 + offset])
        energy += before * before + behind * behind
      }
      guard energy > 0 else { continue }
      let scale = 1 / (pattern.norm * energy.squareRoot())
      for (product, isReverse) in [(forward, false), (reverse, true)]
      where product * scale > best.similarity {
        best = PatternAlignment(
          start: start, isReverse: isReverse, similarity: product * scale)
      }
    }
    return best
  }

  /// The mean contributions of aligned seqlets, with more positions on both sides.
  func mean(of members: [(seqlet: Seqlet, place: PatternAlignment)], width: Int, around: Int)
    -> ContributionPattern
  {
    var sums = [Float](repeating: 0, count: 4 * (width + 2 * around))
    for (seqlet, place) in members {
      let (codes, values) = (codes[seqlet.sequence], values[seqlet.sequence])
      for offset in 0..<width + 2 * around {
        let position = place.start - around + offset
        let base = Int(codes[position] & 3)
        let index =
          place.isReverse ? 4 * (width + 2 * around - 1 - offset) + 3 - base : 4 * offset + base
        sums[index] += values[position]
      }
    }
    return ContributionPattern(weights: sums.map { $0 / Float(max(1, members.count)) })
  }
}
