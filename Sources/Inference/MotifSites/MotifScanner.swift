public import Genomics
internal import Motifs
internal import Tensors

/// A place that a motif matches with a p-value below its table's limit.
public struct MotifHit: Equatable, Sendable {
  /// The 0-based start in the sequence.
  public let start: Int
  /// The motif's index.
  public let motif: Int
  public let strand: Strand
  /// In the whole numbers of the motif's `PValueTable`.
  public let score: Int

  package init(start: Int, motif: Int, strand: Strand, score: Int) {
    self.start = start
    self.motif = motif
    self.strand = strand
    self.score = score
  }
}

/// Finds motifs in sequence.
///
/// Every motif and strand is a lane of a sieve, whose blocks hold motifs of like width. What passes
/// the sieve is scored again in whole numbers, so nothing is rounded. A window with an unknown base
/// has no score, as in FIMO.
struct MotifScanner: Sendable {
  /// A motif on one strand: where its numbers begin, four a position.
  private struct Lane {
    let motif: Int
    let isReverse: Bool
    let firstScore: Int
    let width: Int
    let threshold: Int
  }

  private let sieves: [MotifSieve]
  private let lanes: [Lane]
  private let scores: [Int32]
  /// The width of the widest motif; 1 without motifs.
  let width: Int

  /// - Parameters:
  ///   - tables: Of the motifs. Those without a score of the wanted p-value are never found.
  ///   - bothStrands: Whether the reverse strand is read too.
  /// - Precondition: There are fewer than 8 million motifs, each less than 16,000 wide.
  init(_ tables: [PValueTable], bothStrands: Bool) {
    let reachable = tables.indices.filter { tables[$0].threshold <= tables[$0].highest }
    let strands = reachable.sorted { tables[$0].width < tables[$1].width }
      .flatMap { motif in (bothStrands ? [false, true] : [false]).map { (motif, $0) } }
    var (lanes, scores, motifs) = ([Lane](), [Int32](), [MotifSieve.Motif]())
    for (motif, isReverse) in strands {
      let table = tables[motif]
      precondition(motif < 1 << 23 && table.highest < 1 << 24, "a motif too many or too wide")
      let columns = isReverse ? table.scores.reverseComplement() : table.scores
      lanes.append(
        Lane(
          motif: motif, isReverse: isReverse, firstScore: scores.count, width: table.width,
          threshold: table.threshold))
      scores += columns.flatMap { column in column.indices.map { column[$0] } }
      motifs.append(MotifSieve.Motif(scores: columns, threshold: table.threshold))
    }
    sieves = stride(from: 0, to: motifs.count, by: MotifSieve.lanes).map {
      MotifSieve(Array(motifs[$0..<min($0 + MotifSieve.lanes, motifs.count)]))
    }
    width = lanes.map(\.width).max() ?? 1
    (self.lanes, self.scores) = (lanes, scores)
  }

  /// The hits that start at the first `count` bases of a stretch, by start, motif, and strand, the
  /// forward one first.
  ///
  /// - Parameters:
  ///   - codes: The stretch, with the bases of the windows that begin in it.
  ///   - start: The position of its first base.
  /// - Precondition: `count <= 65,536`.
  func hits(in codes: [UInt8], count: Int, start: Int) -> [MotifHit] {
    precondition(count <= 1 << 16, "a stretch of \(count) positions")
    let stretch = KmerStretch(codes, width: width)
    // Position, motif and strand, score: their order is that of the hits.
    var keys: [UInt64] = []
    for (block, sieve) in sieves.enumerated() {
      for place in sieve.places(in: stretch, count: count) {
        let (position, lane) = Int(place).quotientAndRemainder(dividingBy: MotifSieve.lanes)
        let matched = lanes[block * MotifSieve.lanes + lane]
        guard let score = score(of: matched, at: position, in: codes) else { continue }
        let order = 2 * matched.motif + (matched.isReverse ? 1 : 0)
        keys.append(UInt64(position) << 48 | UInt64(order) << 24 | UInt64(score))
      }
    }
    keys.sort()
    return keys.map { key in
      let order = Int(key >> 24 & 0xff_ffff)
      return MotifHit(
        start: start + Int(key >> 48), motif: order / 2,
        strand: order % 2 == 0 ? .forward : .reverse, score: Int(key & 0xff_ffff))
    }
  }

  /// The score of a window; `nil` if it is below the threshold, holds an unknown base, or isn't whole.
  private func score(of lane: Lane, at position: Int, in codes: [UInt8]) -> Int? {
    guard position + lane.width <= codes.count else { return nil }
    var (score, first) = (0, lane.firstScore)
    for code in codes[position..<position + lane.width] {
      guard code != EncodedSequence.unknown else { return nil }
      score += Int(scores[first + Int(code)])
      first += Alphabet.dna.count
    }
    return score >= lane.threshold ? score : nil
  }
}
