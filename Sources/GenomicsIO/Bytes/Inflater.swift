import CZlib

/// Expands gzip streams (RFC 1952) of one or many members; zlib checks each one's CRC and length.
final class Inflater {
  /// What one call did, or why it couldn't.
  enum Outcome {
    case progress
    case memberEnd
    case corrupt(reason: String)
  }

  // zlib keeps the addresses of both, so neither may move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let header: UnsafeMutablePointer<gz_header>
  private let extra: UnsafeMutableBufferPointer<UInt8>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    header = .allocate(capacity: 1)
    extra = .allocate(capacity: 64)
    extra.initialize(repeating: 0)
    let gzipOnly: Int32 = 16 + MAX_WBITS
    let status = inflateInit2_(
      stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib can't start: \(status)")
    expectHeader()
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    header.deallocate()
    extra.deallocate()
  }

  /// The number of bytes of the present member that were taken in.
  var memberInput: Int { Int(stream.pointee.total_in) }
  /// The number of bytes that the present member gave.
  var memberOutput: Int { Int(stream.pointee.total_out) }

  /// The size that the header of a BGZF member states for the whole member (SAM specification,
  /// section 4.1); `nil` for another gzip member.
  var statedBlockSize: Int? {
    guard header.pointee.done == 1, header.pointee.extra != nil else { return nil }
    let count = min(Int(header.pointee.extra_len), extra.count)
    return BGZF.blockSize(inExtraField: UnsafeBufferPointer(rebasing: extra[..<count]))
  }

  func startMember() {
    inflateReset(stream)
    expectHeader()
  }

  /// Expands some of `input` into `output`.
  ///
  /// - Returns: The numbers of bytes taken and given, and what came of it.
  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (taken: Int, given: Int, outcome: Outcome) {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let taken = input.count - Int(stream.pointee.avail_in)
    let given = output.count - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR: return (taken, given, .progress)
    case Z_STREAM_END: return (taken, given, .memberEnd)
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      return (taken, given, .corrupt(reason: reason))
    }
  }

  private func expectHeader() {
    header.initialize(to: gz_header())
    header.pointee.extra = extra.baseAddress
    header.pointee.extra_max = UInt32(extra.count)
    inflateGetHeader(stream, header)
  }
}
