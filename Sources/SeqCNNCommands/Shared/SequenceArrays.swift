internal import Genomics
internal import GenomicsIO

/// The letters of the codes of bases, 0…4.
let baseLetters = (0...EncodedSequence.unknown).map { code in
  String(UnicodeScalar(Alphabet.dna.letter(of: code)))
}

extension NPZWriter {
  /// Appends a sequence to an array `[sequence, 4, position]`.
  ///
  /// - Parameters:
  ///   - scalars: `[position][4]`.
  ///   - length: The positions of the array; `filler` stands in those behind the sequence.
  mutating func append(_ scalars: some Sequence<Float>, length: Int, filler: Float) throws {
    var row = [Float](repeating: filler, count: 4 * length)
    for (index, scalar) in scalars.enumerated() { row[index % 4 * length + index / 4] = scalar }
    try append(row)
  }
}
