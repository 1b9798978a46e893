import Genomics
import GenomicsIO
import Motifs
import Tensors

/// Prints how many motif positions a second are scored: every score of the first `count` motifs that
/// are at least 8 wide, on both strands of a FASTA file's first sequence, by one thread.
///
/// The motifs go by width in blocks of 16, each filled up with zeros to its widest. Scores stay in
/// the buffer of a stretch; nothing is done with them.
func measureMotifs(memePath: String, count: Int, fastaPath: String, seconds: Double) throws {
  let motifs = try MotifFile(readBytes(memePath), file: memePath).motifs.filter { $0.width >= 8 }
    .prefix(count).sorted { $0.width < $1.width }
  guard let sequence = try readFASTA(fastaPath).first else {
    preconditionFailure("no sequence in \(fastaPath)")
  }
  let tables = stride(from: 0, to: motifs.count, by: 16).flatMap { first in
    let weight = filters(of: motifs[first..<min(first + 16, motifs.count)])
    let bias = Tensor(zeros: [weight.shape[2]])
    return [false, true].map { MotifTables(weight: weight, bias: bias, reverse: $0) }
  }
  let codes = sequence.bases.codes
  let stretch = 8192
  var scores: [Float] = []
  let time = medianTime(for: seconds) {
    for tables in tables {
      for start in stride(from: 0, through: codes.count - tables.width, by: stretch) {
        let end = min(start + stretch + tables.width - 1, codes.count)
        tables.convolve(Array(codes[start..<end]), into: &scores)
      }
    }
  }
  print(Int(Double(2 * codes.count * motifs.count) / time))
}

/// Log-odds of motifs, `[width, channel, filter]`.
private func filters(of motifs: ArraySlice<Motif>) -> Tensor {
  let columns = motifs.map { $0.logOdds().columns }
  let width = columns.map(\.count).max()!
  let scalars = (0..<width).flatMap { tap in
    (0..<4).flatMap { channel in columns.map { tap < $0.count ? $0[tap][channel] : 0 } }
  }
  return Tensor(shape: [width, 4, motifs.count], scalars: scalars)
}
