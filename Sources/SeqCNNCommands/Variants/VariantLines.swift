internal import GenomicsIO
internal import Inference

/// A q-value that isn't known before all alleles have been scored.
struct AwaitedQValue: Sendable, Equatable {
  /// Where its text belongs.
  let offset: Int
  let task: Int
  /// How many background changes make as large a difference.
  let reaching: Int

  func moved(by bytes: Int) -> AwaitedQValue {
    AwaitedQValue(offset: offset + bytes, task: task, reaching: reaching)
  }
}

/// Lines of output, or parts of them, with the places of q-values that are still to come.
struct VariantLines: Sendable {
  var bytes: [UInt8] = []
  var awaited: [AwaitedQValue] = []

  mutating func append(_ text: String) { bytes += text.utf8 }

  mutating func append(_ value: VariantValue) {
    switch value {
    case .text(let text): append(text)
    case .qValue(let task, let reaching):
      awaited.append(AwaitedQValue(offset: bytes.count, task: task, reaching: reaching))
    }
  }

  mutating func append(_ other: VariantLines) {
    awaited += other.awaited.map { $0.moved(by: bytes.count) }
    bytes += other.bytes
  }

  /// The lines with q-values, `[task][reaching]`.
  func filled(with qValues: [[Double]]) -> [UInt8] {
    var filled: [UInt8] = []
    filled.reserveCapacity(bytes.count + 12 * awaited.count)
    var start = 0
    for place in awaited {
      filled += bytes[start..<place.offset]
      filled += "\(Float(qValues[place.task][place.reaching]))".utf8
      start = place.offset
    }
    return filled + bytes[start...]
  }
}

/// Lines that wait in a temporary file for their q-values.
struct AwaitingLines: ~Copyable {
  private var spool: Spool
  /// One per task.
  private var counts: [PValueCounts]

  private static let headSize = 16
  private static let placeSize = 16

  /// - Parameter output: The temporary file stands beside it.
  init(beside output: String, taskCount: Int, backgroundCount: Int) throws {
    spool = try Spool(beside: output)
    counts = [PValueCounts](
      repeating: PValueCounts(backgroundCount: backgroundCount), count: taskCount)
  }

  mutating func add(_ lines: VariantLines) throws {
    var record: [UInt8] = []
    record.append(number: lines.bytes.count, bytes: 8)
    record.append(number: lines.awaited.count, bytes: 8)
    for place in lines.awaited {
      counts[place.task].add(reaching: place.reaching)
      record.append(number: place.offset, bytes: 8)
      record.append(number: place.task, bytes: 4)
      record.append(number: place.reaching, bytes: 4)
    }
    try spool.write(record)
    try spool.write(lines.bytes)
  }

  /// Gives all lines with their q-values, in the order in which they were added. None may be added any more.
  mutating func forEachFilled(_ body: ([UInt8]) throws -> Void) throws {
    let qValues = counts.map(\.qValues)
    while let head = try spool.read(Self.headSize).map(Array.init) {
      var lines = VariantLines()
      for _ in 0..<head.number(at: 8, bytes: 8) {
        let place = Array(try spool.read(Self.placeSize) ?? [])
        lines.awaited.append(
          AwaitedQValue(
            offset: place.number(at: 0, bytes: 8), task: place.number(at: 8, bytes: 4),
            reaching: place.number(at: 12, bytes: 4)))
      }
      lines.bytes = Array(try spool.read(head.number(at: 0, bytes: 8)) ?? [])
      try body(lines.filled(with: qValues))
    }
  }
}
