import Genomics
import Kernels
import Tensors
import Testing

@Suite struct SieveTests {
  static let widths = [1, 2, 3, 4, 9, 24, 25, 40]

  /// Every k-mer's row by its definition: the first base has the highest place, unknown bases and
  /// those past the end count as A, and a row of 64 lanes takes 64 bytes.
  @Test(arguments: KernelLevel.allCases, [1, 2, 3, 100])
  func findsKmers(level: KernelLevel, length: Int) throws {
    let kernels = try level.kernels()
    let codes = RandomInput(filters: 1, width: 1, lengths: [length], unknownShare: 0.2).codes
    var kmers = [UInt16](repeating: .max, count: length + 7 + Int(MOTIF_GROUP))
    kernels.motif_find_kmers(codes, Int64(length), 7, &kmers)
    let expected = kmers.indices.map { position in
      (0..<3).reduce(0) { kmer, tap in
        let code = position < length && position + tap < length ? Int(codes[position + tap]) % 4 : 0
        return 4 * kmer + code
      } * 64
    }
    #expect(kmers.map(Int.init) == expected)
  }

  @Test(arguments: KernelLevel.allCases, widths)
  func findsWhatTheDefinitionFinds(level: KernelLevel, width: Int) throws {
    let kernels = try level.kernels()
    for unknownShare in [0, 0.05, 0.6, 1] {
      for count in [1, 3, 4, 7, 90] {
        try check(kernels, width: width, count: count, unknownShare: unknownShare)
      }
    }
  }

  private func check(
    _ kernels: KernelSet, width: Int, count: Int, unknownShare: Double
  ) throws {
    let length = count + width - 1
    let codes = RandomInput(
      filters: 1, width: width, lengths: [length], unknownShare: unknownShare
    ).codes
    var kmers = [UInt16](repeating: .max, count: length + width + Int(MOTIF_GROUP))
    kernels.motif_find_kmers(codes, Int64(length), Int32(width), &kmers)
    let groups = (width + 2) / 3
    var random = RandomStream(seed: 3, .background, width, count)
    let lacks = UnsafeMutableRawBufferPointer.allocate(
      byteCount: groups * 64 * 64, alignment: Int(MOTIF_ALIGNMENT))
    defer { lacks.deallocate() }
    // Sums about 255, so that some pass and some saturate.
    for index in lacks.indices {
      lacks[index] = UInt8.random(in: 0...UInt8(min(255, 600 / groups)), using: &random)
    }
    var sieve = MotifSieve(
      lacks: lacks.baseAddress!.assumingMemoryBound(to: UInt8.self), groups: Int32(groups))
    var fast = [UInt32](repeating: 0, count: count * 64)
    var plain = fast
    let found = kernels.motif_sieve(codes, kmers, Int64(count), &sieve, &fast)
    let expected = motif_sieve_plain(codes, kmers, Int64(count), &sieve, &plain)
    #expect(found == expected)
    // Not compared in the macro, which would print all of them.
    let areEqual = fast.prefix(Int(found)) == plain.prefix(Int(expected))
    #expect(areEqual, "\(zip(fast, plain).first { $0 != $1 } ?? (0, 0))")
    #expect(unknownShare == 1 || count < 90 || (1..<Int64(count * 64)).contains(expected))
  }
}
