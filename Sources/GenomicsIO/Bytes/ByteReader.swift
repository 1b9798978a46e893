import Genomics

/// Reads a file, or standard input for the path `-`, from its start to its end, expanding gzip
/// (many members, BGZF) as it goes. Compression is told by the first bytes, not by the name.
///
/// A damaged gzip stream is never taken for a shorter one: each member's CRC and length are
/// checked, a stream that stops early throws, and so does BGZF without its closing empty block.
/// Zero bytes may follow the last member, as on tapes.
package struct ByteReader: ~Copyable {
  private let file: InputFile
  private let inflater: Inflater?
  private var input: [UInt8]
  private var position = 0
  private var end: Int
  private var isBlocked = false
  /// The contents of a block that was expanded as a whole, and what of them wasn't given yet.
  private var block = [UInt8](repeating: 0, count: BGZF.maximumBlockSize)
  private var rest = 0..<0
  /// Whether the last complete member holds nothing.
  private var lastIsEmpty = false
  /// Whether the first bytes were looked at.
  private var isKnown = false
  private let readsXML: Bool
  private var state = State.member

  private enum State {
    case member, betweenMembers, finished
  }

  /// - Parameter readsXML: Whether the file may be XML.
  /// - Throws: `ByteError` if the file can't be opened, is a directory, or is of a kind that nothing
  ///   here reads (`FileKind`); where such a file is gzipped, the first read throws.
  package init(path: String, readsXML: Bool = false) throws {
    self.readsXML = readsXML
    let file = try InputFile(path: path)
    var input = [UInt8](repeating: 0, count: 1 << 17)
    let count = try input.withUnsafeMutableBytes { try file.read(into: $0) }
    try Self.check(input[..<count], file: file.name, readsXML: readsXML)
    self.file = file
    inflater = input[..<count].starts(with: [0x1f, 0x8b]) ? Inflater() : nil
    self.input = input
    end = count
  }

  /// The path, or `standard input`: what messages call the file.
  package var name: String { file.name }

  var progress: ReadingProgress { file.progress }

  /// Whether it is a file that can be opened again, no pipe, device or standard input.
  var isPlainFile: Bool { file.size != nil }

  /// Reads the next bytes over those of `buffer`, whose size stays; fills it unless the file ends.
  ///
  /// - Returns: The number of bytes read; 0 at the end.
  /// - Throws: `ByteError`.
  package mutating func read(into buffer: inout [UInt8]) throws -> Int {
    try buffer.withUnsafeMutableBytes { try read(into: $0) }
  }

  mutating func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < output.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: output[done...])
      let count =
        if let inflater { try expand(with: inflater, into: rest) } else { try copy(into: rest) }
      if count == 0 { break }
      done += count
    }
    if !isKnown {
      isKnown = true
      if inflater != nil { try Self.check(output[..<done], file: file.name, readsXML: readsXML) }
    }
    return done
  }

  /// Refuses the beginning of a file of a kind that nothing here reads.
  private static func check(
    _ start: some Collection<UInt8>, file: String, readsXML: Bool
  ) throws {
    guard let kind = FileKind.of(start), !(readsXML && kind == .xml) else { return }
    throw ByteError(file: file, .foreign(kind: kind.name, mend: kind.mend))
  }

  private mutating func copy(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    if position == end { return try file.read(into: output) }
    let count = min(output.count, end - position)
    output.copyMemory(from: input, position..<position + count)
    position += count
    return count
  }

  /// Expands until some bytes come or the file ends.
  private mutating func expand(
    with inflater: Inflater, into output: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    while state != .finished {
      if !rest.isEmpty { return giveBlock(to: output) }
      if position == end { try refill() }
      if state == .betweenMembers {
        try startNextMember(of: inflater)
        continue
      }
      guard position < end else { throw ByteError(file: file.name, .truncated) }
      if inflater.memberInput == 0, try expandBlock() { continue }
      let step = input.withUnsafeBytes {
        inflater.inflate(UnsafeRawBufferPointer(rebasing: $0[position..<end]), into: output)
      }
      position += step.taken
      switch step.outcome {
      case .progress: break
      case .memberEnd: try endMember(of: inflater)
      case .corrupt(let reason): throw ByteError(file: file.name, .corrupt(reason: reason))
      }
      if step.given > 0 { return step.given }
    }
    return 0
  }

  /// Expands a BGZF block as a whole, which takes a third of the time.
  ///
  /// - Returns: Whether it did. If it couldn't, the inflater finds out what is wrong.
  private mutating func expandBlock() throws -> Bool {
    if end - position < BGZF.maximumBlockSize { try refill() }
    let start = Array(input[position..<min(position + 256, end)])
    guard let size = BGZF.sizes(of: start)?.block, position + size <= end,
      let count = Deflate.expand(input[position..<position + size], as: .gzip, into: &block)
    else { return false }
    position += size
    rest = 0..<count
    lastIsEmpty = count == 0
    isBlocked = true
    state = .betweenMembers
    return true
  }

  private mutating func giveBlock(to output: UnsafeMutableRawBufferPointer) -> Int {
    let part = rest.prefix(output.count)
    output.copyMemory(from: block, part)
    rest = part.upperBound..<rest.upperBound
    return part.count
  }

  private mutating func endMember(of inflater: Inflater) throws {
    if let stated = inflater.statedBlockSize {
      guard stated == inflater.memberInput else {
        throw ByteError(file: file.name, .corrupt(reason: "wrong block size"))
      }
      isBlocked = true
    }
    lastIsEmpty = inflater.memberOutput == 0
    state = .betweenMembers
  }

  private mutating func startNextMember(of inflater: Inflater) throws {
    if position == end {
      guard !isBlocked || lastIsEmpty else { throw ByteError(file: file.name, .truncated) }
      state = .finished
    } else if input[position] == 0x1f {
      inflater.startMember()
      state = .member
    } else {
      try skipPadding()
    }
  }

  private mutating func skipPadding() throws {
    while position < end {
      guard input[position..<end].allSatisfy({ $0 == 0 }) else {
        throw ByteError(file: file.name, .trailingBytes)
      }
      position = end
      try refill()
    }
  }

  /// Reads on behind the bytes that weren't taken yet, which move to the front.
  private mutating func refill() throws {
    let (file, kept) = (file, position..<end)
    end = try input.withUnsafeMutableBytes { input in
      input.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[kept]))
      return try kept.count
        + file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[kept.count...]))
    }
    position = 0
  }
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func copyMemory(from bytes: [UInt8], _ range: Range<Int>) {
    bytes.withUnsafeBytes { copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
