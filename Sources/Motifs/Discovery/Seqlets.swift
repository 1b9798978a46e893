public import Genomics
import Glibc

/// A sequence with what each of its bases contributes to an output.
public struct ContributedSequence: Sendable {
  public let bases: EncodedSequence
  public let contributions: [Float]

  /// - Precondition: A finite contribution per base.
  public init(bases: EncodedSequence, contributions: [Float]) {
    precondition(
      contributions.count == bases.count && contributions.allSatisfy(\.isFinite),
      "\(contributions.count) contributions of \(bases.count) bases")
    self.bases = bases
    self.contributions = contributions
  }
}

/// A stretch that contributes more than chance would (a seqlet, Shrikumar et al. 2018).
struct Seqlet: Equatable, Sendable {
  /// The sequence's number.
  let sequence: Int
  /// The position in the middle.
  let centre: Int
  /// The sum of the contributions, with the sign that is looked for turned to plus.
  let contribution: Float
}

/// Contributions of one sign, and the stretches where they are large.
struct SeqletPool: Sendable {
  /// 1, or -1 if negative contributions are looked for.
  let sign: Float
  /// With `margin` unknown bases before and behind each sequence.
  let codes: [[UInt8]]
  /// The contributions times the sign; 0 for unknown bases.
  let values: [[Float]]
  /// From the largest contribution down. Their centres count the margin too.
  private(set) var seqlets: [Seqlet]

  /// More than patterns reach past a seqlet's centre.
  static let margin = 40

  /// - Parameter null: Shuffled sequences, whose contributions are those of chance.
  init(
    of sequences: [ContributedSequence], null: [ContributedSequence], sign: Float,
    _ configuration: DiscoveryConfiguration
  ) {
    let width = configuration.seqletWidth
    let sums = sequences.map { $0.windowSums(width: width, sign: sign) }
    let threshold = Self.threshold(
      sums.flatMap { $0 }, null: null.flatMap { $0.windowSums(width: width, sign: sign) },
      rate: configuration.falseDiscoveryRate)
    let margin = Self.margin
    let found = sums.enumerated().flatMap { index, sums in
      threshold.map { Self.peaks(of: sums, above: $0, apart: width) }.map { peaks in
        peaks.map { start in
          Seqlet(
            sequence: index, centre: margin + start + width / 2, contribution: sums[start])
        }
      } ?? []
    }
    self.sign = sign
    codes = sequences.map { sequence in
      let unknown = [UInt8](repeating: EncodedSequence.unknown, count: margin)
      return unknown + sequence.bases.codes + unknown
    }
    values = sequences.map { sequence in
      let none = [Float](repeating: 0, count: margin)
      return none
        + zip(sequence.bases.codes, sequence.contributions).map {
          $0 == EncodedSequence.unknown ? 0 : sign * $1
        } + none
    }
    seqlets = found.sorted {
      ($1.contribution, $0.sequence, $0.centre) < ($0.contribution, $1.sequence, $1.centre)
    }
  }

  /// The pool with some of its seqlets, which keep their order.
  func with(_ seqlets: [Seqlet]) -> SeqletPool {
    var pool = self
    pool.seqlets = seqlets
    return pool
  }

  /// The least sum at which windows of the null are at most `rate` as frequent as windows of the sequences.
  ///
  /// - Returns: `nil` if there is none.
  static func threshold(_ sums: [Float], null: [Float], rate: Double) -> Float? {
    guard !null.isEmpty, !sums.isEmpty else { return nil }
    let (sums, null) = (sums.sorted(by: >), null.sorted(by: >))
    // From a ten-thousandth of the null to a hundredth: less of it isn't known, more of it isn't worth a seqlet.
    var threshold: Float?
    for step in 0...30 {
      let rank = min(null.count - 1, Int(Double(null.count) * pow(10, Double(step) / 15 - 4)))
      let candidate = null[rank]
      guard candidate > 0 else { break }
      let share = Double(rank + 1) / Double(null.count)
      let ownShare = Double(sums.partitioningIndex { $0 < candidate }) / Double(sums.count)
      if share <= rate * ownShare { threshold = candidate }
    }
    return threshold
  }

  /// The windows above a threshold that no better one overlaps, the best first.
  private static func peaks(of sums: [Float], above threshold: Float, apart: Int) -> [Int] {
    let candidates = sums.indices.filter { sums[$0] >= threshold }
      .sorted { (sums[$1], $0) < (sums[$0], $1) }
    return candidates.reduce(into: []) { peaks, start in
      if peaks.allSatisfy({ abs($0 - start) > apart }) { peaks.append(start) }
    }
  }
}

extension ContributedSequence {
  /// The sums of each window of contributions, times the sign.
  fileprivate func windowSums(width: Int, sign: Float) -> [Float] {
    guard contributions.count >= width else { return [] }
    var sum = contributions[..<width].reduce(0.0) { $0 + Double($1) }
    var sums = [sign * Float(sum)]
    for end in width..<contributions.count {
      sum += Double(contributions[end]) - Double(contributions[end - width])
      sums.append(sign * Float(sum))
    }
    return sums
  }
}
