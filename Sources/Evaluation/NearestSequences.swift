internal import Genomics
internal import Parallel

/// For each sequence the largest share of its positions that are those of one of some others, read from the same end, on
/// either strand.
///
/// - Returns: Nothing if there are no others.
public func nearestIdentities(of sequences: [[UInt8]], to others: [[UInt8]], threads: Int)
  -> [Double]
{
  guard !others.isEmpty else { return [] }
  return concurrentMap(sequences.count, threads: threads) { index in
    let strands = [
      sequences[index], Alphabet.dna.reverseComplement(of: sequences[index][...]),
    ]
    var most = 0
    for other in others {
      for strand in strands { most = max(most, equalPositions(strand, other)) }
    }
    return Double(most) / Double(max(1, sequences[index].count))
  }
}

private func equalPositions(_ first: [UInt8], _ second: [UInt8]) -> Int {
  let (a, b) = (first.span, second.span)
  var equal = 0
  for index in 0..<min(a.count, b.count) { equal &+= a[index] == b[index] ? 1 : 0 }
  return equal
}
