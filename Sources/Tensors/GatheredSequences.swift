internal import Kernels

/// Copies some of the sequences that stand one after the other in `codes`, in the order of `indices`.
///
/// - Parameter offsets: Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`.
/// - Returns: The same layout.
public func gatherSequences(_ indices: [Int], codes: [UInt8], offsets: [Int64])
  -> (codes: [UInt8], offsets: [Int64])
{
  var ends: [Int64] = [0]
  ends.reserveCapacity(indices.count + 1)
  var end: Int64 = 0
  for index in indices {
    end += offsets[index + 1] - offsets[index]
    ends.append(end)
  }
  let count = Int(end)
  let gathered = [UInt8](count: count) { output in
    codes.withUnsafeBufferPointer { codes in
      offsets.withUnsafeBufferPointer { offsets in
        var batch = MotifBatch(
          codes: codes.baseAddress, offsets: offsets.baseAddress, count: Int64(offsets.count - 1))
        if count > 0 {
          gather_sequences(&batch, indices, Int64(indices.count), output)
        }
      }
    }
  }
  return (gathered, ends)
}
