internal import Genomics

/// Where sequences stand in a genome, base for base, on either strand.
///
/// One k-mer of each sequence is looked for, in one pass over the genome; where it is found the rest is compared.
struct SequencePlaces {
  /// A k-mer of a sequence, which begins at an offset.
  private struct Anchor {
    let sequence: Int
    let offset: Int
  }

  private let sequences: [EncodedSequence]
  private let reversed: [EncodedSequence]
  private let longest: Int
  private var anchors: [UInt64: [Anchor]] = [:]
  /// Whether a k-mer of a hash may be an anchor: most of a genome ends here.
  private var mayBeAnchor = [Bool](repeating: false, count: 1 << hashBits)

  private static let width = 24
  private static let hashBits = 20
  private static let basesPerPiece = 1 << 20

  private init(_ sequences: [EncodedSequence]) {
    self.sequences = sequences
    reversed = sequences.map(\.reverseComplement)
    longest = sequences.map(\.count).max() ?? 0
    for (index, sequence) in sequences.enumerated() {
      guard let (kmer, offset) = Self.middleKmer(of: sequence) else { continue }
      anchors[kmer, default: []].append(Anchor(sequence: index, offset: offset))
      mayBeAnchor[Self.hash(kmer)] = true
    }
  }

  /// For each sequence its places, in the genome's order. A sequence without 24 known bases in a row has none.
  ///
  /// - Throws: What reading the genome throws.
  static func places(
    of sequences: [EncodedSequence], in genome: some BaseSource
  ) throws -> [[GenomicInterval]] {
    let search = SequencePlaces(sequences)
    var places = sequences.map { _ in [GenomicInterval]() }
    for whole in genome.wholeSequences {
      for start in stride(from: 0, to: whole.end, by: basesPerPiece) {
        // A sequence may reach past the piece that holds its anchor.
        let first = max(0, start - search.longest)
        let read = GenomicInterval(
          whole.sequence, start: first,
          end: min(whole.end, start + basesPerPiece + search.longest + width))
        search.addPlaces(
          in: try genome.bases(in: read).codes, of: read,
          anchoredIn: start - first..<start - first + basesPerPiece, to: &places)
      }
    }
    return places
  }

  /// - Parameter range: Where anchors may begin in `codes`.
  private func addPlaces(
    in codes: [UInt8], of read: GenomicInterval, anchoredIn range: Range<Int>,
    to places: inout [[GenomicInterval]]
  ) {
    var kmers = CanonicalKmers(width: Self.width)
    for (position, code) in codes.enumerated() {
      guard let kmer = kmers.add(code), mayBeAnchor[Self.hash(kmer)],
        range.contains(position + 1 - Self.width)
      else { continue }
      for anchor in anchors[kmer] ?? [] {
        guard let start = start(of: anchor, at: position + 1 - Self.width, in: codes) else {
          continue
        }
        let place = GenomicInterval(
          read.sequence, start: read.start + start,
          end: read.start + start + sequences[anchor.sequence].count)
        places[anchor.sequence].append(place)
      }
    }
  }

  /// Where the sequence of an anchor that stands at a position begins; `nil` if the other bases differ.
  private func start(of anchor: Anchor, at position: Int, in codes: [UInt8]) -> Int? {
    let count = sequences[anchor.sequence].count
    let offsets = [anchor.offset, count - anchor.offset - Self.width]
    for (offset, spelling) in zip(offsets, [sequences, reversed]) {
      let start = position - offset
      guard start >= 0, start + count <= codes.count else { continue }
      if codes[start..<start + count].elementsEqual(spelling[anchor.sequence].codes) {
        return start
      }
    }
    return nil
  }

  /// The k-mer of known bases that begins nearest to where the middle one does, and its offset; of equally near ones the
  /// first.
  private static func middleKmer(of sequence: EncodedSequence) -> (kmer: UInt64, offset: Int)? {
    var kmers = CanonicalKmers(width: width)
    let known = sequence.codes.enumerated().compactMap { position, code in
      kmers.add(code).map { (kmer: $0, offset: position + 1 - width) }
    }
    let middle = (sequence.count - width) / 2
    return known.min { abs($0.offset - middle) < abs($1.offset - middle) }
  }

  private static func hash(_ kmer: UInt64) -> Int {
    Int((kmer &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - hashBits))
  }
}
