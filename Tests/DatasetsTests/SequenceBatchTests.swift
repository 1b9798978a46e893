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

  @Test func readsTheOtherStrand() {
    let batch = SequenceBatch(["ACNGG", "T"].map { EncodedSequence($0)! }).reverseComplement
    #expect(EncodedSequence(codes: batch.codes).text == "CCNGTA")
    #expect(batch.offsets == [0, 5, 6])
  }
}
