import Kernels
import Testing

@Suite struct KmerTests {
  private func codes(_ count: Int, unknownShare: Double) -> [UInt8] {
    RandomInput(filters: 1, width: 1, lengths: [count], unknownShare: unknownShare).codes
  }

  /// Each window's k-mers in plain Double loops.
  @Test(arguments: KernelLevel.allCases, [1, 3])
  func scoresWindowsAsTheDefinition(level: KernelLevel, tasks: Int) throws {
    let kernels = try level.kernels()
    for (span, length) in [(1, 1), (2, 5), (4, 4), (5, 30)] {
      let codes = codes(90, unknownShare: 0.05)
      let scores = randomNumbers(tasks << (2 * span))
      let bias = randomNumbers(tasks)
      let windows = codes.count - length + 1
      var sums = [Double](repeating: .nan, count: tasks * (length - span + 2))
      var output = [Float](repeating: .nan, count: windows * tasks)
      scores.withUnsafeBufferPointer { scores in
        bias.withUnsafeBufferPointer { bias in
          var table = KmerScores(
            scores: scores.baseAddress, bias: bias.baseAddress, span: Int32(span),
            tasks: Int32(tasks))
          kernels.kmer_score_windows(
            &table, codes, Int64(codes.count), Int64(length), &sums, &output)
        }
      }
      var expected: [Float] = []
      for start in 0..<windows {
        let kmers = (start...start + length - span).map { codes[$0..<$0 + span] }
        for task in 0..<tasks {
          let sum = kmers.filter { !$0.contains(4) }.reduce(0.0) { sum, kmer in
            sum + Double(scores[kmer.reduce(0) { $0 * 4 + Int($1) } * tasks + task])
          }
          expected.append(Float(Double(bias[task]) + sum / Double(kmers.count).squareRoot()))
        }
      }
      #expect(worstDifference(output, expected) < 1e-6)
    }
  }

  /// The bases of each known window that a pattern keeps, and of its reverse complement.
  @Test(arguments: KernelLevel.allCases, [1, 4, 6, 8])
  func findsGappedKmersAsTheDefinition(level: KernelLevel, informative: Int) throws {
    let kernels = try level.kernels()
    let span = 10
    let patterns = [Array(0..<informative), Array(span - informative..<span)]
    for (length, unknownShare) in [(9, 0.0), (10, 0), (41, 0), (150, 0), (150, 0.05), (150, 1)] {
      let sequence = codes(length, unknownShare: unknownShare)
      let padded = sequence + [UInt8](repeating: 0, count: Int(GAPPED_BLOCK))
      let stride = gapped_stride(Int64(length), Int32(span))
      var indices = [UInt16](repeating: .max, count: 2 * patterns.count * stride)
      let offsets = patterns.flatMap { $0.map(Int32.init) }
      let found = offsets.withUnsafeBufferPointer { offsets in
        var patterns = GappedPatterns(
          offsets: offsets.baseAddress, count: Int32(patterns.count),
          informative: Int32(informative), span: Int32(span))
        return kernels.gapped_find(&patterns, padded, Int64(length), &indices)
      }
      let windows = (0..<max(0, length - span + 1)).map { Array(sequence[$0..<$0 + span]) }
        .filter { !$0.contains(4) }
      #expect(found == Int64(windows.count))
      for (index, pattern) in patterns.enumerated() {
        for strand in 0..<2 {
          let expected = windows.map { window in
            let read = strand == 0 ? window : window.reversed().map { 3 - $0 }
            return pattern.reduce(UInt16(0)) { $0 << 2 | UInt16(read[$1]) }
          }
          let row = (2 * index + strand) * stride
          #expect(Array(indices[row..<row + windows.count]) == expected)
        }
      }
    }
  }
}
