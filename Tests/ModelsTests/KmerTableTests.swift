import Genomics
import Layers
import Models
import Networks
import Tensors
import Testing

@Suite struct KmerTableTests {
  /// Random numbers of very different sizes, the same for a 10-mer and its reverse complement.
  private static func table(tasks: Int) -> KmerTable {
    var random = RandomStream(seed: 5, .background)
    var scalars = Tensor(zeros: [1 << 20, tasks])
    for kmer in 0..<1 << 20 {
      let other = reverseComplement(kmer)
      for task in 0..<tasks {
        scalars.scalars[kmer * tasks + task] =
          other < kmer
          ? scalars.scalars[other * tasks + task] : Float(random.normal() * random.normal())
      }
    }
    return KmerTable(
      scalars: scalars,
      bias: Tensor(shape: [tasks], scalars: (0..<tasks).map { Float($0) - 0.3 }))
  }

  private static func reverseComplement(_ kmer: Int) -> Int {
    (0..<10).reduce(0) { $0 << 2 | 3 - (kmer >> (2 * $1) & 3) }
  }

  private func randomCodes(_ length: Int, unknownShare: Double = 0.02) -> [UInt8] {
    var random = RandomStream(seed: 6, .background, length)
    return (0..<length).map { _ in
      random.uniform() < unknownShare ? 4 : UInt8(random.next(below: 4))
    }
  }

  /// The definition, k-mer by k-mer.
  private func score(_ codes: [UInt8], _ table: KmerTable, task: Int) -> Double {
    var sum = 0.0
    for start in 0..<max(0, codes.count - 9) where !codes[start..<start + 10].contains(4) {
      let kmer = codes[start..<start + 10].reduce(0) { 4 * $0 + Int($1) }
      sum += Double(table.scalars.scalars[kmer * table.taskCount + task])
    }
    return Double(table.bias.scalars[task]) + sum / Double(max(1, codes.count - 9)).squareRoot()
  }

  @Test(arguments: [1, 3]) func scoresAsTheDefinition(tasks: Int) {
    let table = Self.table(tasks: tasks)
    let sequences = ([0, 1, 9, 10, 11] + Array(40..<240)).map { randomCodes($0) }
    let outputs = table.outputs(sequences.map(EncodedSequence.init(codes:)), threads: 1)
    #expect(outputs.shape == [sequences.count, tasks])
    for (row, sequence) in sequences.enumerated() {
      for task in 0..<tasks {
        let expected = score(sequence, table, task: task)
        // The result is rounded once.
        #expect(
          abs(Double(outputs.scalars[row * tasks + task]) - expected) <= 1e-7 * (1 + abs(expected)))
      }
    }
    let reversed = table.outputs(
      sequences.map { EncodedSequence(codes: $0).reverseComplement }, threads: 2)
    #expect(reversed == outputs)
  }

  /// A window scores the same bits wherever it stands.
  @Test(arguments: [0, 3, 9, 10, 11, 57, 300, 301], [1, 2])
  func windowsScoreAsTheyDoAlone(length: Int, tasks: Int) {
    let table = Self.table(tasks: tasks)
    let codes = randomCodes(300)
    let alone = (0..<max(0, codes.count - length + 1)).map {
      EncodedSequence(codes: Array(codes[$0..<$0 + length]))
    }
    #expect(
      table.windowScores(codes, length: length) == table.outputs(alone, threads: 2).scalars)
  }

  /// An unknown base, or fewer than 10 bases, add nothing.
  @Test func unknownBasesAndShortSequencesScoreTheBias() {
    let table = Self.table(tasks: 2)
    let sequences = ["", "ACGTACGTA", "ACGTNACGTAACGTNACGTTTTTNA", "NNNNNNNNNNNN"]
    let outputs = table.outputs(sequences.map { EncodedSequence($0)! }, threads: 1)
    #expect(outputs == Tensor(repeating: table.bias, count: 4))
  }

  /// By hand: the largest number of the first column is below 2, so that its last place is 2⁻²³; the
  /// second column is exact.
  @Test func roundsToTheLastPlaceOfTheLargest() {
    var scalars = Tensor(zeros: [1 << 20, 2])
    scalars.scalars[0] = -1.5
    scalars.scalars[2] = 0x1.8p-24
    scalars.scalars[4] = 0x1p-25
    scalars.scalars[3] = 0x1p-25
    let table = KmerTable(scalars: scalars, bias: Tensor(zeros: [2]))
    #expect(Array(table.scalars.scalars[..<6]) == [-1.5, 0, 0x1p-23, 0x1p-25, 0, 0])
    #expect(KmerTable(scalars: table.scalars, bias: table.bias) == table)
  }
}
