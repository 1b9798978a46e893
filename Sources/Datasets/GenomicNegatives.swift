package import Genomics

/// Windows of a genome that nothing binds, as it is or as rich in G and C as the positives.
///
/// Every negative lies in one of the given stretches, has the length of the positives, and shares no
/// base with an excluded interval, a positive, an unknown base or another negative. The places are drawn from
/// all that are free, with equal probability. Negatives are read on the forward strand.
package struct GenomicNegatives: Sendable {
  /// What no negative may touch: every peak of the input, used or not, every window of any side of a
  /// split, and blacklists.
  package var excluded: [GenomicInterval]
  /// The number of negatives a positive.
  package var ratio: Double
  package var seed: UInt64
  /// Whether each of 50 classes of GC content (2 % each) has `ratio` negatives per positive; otherwise the
  /// GC content is that of the genome.
  package var matchesContent = true

  package init(excluding excluded: [GenomicInterval], ratio: Double = 1, seed: UInt64) {
    self.excluded = excluded
    self.ratio = ratio
    self.seed = seed
  }

  /// Draws the negatives of some positives, labelled 0 in each task.
  ///
  /// - Parameters:
  ///   - positives: All of one length and with the same number of tasks.
  ///   - stretches: Where negatives may lie: stretches of the genome that share no base.
  ///   - ledger: Counts the negatives; those that there is no place for are dropped, with the reason.
  /// - Throws: What reading the genome throws.
  package func examples(
    matching positives: [Example], within stretches: [GenomicInterval],
    of genome: some BaseSource, ledger: inout Ledger
  ) throws -> [Example] {
    guard let first = positives.first else { return [] }
    let length = first.bases.count
    precondition(
      positives.allSatisfy { $0.bases.count == length }, "positives of different lengths")
    var wanted =
      matchesContent
      ? wantedByContent(positives) : [Int((Double(positives.count) * ratio).rounded())]
    let places = FreePlaces(
      length: length, within: stretches,
      avoiding: IntervalSet(excluded + positives.compactMap(\.interval)))
    var accepted = PlacedWindows(length: length)
    var random = RandomStream(seed: seed, .genomicNegatives)
    for _ in 0..<10 {
      let missing = wanted.reduce(0, +)
      guard missing > 0, places.count > 0 else { break }
      let tries = matchesContent ? max(20 * missing, 10_000) : 2 * missing
      let candidates = (0..<min(tries, 2_000_000)).map { _ in
        places[random.next(below: places.count)]
      }
      let contents = try contents(of: candidates, in: genome)
      for (window, content) in zip(candidates, contents) {
        guard let content, wanted[content] > 0, accepted.insert(window) else { continue }
        wanted[content] -= 1
      }
    }
    ledger.use(accepted.windows.count)
    ledger.drop(
      places.count == 0
        ? "no room for a negative beside the peaks and the excluded regions"
        : matchesContent ? "no free window of the same GC content found" : "no free window found",
      count: wanted.reduce(0, +))
    return try read(
      accepted.windows, labels: [Float](repeating: 0, count: first.labels.count), from: genome)
  }

  /// With less than this share of the negatives that were asked for, figures would come from a handful.
  private static let leastShare = 0.25

  /// - Parameter ratio: The negatives that were asked for, for each positive; more than one needn't be found.
  /// - Throws: `NegativesError` if hardly any of the negatives of a side were found.
  static func requireEnough(
    _ found: Int, for positives: Int, ratio: Double, _ ledger: Ledger
  ) throws {
    guard positives > 0 else { return }
    guard found > 0, Double(found) >= leastShare * min(ratio, 1) * Double(positives) else {
      throw NegativesError(
        description: "\(ledger); \(found) negative(s) for \(positives) positive(s) are too few to "
          + "learn from or to measure with; take shuffles: --make-negatives dinucleotide")
    }
  }

  /// How many negatives of each class of GC content are wanted; over all, `ratio` a positive.
  private func wantedByContent(_ positives: [Example]) -> [Int] {
    var counts = [Int](repeating: 0, count: gcClassCount)
    for positive in positives {
      if let content = gcClass(positive.bases.codes[...]) { counts[content] += 1 }
    }
    var sum = 0
    return counts.map { count in
      let before = (Double(sum) * ratio).rounded()
      sum += count
      return Int((Double(sum) * ratio).rounded() - before)
    }
  }

  /// The class of each window's GC content, the first one for all where it doesn't matter; `nil` if the window
  /// holds an unknown base.
  private func contents(
    of windows: [GenomicInterval], in genome: some BaseSource
  ) throws -> [Int?] {
    var contents = [Int?](repeating: nil, count: windows.count)
    try genome.forEachWindow(windows) { index, codes in
      if !codes.contains(EncodedSequence.unknown) {
        contents[index] = matchesContent ? gcClass(codes) : 0
      }
    }
    return contents
  }

  private func read(
    _ windows: [GenomicInterval], labels: [Float], from genome: some BaseSource
  ) throws -> [Example] {
    var examples = [Example?](repeating: nil, count: windows.count)
    try genome.forEachWindow(windows) { index, codes in
      examples[index] = Example(
        window: windows[index], bases: EncodedSequence(codes: Array(codes)), labels: labels)
    }
    return examples.compactMap(\.self)
  }
}

private let gcClassCount = 50

/// The class of the share of G and C among the known bases; `nil` if none is known.
private func gcClass(_ codes: ArraySlice<UInt8>) -> Int? {
  let known = codes.count { $0 != EncodedSequence.unknown }
  guard known > 0 else { return nil }
  let gc = codes.count { $0 == 1 || $0 == 2 }
  return min(gc * gcClassCount / known, gcClassCount - 1)
}

/// Every window of one length that lies in some stretches and avoids some bases.
private struct FreePlaces {
  private let length: Int
  /// Where each gap starts.
  private var gaps: [(sequence: String, start: Int)] = []
  /// The number of windows in the gaps before each.
  private var countBefore: [Int] = []
  private(set) var count = 0

  init(length: Int, within stretches: [GenomicInterval], avoiding avoided: IntervalSet) {
    self.length = length
    for stretch in stretches {
      for gap in avoided.gaps(in: stretch) where gap.count >= length {
        gaps.append((stretch.sequence, gap.lowerBound))
        countBefore.append(count)
        count += gap.count - length + 1
      }
    }
  }

  subscript(index: Int) -> GenomicInterval {
    let gap = countBefore.partitioningIndex { $0 > index } - 1
    let start = gaps[gap].start + index - countBefore[gap]
    return GenomicInterval(gaps[gap].sequence, start: start, end: start + length)
  }
}

/// Windows of one length, none of which overlaps another.
private struct PlacedWindows {
  private struct Cell: Hashable {
    let sequence: String
    let index: Int
  }

  private let length: Int
  /// The start of the window that begins in each cell of `length` bases: there is one at most.
  private var starts: [Cell: Int] = [:]
  private(set) var windows: [GenomicInterval] = []

  init(length: Int) {
    self.length = length
  }

  /// Adds a window unless it overlaps one.
  mutating func insert(_ window: GenomicInterval) -> Bool {
    let cell = Cell(sequence: window.sequence, index: window.start / length)
    for neighbor in cell.index - 1...cell.index + 1 {
      if let start = starts[Cell(sequence: cell.sequence, index: neighbor)],
        abs(start - window.start) < length
      {
        return false
      }
    }
    starts[cell] = window.start
    windows.append(window)
    return true
  }
}
