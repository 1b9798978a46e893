internal import Kernels
internal import Parallel

/// Which bases of a window gapped k-mers are made of.
public struct GappedPatterns: Equatable, Sendable {
  /// The number of bases of a window.
  public let span: Int
  /// The number of bases that a gapped k-mer is made of.
  public let informative: Int
  /// Where they stand in the window, ascending: `[pattern][informative]`.
  public let offsets: [[Int]]
  private let allOffsets: [Int32]

  /// - Precondition: There are offsets, 1 to 8 in each pattern and equally many, ascending, in
  ///   `0..<span`; `span` is at most 10.
  public init(span: Int, offsets: [[Int]]) {
    let informative = offsets[0].count
    precondition(
      1...2 * Int(GAPPED_HALF) ~= span && 1...Int(GAPPED_INFORMATIVE) ~= informative
        && offsets.allSatisfy { pattern in
          pattern.count == informative && pattern.allSatisfy { 0..<span ~= $0 }
            && zip(pattern, pattern.dropFirst()).allSatisfy { $0 < $1 }
        },
      "patterns \(offsets) in windows of \(span)")
    self.span = span
    self.informative = informative
    self.offsets = offsets
    allOffsets = offsets.flatMap { $0.map(Int32.init) }
  }

  /// `count` of the patterns that differ in more than their place in the window and their direction,
  /// evenly spread over all of these in lexicographic order.
  ///
  /// - Precondition: `1 <= informative <= 8`, `informative <= span <= 10` and `count >= 1`. Where
  ///   there are fewer patterns, all are taken.
  public init(span: Int, informative: Int, count: Int) {
    let all = Self.distinct(span: span, informative: informative)
    let taken = min(count, all.count)
    self.init(span: span, offsets: (0..<taken).map { all[$0 * all.count / taken] })
  }

  /// The number of gapped k-mers of a pattern.
  public var kmerCount: Int { 1 << (2 * informative) }
  /// The number of gapped k-mers, `[pattern][k-mer]`; the first base has the highest place.
  public var weightCount: Int { offsets.count * kmerCount }

  /// All patterns that begin with the window, of each and its mirror image the first.
  private static func distinct(span: Int, informative: Int) -> [[Int]] {
    var prefixes = [[0]]
    for _ in 1..<informative {
      prefixes = prefixes.flatMap { prefix in
        (prefix.last! + 1..<max(prefix.last! + 1, span)).map { prefix + [$0] }
      }
    }
    return prefixes.filter { pattern in
      let mirrored = pattern.reversed().map { pattern.last! - $0 }
      return !mirrored.lexicographicallyPrecedes(pattern)
    }
  }

  fileprivate func withKernel<Result>(
    _ body: (UnsafePointer<Kernels.GappedPatterns>) -> Result
  ) -> Result {
    allOffsets.withUnsafeBufferPointer { offsets in
      var patterns = Kernels.GappedPatterns(
        offsets: offsets.baseAddress, count: Int32(self.offsets.count),
        informative: Int32(informative), span: Int32(span))
      return body(&patterns)
    }
  }

  /// The weights that windows have through their gapped k-mers on both strands, `[window]`: the bases
  /// of window `u`, of `span`, are the digits of `u` in base 4.
  ///
  /// A window and its reverse complement have the same bits.
  /// - Parameter weights: `[pattern][k-mer]`.
  public func merged(_ weights: [Float], threads: Int) -> [Float] {
    precondition(weights.count == weightCount, "\(weights.count) weights for \(weightCount)")
    let windows = 1 << (2 * span)
    let block = min(windows, 1 << 17)
    return concurrentMap(windows / block, threads: threads) { index in
      [Float](count: block) { output in
        withKernel {
          gapped_merge($0, weights, UInt32(index * block), UInt32(block), output)
        }
      }
    }.flatMap { $0 }
  }
}

/// The gapped k-mers of one sequence at a time, on both strands of each window.
///
/// Windows with an unknown base have none.
public struct GappedKmerReader {
  public let patterns: GappedPatterns
  /// The number of windows, of the sequence read last, without an unknown base.
  public private(set) var windowCount = 0

  private var codes: [UInt8] = []
  /// `[pattern][strand][stride]`
  private var indices: [UInt16] = []
  private var stride = 0
  private var counts: [UInt32]

  public init(_ patterns: GappedPatterns) {
    self.patterns = patterns
    counts = [UInt32](repeating: 0, count: patterns.kmerCount)
  }

  /// Reads the sequence `sequences[range]`.
  ///
  /// - Precondition: Codes are 0…4.
  public mutating func read(_ sequences: [UInt8], _ range: Range<Int>) {
    let padded = range.count + Int(GAPPED_BLOCK)
    if codes.count < padded { codes = [UInt8](repeating: 0, count: padded) }
    codes.withUnsafeMutableBytes { $0.copyBytes(from: sequences[range]) }
    stride = gapped_stride(Int64(range.count), Int32(patterns.span))
    let needed = 2 * patterns.offsets.count * stride
    if indices.count < needed { indices = [UInt16](repeating: 0, count: needed) }
    windowCount = patterns.withKernel {
      Int(gapped_find($0, codes, Int64(range.count), &indices))
    }
  }

  /// The sum of the weights, `[pattern][k-mer]`, of the gapped k-mers.
  public func sum(of weights: [Float]) -> Float {
    precondition(weights.count == patterns.weightCount, "\(weights.count) weights")
    return indices.withUnsafeBufferPointer { indices in
      var rows = rows(of: indices)
      return gapped_sum(&rows, weights)
    }
  }

  /// Adds a step to the weight of each gapped k-mer, as often as it occurs.
  public func add(_ step: Float, to weights: inout [Float]) {
    precondition(weights.count == patterns.weightCount, "\(weights.count) weights")
    indices.withUnsafeBufferPointer { indices in
      var rows = rows(of: indices)
      gapped_add(&rows, step, &weights)
    }
  }

  /// The sum over gapped k-mers of their squared number.
  public mutating func squaredCounts() -> Double {
    let indices = indices
    return indices.withUnsafeBufferPointer { indices in
      var rows = rows(of: indices)
      return gapped_squares(&rows, &counts)
    }
  }

  private func rows(of indices: UnsafeBufferPointer<UInt16>) -> GappedRows {
    GappedRows(
      indices: indices.baseAddress, stride: stride, windows: Int64(windowCount),
      count: Int32(2 * patterns.offsets.count), kmers: Int32(patterns.kmerCount))
  }
}
