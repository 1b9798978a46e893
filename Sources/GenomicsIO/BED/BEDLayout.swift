import Genomics

/// What the columns of a BED file hold, as its name and its first line tell.
struct BEDLayout {
  private enum Kind {
    case bed, narrowPeak, broadPeak
  }

  private let kind: Kind
  private let columnCount: Int

  init(of fields: [ArraySlice<UInt8>], fileName: String) {
    columnCount = fields.count
    if fileName.hasFormat("narrowPeak") || Self.looksLikeNarrowPeak(fields) {
      kind = .narrowPeak
    } else if fileName.hasFormat("broadPeak") || Self.looksLikeBroadPeak(fields) {
      kind = .broadPeak
    } else {
      kind = .bed
    }
  }

  private static func looksLikeNarrowPeak(_ fields: [ArraySlice<UInt8>]) -> Bool {
    fields.count == 10 && fields[6...8].allSatisfy(isNumberOrNone) && integer(fields[9]) != nil
  }

  /// Whether nine columns end in three numbers of which the first two can't be BED's bounds of the
  /// thick part.
  private static func looksLikeBroadPeak(_ fields: [ArraySlice<UInt8>]) -> Bool {
    guard fields.count == 9, fields[6...8].allSatisfy(isNumberOrNone),
      let start = integer(fields[1]), let end = integer(fields[2]), start <= end
    else { return false }
    return !fields[6...7].allSatisfy { integer($0).map((start...end).contains) ?? false }
  }

  /// The region of a line.
  func peak(of fields: [ArraySlice<UInt8>]) throws(BEDProblem) -> Peak {
    try checkColumns(fields.count)
    let interval = try Self.interval(of: fields)
    // narrowPeak and broadPeak: the signal value, the p-value and the q-value.
    var values: [Double?] = []
    for (column, name) in [(6, "signal value"), (7, "p-value"), (8, "q-value")] where kind != .bed {
      values.append(try Self.number(in: fields, column: column, named: name))
    }
    return Peak(
      interval: interval,
      name: Self.present(fields, 3).map { String(decoding: $0, as: UTF8.self) },
      strand: try Self.strand(of: fields),
      score: try Self.number(in: fields, column: 4, named: "score"),
      signalValue: values.first ?? nil,
      summitOffset: kind == .narrowPeak ? try Self.summit(of: fields, in: interval) : nil)
  }

  private func checkColumns(_ count: Int) throws(BEDProblem) {
    let needed =
      switch kind {
      case .bed: 3
      case .narrowPeak: 10
      case .broadPeak: 9
      }
    guard count >= needed else { throw .tooFewColumns(count: count, needed: needed) }
    guard count == columnCount else { throw .mixedColumns(count: count, expected: columnCount) }
  }

  private static func interval(of fields: [ArraySlice<UInt8>]) throws(BEDProblem)
    -> GenomicInterval
  {
    guard let name = String(validating: fields[0], as: UTF8.self), isSequenceName(name) else {
      throw .badSequenceName(String(decoding: fields[0], as: UTF8.self))
    }
    let start = try position(fields[1], column: "start")
    let end = try position(fields[2], column: "end")
    guard start <= end else { throw .endBeforeStart(start: start, end: end) }
    return GenomicInterval(name, start: start, end: end)
  }

  /// Whether a text can name a sequence: `.` stands for none, and the SAM specification
  /// (section 1.2.1) keeps quotes, brackets and the like out of names.
  private static func isSequenceName(_ text: String) -> Bool {
    text != "." && !text.utf8.contains { $0 < 0x20 || "\"'`\\,()[]{}<>&".utf8.contains($0) }
  }

  /// A position that fits the unsigned 32 bits that BED gives it.
  private static func position(_ field: ArraySlice<UInt8>, column: String) throws(BEDProblem) -> Int
  {
    let text = String(decoding: field, as: UTF8.self)
    guard field.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let position = UInt32(text)
    else { throw .badPosition(column: column, text: text) }
    return Int(position)
  }

  private static func strand(of fields: [ArraySlice<UInt8>]) throws(BEDProblem) -> Strand {
    guard fields.count > 5 else { return .unspecified }
    let text = String(decoding: fields[5], as: UTF8.self)
    guard let strand = Strand(rawValue: text) else { throw .badStrand(text) }
    return strand
  }

  /// The summit's offset. That of the base behind the peak is accepted: ENCODE's peaks have such.
  private static func summit(of fields: [ArraySlice<UInt8>], in interval: GenomicInterval)
    throws(BEDProblem) -> Int?
  {
    let text = String(decoding: fields[9], as: UTF8.self)
    guard let offset = integer(fields[9]), offset == -1 || (0...interval.length).contains(offset)
    else {
      throw .badSummit(text: text, length: interval.length)
    }
    return offset == -1 ? nil : offset
  }

  private static func number(in fields: [ArraySlice<UInt8>], column: Int, named name: String)
    throws(BEDProblem) -> Double?
  {
    guard let field = present(fields, column) else { return nil }
    guard let number = number(field) else {
      throw .badNumber(column: name, text: String(decoding: field, as: UTF8.self))
    }
    return number
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Double? {
    Double(String(decoding: field, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func isNumberOrNone(_ field: ArraySlice<UInt8>) -> Bool {
    field.elementsEqual(".".utf8) || number(field) != nil
  }

  private static func integer(_ field: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: field, as: UTF8.self))
  }

  /// A field; `nil` where the line has no such column or a `.` in it.
  private static func present(_ fields: [ArraySlice<UInt8>], _ column: Int) -> ArraySlice<UInt8>? {
    guard column < fields.count, !fields[column].elementsEqual(".".utf8) else { return nil }
    return fields[column]
  }
}

extension String {
  /// Whether a file's name ends in `.format` or `.format.gz`.
  fileprivate func hasFormat(_ format: String) -> Bool {
    hasSuffix(".\(format)") || hasSuffix(".\(format).gz")
  }
}
