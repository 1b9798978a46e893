public import Genomics
internal import Parallel
internal import Tensors

/// The best log-odds score of each motif on either strand of each sequence, in bits; an unknown base
/// counts as the mean of its four.
///
/// Sequences shorter than a motif are read with unknown bases on both sides, centred.
/// - Returns: `[motif][sequence]`
public func bestHits(
  of motifs: [LogOddsMatrix], in sequences: [EncodedSequence], threads: Int
) -> [[Float]] {
  // Tables rectify, so what they hold is raised above the lowest score that there can be.
  let floors = motifs.map { motif in motif.columns.reduce(Float(0)) { $0 - $1.min() } }
  var hits = [[Float]](repeating: [], count: motifs.count)
  for width in Set(motifs.map(\.width)).sorted() {
    let own = motifs.indices.filter { motifs[$0].width == width }
    var weight = Tensor(zeros: [width, Alphabet.dna.count, own.count])
    for (filter, motif) in own.enumerated() {
      for (position, column) in motifs[motif].columns.enumerated() {
        for base in column.indices {
          weight.scalars[(position * column.scalarCount + base) * own.count + filter] = column[base]
        }
      }
    }
    let bias = Tensor(shape: [own.count], scalars: own.map { floors[$0] })
    let tables = [false, true].map { MotifTables(weight: weight, bias: bias, reverse: $0) }
    let best = maxima(of: tables, in: sequences, threads: threads)
    for (filter, motif) in own.enumerated() {
      hits[motif] = stride(from: filter, to: best.count, by: own.count).map {
        best[$0] - floors[motif]
      }
    }
  }
  return hits
}

/// The maximum of each filter over the positions of both strands: `[sequence][filter]`.
private func maxima(
  of tables: [MotifTables], in sequences: [EncodedSequence], threads: Int
) -> [Float] {
  let (size, filters, width) = (256, tables[0].filterCount, tables[0].width)
  return concurrentMap(sequences.count.dividedRoundingUp(by: size), threads: threads) { shard in
    var (codes, offsets): ([UInt8], [Int64]) = ([], [0])
    for sequence in sequences[shard * size..<min((shard + 1) * size, sequences.count)] {
      codes += sequence.padded(to: width).codes
      offsets.append(Int64(codes.count))
    }
    let count = offsets.count - 1
    var pooled = Tensor(zeros: [2 * count, filters])
    for (strand, tables) in tables.enumerated() {
      _ = tables.pool(codes: codes, offsets: offsets, into: &pooled, firstRow: strand * count)
    }
    let half = count * filters
    return (0..<half).map { max(pooled.scalars[$0], pooled.scalars[half + $0]) }
  }.flatMap { $0 }
}
