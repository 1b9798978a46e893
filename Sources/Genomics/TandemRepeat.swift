/// A tandem repeat, as the microsatellites of genomes are, with some of its bases changed: `CTTTCTTTCTATCTTT`.
///
/// Dinucleotide shuffles hold none, so that a model that knows shuffles alone takes them for sites.
public struct TandemRepeat: Equatable, Sendable {
  /// Where it begins in the sequence.
  public let start: Int
  public let codes: [UInt8]

  /// How often each length of a unit is drawn.
  private static let periods = [1, 2, 2, 3, 4, 4, 5, 6]
  private static let leastLength = 12
  private static let shares: [Double] = [0, 0.05, 0.1, 0.15]
  /// What each base weighs before any was drawn; each that was drawn adds 1 to its weight. So most units are made of few kinds
  /// of bases, as those of genomes are (Pólya's urn).
  private static let weight = 0.7

  /// Draws a repeat of 12 bases or more for a sequence of so many bases; all of it if it is shorter.
  public init(inSequenceOf length: Int, using random: inout RandomStream) {
    let period = Self.periods[random.next(below: Self.periods.count)]
    var weights = SIMD4<Double>(repeating: Self.weight)
    let unit = (0..<period).map { _ in
      var rest = random.uniform() * weights.sum()
      let base =
        (0..<3).first { base in
          rest -= weights[base]
          return rest < 0
        } ?? 3
      weights[base] += 1
      return UInt8(base)
    }
    let least = min(length, Self.leastLength)
    let count = least + random.next(below: length - least + 1)
    start = random.next(below: length - count + 1)
    let changed = Self.shares[random.next(below: Self.shares.count)]
    codes = (0..<count).map { position in
      random.uniform() < changed ? UInt8(random.next(below: 4)) : unit[position % period]
    }
  }
}

extension EncodedSequence {
  /// The sequence with a tandem repeat in it.
  public func withRepeat(drawnBy random: inout RandomStream) -> EncodedSequence {
    let planted = TandemRepeat(inSequenceOf: count, using: &random)
    var codes = codes
    codes.replaceSubrange(planted.start..<planted.start + planted.codes.count, with: planted.codes)
    return with(codes: codes)
  }
}
