import Genomics
import Tensors
import Testing

/// The oracle is `pool` itself, run on each sequence with a base replaced: the bits must be the same.
@Suite struct SubstitutionTests {
  @Test(
    arguments: [(1, 5), (3, 16), (16, 20), (24, 64)] as [(Int, Int)],
    [0, 1, 40, 63, 64, 150] as [Int])
  func poolsAsIfTheSequenceWereReadAgain(shape: (width: Int, filters: Int), extra: Int) {
    let (width, filters) = shape
    var random = RandomStream(seed: 1, .background, width, extra)
    let codes = (0..<width + extra).map { position -> UInt8 in
      position % 29 == 11 ? 4 : UInt8(random.next(below: 4))
    }
    let weight = Tensor(
      shape: [width, 4, filters],
      scalars: (0..<width * 4 * filters).map { _ in Float(random.normal()) })
    let bias = Tensor(
      shape: [filters], scalars: (0..<filters).map { _ in Float(random.normal()) })
    for reverse in [false, true] {
      let tables = MotifTables(weight: weight, bias: bias, reverse: reverse)
      let parts = tables.parts(of: codes)
      for columns in [filters, 2 * filters] {
        let mutants = codes.indices.flatMap { position in
          (0..<4).map { base in
            codes[..<position] + [UInt8(base)] + codes[(position + 1)...]
          }
        }
        var expected = Tensor(zeros: [mutants.count, columns])
        _ = tables.pool(
          codes: mutants.flatMap { $0 },
          offsets: (0...mutants.count).map { Int64($0 * codes.count) }, into: &expected,
          firstRow: 0)
        var features = Tensor(zeros: [mutants.count, columns])
        let middle = codes.count / 3
        tables.poolSubstitutions(in: parts, at: 0..<middle, into: &features, firstRow: 0)
        tables.poolSubstitutions(
          in: parts, at: middle..<codes.count, into: &features, firstRow: 4 * middle)
        #expect(features == expected)
      }
    }
  }
}
