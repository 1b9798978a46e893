internal import Genomics

/// How often each 6-mer stands in each sequence, on either strand of DNA, scaled to length 1: sparse rows.
struct KmerProfiles: Sendable {
  static let width = 6
  /// The number of columns; of a 6-mer and its reverse complement only the lesser code is one.
  static let columnCount = 1 << (2 * width)

  /// Row `i` is `columns[offsets[i]..<offsets[i + 1]]`, ascending, with the values beside.
  private(set) var offsets = [0]
  private(set) var columns: [Int32] = []
  private(set) var values: [Double] = []

  var count: Int { offsets.count - 1 }

  init(_ sequences: some Collection<EncodedSequence>) {
    for sequence in sequences { append(sequence) }
  }

  /// 6-mers with an unknown base don't count.
  private mutating func append(_ sequence: EncodedSequence) {
    let mask = Self.columnCount - 1
    let hasStrands = sequence.alphabet == .dna
    var (forward, reverse, known) = (0, 0, 0)
    var kmers: [Int32] = []
    for code in sequence.codes {
      known = code < 4 ? known + 1 : 0
      forward = (forward << 2 | Int(code & 3)) & mask
      reverse = reverse >> 2 | (3 - Int(code & 3)) << (2 * (Self.width - 1))
      if known >= Self.width { kmers.append(Int32(hasStrands ? min(forward, reverse) : forward)) }
    }
    kmers.sort()
    let first = columns.count
    for kmer in kmers {
      if columns.count > first, columns[columns.count - 1] == kmer {
        values[values.count - 1] += 1
      } else {
        columns.append(kmer)
        values.append(1)
      }
    }
    let squares = values[first...].reduce(0) { $0 + $1 * $1 }
    if squares > 0 {
      let norm = squares.squareRoot()
      for index in first..<values.count { values[index] /= norm }
    }
    offsets.append(columns.count)
  }

  /// The products of the rows with a column vector.
  func products(_ vector: [Double]) -> [Double] {
    let (columns, values, vector) = (columns.span, values.span, vector.span)
    return (0..<count).map { row in
      var sum = 0.0
      for entry in offsets[row]..<offsets[row + 1] {
        sum += values[entry] * vector[Int(columns[entry])]
      }
      return sum
    }
  }

  /// The sum of the rows, each times a factor.
  func sum(weighted factors: [Double]) -> [Double] {
    let (columns, values) = (columns.span, values.span)
    var result = [Double](repeating: 0, count: Self.columnCount)
    for row in 0..<count {
      let factor = factors[row]
      for entry in offsets[row]..<offsets[row + 1] {
        result[Int(columns[entry])] += factor * values[entry]
      }
    }
    return result
  }
}
