public import Genomics
public import Motifs

/// What a designed sequence keeps to.
public struct DesignConstraints: Sendable {
  /// The share of G and C.
  public var gc: ClosedRange<Double>?
  /// Words that stand on neither strand; an unknown base (N) of a word stands for any base.
  public var words: [EncodedSequence]
  /// Motifs without a site on either strand: no window scores a table's threshold.
  public var motifs: [PValueTable]

  public init(
    gc: ClosedRange<Double>? = nil, words: [EncodedSequence] = [], motifs: [PValueTable] = []
  ) {
    (self.gc, self.words, self.motifs) = (gc, words, motifs)
  }

  /// Whether no sequence of so many bases has a wanted share of G and C.
  public func excludesAll(length: Int) -> Bool { gcCounts(length: length).isEmpty }

  /// The numbers of G and C that are wanted among so many bases.
  func gcCounts(length: Int) -> Range<Int> {
    guard let gc else { return 0..<length + 1 }
    // A product of decimals is off by a rounding.
    let low = Int((gc.lowerBound * Double(length) - 1e-9).rounded(.up))
    let high = Int((gc.upperBound * Double(length) + 1e-9).rounded(.down))
    return low..<max(low, high + 1)
  }
}

/// Counts by how much sequences of one length break constraints.
struct FaultCounter: Sendable {
  /// A word or a motif on one strand: windows that score the threshold or more are faults.
  private struct Pattern {
    let scores: [SIMD4<Int32>]
    let threshold: Int32
    /// The most that the positions from each one on can score.
    let rest: [Int32]

    init(_ scores: [SIMD4<Int32>], threshold: Int) {
      self.scores = scores
      self.threshold = Int32(threshold)
      rest = scores.reversed().reduce(into: [0]) { $0.append($0.last! + $1.max()) }.reversed()
    }

    /// By how much a window is too high; 0 if it isn't, or holds an unknown base.
    func fault(_ codes: [UInt8], at start: Int) -> Int {
      var score: Int32 = 0
      for (offset, column) in scores.enumerated() {
        let code = codes[start + offset]
        guard code != EncodedSequence.unknown else { return 0 }
        score += column[Int(code)]
        if score + rest[offset + 1] < threshold { return 0 }
      }
      return Int(score - threshold) + 1
    }
  }

  private let gcCounts: Range<Int>
  private let patterns: [Pattern]

  init(_ constraints: DesignConstraints, length: Int) {
    gcCounts = constraints.gcCounts(length: length)
    let words = constraints.words.map { word in
      (
        word.codes.map { code in
          SIMD4<Int32>((0..<4).map { code == EncodedSequence.unknown || code == $0 ? 1 : 0 })
        }, word.count
      )
    }
    let motifs = constraints.motifs.filter { $0.threshold <= $0.highest }.map {
      ($0.scores, $0.threshold)
    }
    patterns = (words + motifs).flatMap { scores, threshold in
      let reverse = scores.reverseComplement()
      return (reverse == scores ? [scores] : [scores, reverse]).map {
        Pattern($0, threshold: threshold)
      }
    }
  }

  /// By how much a sequence breaks the constraints; 0 if it keeps to them.
  ///
  /// A base of G or C too many or too few counts 1, a word 1, and a motif's site by how much it scores above the
  /// threshold: a strong site takes several edits, and each is seen to help.
  func faults(in codes: [UInt8]) -> Int {
    gcFaults(codes.count { $0 == 1 || $0 == 2 }) + siteFaults(in: codes, touching: codes.indices)
  }

  /// By how much the faults rise with each of the four bases in a place.
  func changes(in codes: [UInt8], at position: Int) -> SIMD4<Int> {
    let strong = codes.count { $0 == 1 || $0 == 2 }
    let rest = strong - (codes[position] == 1 || codes[position] == 2 ? 1 : 0)
    let touching = position..<position + 1
    let before = gcFaults(strong) + siteFaults(in: codes, touching: touching)
    var changed = codes
    var changes = SIMD4<Int>(repeating: 0)
    for base in 0..<4 where base != Int(codes[position]) {
      changed[position] = UInt8(base)
      changes[base] =
        gcFaults(rest + (base == 1 || base == 2 ? 1 : 0))
        + siteFaults(in: changed, touching: touching) - before
    }
    return changes
  }

  private func gcFaults(_ count: Int) -> Int {
    max(gcCounts.lowerBound - count, count - gcCounts.upperBound + 1, 0)
  }

  /// The faults of the windows that hold one of some places.
  private func siteFaults(in codes: [UInt8], touching positions: Range<Int>) -> Int {
    patterns.reduce(0) { sum, pattern in
      let first = max(0, positions.lowerBound - pattern.scores.count + 1)
      let end = min(positions.upperBound, codes.count - pattern.scores.count + 1)
      guard first < end else { return sum }
      return (first..<end).reduce(sum) { $0 + pattern.fault(codes, at: $1) }
    }
  }
}
