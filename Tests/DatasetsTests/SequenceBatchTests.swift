import Datasets
import Genomics
import Tensors
import Testing

@Suite struct SequenceBatchTests {
  /// By hand: channels A, C, G, T; an unknown base is a quarter of each.
  @Test func oneHotByHand() {
    let batch = SequenceBatch(["ACN", "TGA"].map { EncodedSequence($0)! })
    let expected: [[Float]] = [
      [1, 0, 0, 0], [0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25],
      [0, 0, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0],
    ]
    #expect(batch.oneHot() == Tensor(shape: [2, 3, 4], scalars: expected.flatMap { $0 }))
  }

  @Test func laysSequencesSideBySide() {
    var batch = SequenceBatch()
    #expect(batch.count == 0 && batch.commonLength == nil)
    batch.append([0, 1, 2])
    batch.append([3, 4, 4][...])
    #expect(batch.codes == [0, 1, 2, 3, 4, 4] && batch.offsets == [0, 3, 6])
    #expect(batch.count == 2 && batch.commonLength == 3 && batch.range(of: 1) == 3..<6)
    batch.append([0])
    #expect(batch.commonLength == nil && batch.range(of: 2) == 6..<7)
  }

  /// More sequences than memory is asked for ahead, of several lengths and none, in any order.
  @Test func gathersSequencesInTheGivenOrder() {
    var batch = SequenceBatch()
    let sequences = (0..<40).map { [UInt8](repeating: UInt8($0 % 5), count: $0 * 7 % 23) }
    for sequence in sequences { batch.append(sequence) }
    let indices = (0..<60).map { $0 * 29 % 40 }
    let gathered = batch.gathered(indices)
    #expect(gathered.codes == indices.flatMap { sequences[$0] })
    #expect(gathered.count == 60 && gathered.range(of: 59).count == sequences[indices[59]].count)
    #expect(batch.gathered([]).count == 0)
  }

  /// Short ones get unknown bases on both sides, centred: `padded(to:)` is tested by itself.
  @Test func padsToALeastLength() throws {
    let sequences = [EncodedSequence(codes: [1]), EncodedSequence(codes: [0, 1, 2, 3])]
    let batch = SequenceBatch(sequences[...], minimumLength: 3)
    #expect(batch.codes == [4, 1, 4, 0, 1, 2, 3] && batch.offsets == [0, 3, 7])
  }

  @Test func readsTheOtherStrand() {
    let batch = SequenceBatch(["ACNGG", "T"].map { EncodedSequence($0)! }).reverseComplement
    #expect(EncodedSequence(codes: batch.codes).text == "CCNGTA")
    #expect(batch.offsets == [0, 5, 6])
  }

  /// A channel per amino acid, by hand; an unknown one is a twentieth of each.
  @Test func oneHotOfProteins() {
    let batch = SequenceBatch([EncodedSequence("CX", alphabet: .protein)!])
    var expected = [Float](repeating: 0, count: 40)
    expected[1] = 1
    for channel in 20..<40 { expected[channel] = 1 / 20 }
    #expect(batch.oneHot() == Tensor(shape: [1, 2, 20], scalars: expected))
    #expect(batch.padded(by: 1).codes == [20, 1, 20, 20])
  }

  /// Numbers go with their sequences.
  @Test func carriesNumbersBesideSequences() {
    let sequences = (0..<3).map { index in
      var sequence = EncodedSequence("ACG")!
      sequence.side = [Float(index), 10]
      return sequence
    }
    let batch = SequenceBatch(sequences)
    #expect(batch.sideTensor == Tensor(shape: [3, 2], scalars: [0, 10, 1, 10, 2, 10]))
    #expect(batch.gathered([2, 0]).side == [2, 10, 0, 10] && batch[1] == sequences[1])
    #expect(batch.padded(by: 2).side == batch.side)
    #expect(SequenceBatch([EncodedSequence("A")!]).sideTensor == nil)
  }
}
