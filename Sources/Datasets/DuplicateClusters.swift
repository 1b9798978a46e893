package import Genomics

extension DisjointSets {
  /// Unites sequences that are nearly the same.
  ///
  /// Two are where one equals the other or its reverse complement, or where they share at least half
  /// of the 15-mers of the one that has fewer; a 15-mer and its reverse complement are one, it counts
  /// as often as it occurs in both, and none holds an unknown base. Whatever is nearly the same as a
  /// third sequence is in one set. Of proteins 6-mers are compared instead.
  ///
  /// The time grows with the number of bases, not with its square: a 15-mer that many sequences hold
  /// links each to the 200 before it, and of more than 2²⁴ 15-mers in all a sample is compared, drawn
  /// by hash, that holds at most about so many.
  package mutating func uniteNearDuplicates(of sequences: [EncodedSequence]) {
    uniteEqual(sequences)
    let table = SharedKmers(of: sequences)
    var shared = [Int32](repeating: 0, count: sequences.count)
    for sequence in sequences.indices {
      var touched: [Int] = []
      table.forEachEarlier(than: sequence) { earlier, count in
        if shared[earlier] == 0 { touched.append(earlier) }
        shared[earlier] += count
      }
      for earlier in touched {
        if 2 * shared[earlier] >= min(table.kmerCounts[earlier], table.kmerCounts[sequence]) {
          unite(earlier, sequence)
        }
        shared[earlier] = 0
      }
    }
  }

  private mutating func uniteEqual(_ sequences: [EncodedSequence]) {
    var firstIndex: [EncodedSequence: Int] = [:]
    for (index, sequence) in sequences.enumerated() {
      if let first = firstIndex.updateValue(index, forKey: sequence.canonical) {
        unite(first, index)
      }
    }
  }
}

/// Which sequences hold the same canonical 15-mers.
private struct SharedKmers {
  private static let width = 15
  private static let sampleSize = 1 << 24
  private static let linkLimit = 200

  /// That some sequence holds a 15-mer, and how often.
  private struct Holding {
    let sequence: Int32
    let count: Int32
    /// Where the holdings of the same 15-mer begin.
    let first: Int32
  }

  /// The number of (sampled) 15-mers of each sequence.
  private(set) var kmerCounts: [Int32]
  /// By 15-mer, then by sequence; only 15-mers that two sequences hold.
  private var holdings: [Holding] = []
  /// The indices of each sequence's holdings: `bySequence[offsets[s]..<offsets[s + 1]]`.
  private var bySequence: [Int32] = []
  private var offsets: [Int]

  init(of sequences: [EncodedSequence]) {
    kmerCounts = [Int32](repeating: 0, count: sequences.count)
    offsets = [Int](repeating: 0, count: sequences.count + 1)
    let total = sequences.reduce(0) { $0 + max(0, $1.count - Self.width + 1) }
    var mask: UInt64 = 0
    while total >> mask.nonzeroBitCount > Self.sampleSize { mask = mask << 1 | 1 }
    var entries: [UInt64] = []
    entries.reserveCapacity(min(total, Self.sampleSize))
    for (index, sequence) in sequences.enumerated() {
      let before = entries.count
      appendKmers(of: sequence, sequence: UInt64(index), sampledBy: mask, to: &entries)
      kmerCounts[index] = Int32(entries.count - before)
    }
    addHoldings(sortedByKmer(entries))
    indexHoldings()
  }

  /// Calls `body` with every earlier sequence that shares a 15-mer, once a 15-mer, with the number of
  /// times that both have it.
  func forEachEarlier(than sequence: Int, _ body: (Int, Int32) -> Void) {
    for index in bySequence[offsets[sequence]..<offsets[sequence + 1]] {
      let own = holdings[Int(index)]
      for other in max(Int(own.first), Int(index) - Self.linkLimit)..<Int(index) {
        body(Int(holdings[other].sequence), min(own.count, holdings[other].count))
      }
    }
  }

  /// Appends each 15-mer that the sample takes, as `kmer << 32 | sequence`.
  private func appendKmers(
    of bases: EncodedSequence, sequence: UInt64, sampledBy mask: UInt64,
    to entries: inout [UInt64]
  ) {
    func append(_ kmer: UInt64) {
      if (kmer &* 0x9E37_79B9_7F4A_7C15) >> 32 & mask == 0 { entries.append(kmer << 32 | sequence) }
    }
    if bases.alphabet == .protein { return bases.forEachProteinKmer(append) }
    var kmers = CanonicalKmers(width: Self.width)
    for code in bases.codes {
      if let kmer = kmers.add(code) { append(kmer) }
    }
  }

  /// Sorts by 15-mer and keeps the order of sequences within one: three passes of 10 bits.
  private func sortedByKmer(_ entries: [UInt64]) -> [UInt64] {
    var from = entries
    var to = entries
    for shift in [32, 42, 52] as [UInt64] {
      var positions = [Int](repeating: 0, count: 1025)
      for entry in from { positions[Int(entry >> shift & 1023) + 1] += 1 }
      for digit in 0..<1024 { positions[digit + 1] += positions[digit] }
      for entry in from {
        let digit = Int(entry >> shift & 1023)
        to[positions[digit]] = entry
        positions[digit] += 1
      }
      swap(&from, &to)
    }
    return from
  }

  private mutating func addHoldings(_ entries: [UInt64]) {
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      if entries[end - 1] != entries[start] {
        let first = Int32(holdings.count)
        while start < end {
          var next = start + 1
          while next < end, entries[next] == entries[start] { next += 1 }
          holdings.append(
            Holding(
              sequence: Int32(truncatingIfNeeded: entries[start]), count: Int32(next - start),
              first: first))
          start = next
        }
      }
      start = end
    }
  }

  private mutating func indexHoldings() {
    for holding in holdings { offsets[Int(holding.sequence) + 1] += 1 }
    for sequence in 1..<offsets.count { offsets[sequence] += offsets[sequence - 1] }
    var positions = offsets
    bySequence = [Int32](repeating: 0, count: holdings.count)
    for (index, holding) in holdings.enumerated() {
      bySequence[positions[Int(holding.sequence)]] = Int32(index)
      positions[Int(holding.sequence)] += 1
    }
  }
}

extension EncodedSequence {
  private static let proteinWidth = 6
  private static let bitsPerAcid: UInt64 = 5

  /// Calls `body` with the 6-mers of a protein: five bits per letter, as many in all as a 15-mer of bases takes.
  fileprivate func forEachProteinKmer(_ body: (UInt64) -> Void) {
    let mask: UInt64 = 1 << (Self.bitsPerAcid * UInt64(Self.proteinWidth)) - 1
    var (kmer, known): (UInt64, Int) = (0, 0)
    for code in codes {
      known = code == alphabet.unknown ? 0 : known + 1
      kmer = (kmer << Self.bitsPerAcid | UInt64(code)) & mask
      if known >= Self.proteinWidth { body(kmer) }
    }
  }
}
