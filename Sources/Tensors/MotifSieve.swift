internal import Genomics
internal import Kernels

/// Up to 64 motifs with the scores they must reach, as tables that find each place where one does
/// and few others.
///
/// A place can be told by how much it falls short of the motif's highest score. The tables hold, in 8
/// bits, what each k-mer lacks in units of a 254th of what may be lacking in all, rounded down: one
/// vector adds 64 motifs, and where a sum passes 254 the score is certainly too low.
public struct MotifSieve: Sendable {
  /// The whole numbers that bases score, A, C, G, T for each position, and the least sum wanted.
  public struct Motif: Sendable {
    public let scores: [SIMD4<Int32>]
    public let threshold: Int

    public init(scores: [SIMD4<Int32>], threshold: Int) {
      self.scores = scores
      self.threshold = threshold
    }
  }

  /// The largest number of motifs.
  public static let lanes = Int(SIEVE_LANES)

  private let groups: Int
  private let lacks: AlignedArray<UInt8>

  /// - Precondition: There are 1 to `lanes` motifs, each with a position.
  public init(_ motifs: [Motif]) {
    precondition(
      (1...Self.lanes).contains(motifs.count) && !motifs.contains { $0.scores.isEmpty },
      "a sieve of \(motifs.count) motifs")
    let size = Int(MOTIF_GROUP)
    let groups = motifs.map { $0.scores.count.dividedRoundingUp(by: size) }.max()!
    self.groups = groups
    let stride = kmerCount * Self.lanes
    lacks = AlignedArray(count: groups * stride) { lacks in
      lacks.initialize(repeating: UInt8(SIEVE_REJECTED), count: groups * stride)
      for (lane, motif) in motifs.enumerated() {
        for (row, lack) in motif.lacks(groups: groups).enumerated() {
          lacks[row * Self.lanes + lane] = lack
        }
      }
    }
  }

  /// The motifs that may score their threshold, and where: `position * lanes + motif`, ascending.
  ///
  /// A place that isn't named scores less, or begins with an unknown base. Other unknown bases read as
  /// A, as do the bases past the end, so a place that is named must be looked at again.
  /// - Parameter count: The positions to look at, from the first on.
  public func places(in stretch: KmerStretch, count: Int) -> [UInt32] {
    precondition(
      count <= stretch.codes.count && groups <= stretch.groups && count < 1 << 26,
      "\(count) of \(stretch.codes.count) positions, \(groups) of \(stretch.groups) groups")
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count * Self.lanes) { places in
      let found = lacks.withUnsafePointer { lacks in
        var sieve = Kernels.MotifSieve(lacks: lacks, groups: Int32(groups))
        return motif_sieve(
          stretch.codes, stretch.kmers, Int64(count), &sieve, places.baseAddress!)
      }
      return Array(places[..<Int(found)])
    }
  }
}

/// The number of k-mers of a group.
let kmerCount = 1 << (2 * Int(MOTIF_GROUP))

extension MotifSieve.Motif {
  /// What each k-mer of each group lacks; the bases past the last position lack nothing.
  fileprivate func lacks(groups: Int) -> [UInt8] {
    let shortfalls = scores.map { SIMD4(repeating: $0.max()) &- $0 }
    let allowed = scores.reduce(-threshold) { $0 + Int($1.max()) }
    let (rejected, size) = (Int(SIEVE_REJECTED), Int(MOTIF_GROUP))
    guard allowed >= 0 else {
      return [UInt8](repeating: UInt8(rejected), count: groups * kmerCount)
    }
    // A unit is 1 where that suffices; then the first group starts with what is left of 254.
    let units = min(allowed, rejected - 1)
    return (0..<groups).flatMap { group in
      (0..<kmerCount).map { kmer in
        let shortfall = (0..<size).reduce(0) { sum, tap in
          let position = group * size + tap
          guard position < shortfalls.count else { return sum }
          return sum + Int(shortfalls[position][kmer >> (2 * (size - 1 - tap)) & 3])
        }
        let lack = allowed == units ? shortfall : shortfall * units / allowed
        return UInt8(min(rejected, lack + (group == 0 ? rejected - 1 - units : 0)))
      }
    }
  }
}

/// A stretch of codes (0…3, 4 unknown) with the k-mer at each position.
public struct KmerStretch: Sendable {
  public let codes: [UInt8]
  fileprivate let kmers: [UInt16]
  fileprivate let groups: Int

  /// - Parameter width: That of the widest motif to be looked for.
  public init(_ codes: [UInt8], width: Int) {
    precondition(width >= 1, "a width of \(width)")
    let size = Int(MOTIF_GROUP)
    self.codes = codes
    groups = width.dividedRoundingUp(by: size)
    kmers = [UInt16](count: codes.count + width + size) {
      motif_find_kmers(codes, Int64(codes.count), Int32(width), $0)
    }
  }
}
