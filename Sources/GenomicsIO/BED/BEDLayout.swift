import Genomics

/// The formats that regions come in.
public enum RegionFormat: String, Codable, Sendable {
  case bed = "BED"
  case narrowPeak, broadPeak
}

/// What the columns of a BED file hold, as its name and its first line tell.
struct BEDLayout {
  let kind: RegionFormat
  /// How many columns the first line has, and how many of them up to the last that isn't empty.
  private let columnCount, filledCount: Int

  init(of columns: BEDColumns, fileName: String) {
    let fields = Array(columns.fields[..<columns.filledCount])
    columnCount = columns.fields.count
    filledCount = columns.filledCount
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
  func peak(of columns: BEDColumns) throws(BEDProblem) -> Peak {
    let interval = try interval(of: columns)
    if kind == .narrowPeak, columns.fields.count < 10 {
      throw .tooFewColumns(count: columns.fields.count, needed: 10)
    }
    let strand = columns.present(5).flatMap {
      Strand(rawValue: String(decoding: $0, as: UTF8.self))
    }
    return Peak(
      interval: interval,
      name: columns.present(3).map { String(decoding: $0, as: UTF8.self) },
      strand: strand ?? .unspecified,
      score: columns.present(4).flatMap(Self.number),
      signalValue: signalValue(of: columns).flatMap(Self.number),
      summitOffset: kind == .narrowPeak ? try Self.summit(of: columns, in: interval) : nil)
  }

  /// The place of a line's region.
  func interval(of columns: BEDColumns) throws(BEDProblem) -> GenomicInterval {
    let fields = columns.fields
    guard fields.count >= 3 else { throw .tooFewColumns(count: fields.count, needed: 3) }
    let interval = try Self.interval(of: fields)
    guard fits(columns) else {
      throw .mixedColumns(count: fields.count, expected: columnCount)
    }
    return interval
  }

  /// Whether a line has as many columns as the first, which a line that was cut off hasn't; only empty ones
  /// may be left out at the end.
  func fits(_ columns: BEDColumns) -> Bool {
    columns.fields.count >= filledCount && columns.filledCount <= columnCount
  }

  /// The text that stands where a peak's strength should be; `nil` if a number is there, or nothing.
  func unreadStrength(of columns: BEDColumns) -> String? {
    let texts = [signalValue(of: columns), columns.present(4)].compactMap { $0 }
    guard let first = texts.first, texts.allSatisfy({ Self.number($0) == nil }) else { return nil }
    return String(decoding: first, as: UTF8.self)
  }

  /// The signal value of a narrowPeak or a broadPeak.
  private func signalValue(of columns: BEDColumns) -> ArraySlice<UInt8>? {
    kind == .bed ? nil : columns.present(6)
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

  /// Whether a text can name per sequence: `.` stands for none, and the SAM specification
  /// (section 1.2.1) keeps spaces, quotes, brackets and the like out of names.
  private static func isSequenceName(_ text: String) -> Bool {
    !text.isEmpty && text != "."
      && !text.utf8.contains { $0 <= 0x20 || "\"'`\\,()[]{}<>&".utf8.contains($0) }
  }

  /// A position that fits the unsigned 32 bits that BED gives it.
  private static func position(_ field: ArraySlice<UInt8>, column: String) throws(BEDProblem) -> Int
  {
    let text = String(decoding: field, as: UTF8.self)
    guard isDigits(field), let position = UInt32(text) else {
      throw .badPosition(column: column, text: text)
    }
    return Int(position)
  }

  /// The summit's offset. That of the base behind the peak is accepted: ENCODE's peaks have such.
  private static func summit(of columns: BEDColumns, in interval: GenomicInterval)
    throws(BEDProblem) -> Int?
  {
    let text = String(decoding: columns.fields[9], as: UTF8.self)
    guard let offset = Int(text), offset == -1 || (0...interval.length).contains(offset)
    else {
      throw .badSummit(text: text, length: interval.length)
    }
    return offset == -1 ? nil : offset
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Double? {
    Double(String(decoding: field, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func isNumberOrNone(_ field: ArraySlice<UInt8>) -> Bool {
    field.elementsEqual(".".utf8) || Double(String(decoding: field, as: UTF8.self)) != nil
  }

  private static func integer(_ field: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: field, as: UTF8.self))
  }
}

extension String {
  /// Whether a file's name ends in `.format`, compressed or not, in letters of either case.
  fileprivate func hasFormat(_ format: String) -> Bool {
    let name = lowercased()
    return ["", ".gz", ".bgz"].contains { name.hasSuffix(".\(format.lowercased())\($0)") }
  }
}
