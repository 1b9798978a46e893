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

  /// Calls a function with a batch, its tables, and scratch.
  func run(
    reverse: Bool = false,
    _ body: (
      UnsafePointer<MotifBatch>, UnsafePointer<Kernels.MotifTables>, UnsafeMutablePointer<UInt8>
    ) ->
      Void
  ) {
    let blocks = Int32(lanes / 16)
    var bases = [Float](repeating: .nan, count: motif_base_count(blocks, Int32(width)))
    var tables = [Float](repeating: .nan, count: motif_table_count(blocks, Int32(width)))
    motif_build_tables(weights, Int32(filters), Int32(width), reverse ? 1 : 0, &bases, &tables)
    let scratchCount = motif_scratch_count(Int64(codes.count), Int64(count), Int32(width))
    var scratch = [UInt8](repeating: 255, count: scratchCount)
    codes.withUnsafeBufferPointer { codes in
      offsets.withUnsafeBufferPointer { offsets in
        bases.withUnsafeBufferPointer { bases in
          tables.withUnsafeBufferPointer { tables in
            var batch = MotifBatch(
              codes: codes.baseAddress, offsets: offsets.baseAddress, count: Int64(count))
            var filters = Kernels.MotifTables(
              bases: bases.baseAddress, tables: tables.baseAddress, blocks: blocks,
              width: Int32(width))
            body(&batch, &filters, &scratch)
          }
        }
      }
    }
  }
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
