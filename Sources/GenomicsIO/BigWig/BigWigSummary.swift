/// What a run of positions of one sequence holds: a record of a zoom level.
struct BigWigSummary: Sendable {
  /// The bytes of a record (Kent et al. 2010, supplement, table 19).
  static let size = 32

  var sequence: Int
  var start: Int
  var end: Int
  /// The number of positions that have a value.
  var count = 0
  var minimum = Float.infinity
  var maximum = -Float.infinity
  var sum = 0.0
  var sumOfSquares = 0.0

  mutating func add(_ other: BigWigSummary) {
    count += other.count
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
    sumOfSquares += other.sumOfSquares
  }
}

extension BigWigSummary {
  init(
    values: UnsafeBufferPointer<Float>, sequence: Int, start: Int
  ) {
    self.init(sequence: sequence, start: start, end: start + values.count, count: values.count)
    for value in values {
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      let value = Double(value)
      sum += value
      sumOfSquares += value * value
    }
  }

  init(record: UnsafeRawBufferPointer) {
    func number(_ field: Int) -> UInt32 {
      UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 4 * field, as: UInt32.self))
    }
    func value(_ field: Int) -> Float { Float(bitPattern: number(field)) }
    self.init(
      sequence: Int(number(0)), start: Int(number(1)), end: Int(number(2)), count: Int(number(3)),
      minimum: value(4), maximum: value(5), sum: Double(value(6)), sumOfSquares: Double(value(7)))
  }

  func append(to bytes: inout [UInt8]) {
    for number in [sequence, start, end, count] { bytes.append(littleEndian: UInt32(number)) }
    for value in [minimum, maximum, Float(sum), Float(sumOfSquares)] {
      bytes.append(littleEndian: value)
    }
  }
}
