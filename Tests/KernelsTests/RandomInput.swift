import Genomics
import Kernels
import Tensors

/// A batch of random sequences with filters of random weights, for a fast kernel and its plain twin.
struct RandomInput {
  let codes: [UInt8]
  let offsets: [Int64]
  let filters: Int
  let width: Int
  let weights: [Float]
  let bias: [Float]

  var lanes: Int { (filters + 15) / 16 * 16 }
  var blocks: Int32 { Int32(lanes / 16) }
  var count: Int { offsets.count - 1 }

  /// - Parameter unknownShare: The chance that a base is unknown.
  init(filters: Int, width: Int, lengths: [Int], unknownShare: Double) {
    var random = RandomStream(seed: 1, .background, filters, width, lengths.count)
    self.filters = filters
    self.width = width
    codes = lengths.flatMap { length in
      (0..<length).map { _ in
        Double.random(in: 0..<1, using: &random) < unknownShare
          ? 4 : UInt8.random(in: 0..<4, using: &random)
      }
    }
    offsets = lengths.reduce(into: [0]) { $0.append($0.last! + Int64($1)) }
    weights = (0..<width * 4 * filters).map { _ in Float.random(in: -1..<1, using: &random) }
    bias = (0..<(filters + 15) / 16 * 16).map { _ in Float.random(in: -1..<1, using: &random) }
  }

  /// Calls a function with a batch, its tables as kernels build them, and scratch.
  func run(
    _ kernels: KernelSet, reverse: Bool = false,
    _ body: (
      UnsafePointer<MotifBatch>, UnsafePointer<Kernels.MotifTables>, UnsafeMutablePointer<UInt16>
    ) ->
      Void
  ) {
    let (filters, width) = (Int32(self.filters), Int32(self.width))
    var bases = [Float](repeating: .nan, count: motif_base_count(filters, width))
    motif_build_bases(weights, bias, filters, width, reverse ? 1 : 0, &bases)
    let scratchCount = motif_scratch_count(Int64(codes.count), Int64(count), width)
    var scratch = [UInt16](repeating: 0xffff, count: scratchCount)
    let tables = alignedFloats(motif_table_count(filters, width), repeating: .nan)
    defer { tables.deallocate() }
    kernels.motif_build_tables(bases, filters, width, tables.baseAddress!)
    codes.withUnsafeBufferPointer { codes in
      offsets.withUnsafeBufferPointer { offsets in
        bases.withUnsafeBufferPointer { bases in
          var batch = MotifBatch(
            codes: codes.baseAddress, offsets: offsets.baseAddress, count: Int64(count))
          var filters = Kernels.MotifTables(
            bases: bases.baseAddress, tables: tables.baseAddress, filters: filters, width: width)
          body(&batch, &filters, &scratch)
        }
      }
    }
  }
}

/// Floats that begin a cache line, as the kernels want tables.
func alignedFloats(_ count: Int, repeating value: Float) -> UnsafeMutableBufferPointer<Float> {
  let bytes = UnsafeMutableRawBufferPointer.allocate(
    byteCount: count * 4, alignment: Int(MOTIF_ALIGNMENT))
  return bytes.initializeMemory(as: Float.self, repeating: value)
}

/// Numbers between -1 and 1, the same each time.
func randomNumbers(_ count: Int) -> [Float] {
  var random = RandomStream(seed: 2, .background, count)
  return (0..<count).map { _ in Float.random(in: -1..<1, using: &random) }
}

/// The largest difference between two results, relative to the size of the larger one or to 1;
/// infinite where either holds something that isn't a finite number.
func worstDifference(_ a: [Float], _ b: [Float]) -> Float {
  zip(a, b).map { a, b in
    let difference = abs(a - b) / max(1, abs(a), abs(b))
    return difference.isFinite ? difference : .infinity
  }.max() ?? .infinity
}
