public import Genomics

/// The regions of a BED, narrowPeak or broadPeak file, gzip or not, in file order.
///
/// Columns are separated by tabs, or by spaces in lines without tabs. Comments, `track` and `browser`
/// lines, blank lines and a first line of column names are skipped. A file is a narrowPeak if its name
/// says so or its first line has ten columns of which the last four are numbers, and a broadPeak likewise
/// with nine and three. Sequence, start, end and a narrowPeak's summit are checked; what else a line
/// holds never refuses it. Scores are any numbers: peak callers write fractions and numbers above 1000.
public struct PeakFileContents: Sendable {
  public private(set) var peaks: [Peak] = []
  /// How many peaks have a text where their strength should be, so that it counts as missing.
  public private(set) var unreadStrengths = 0
  /// The first of those texts.
  public private(set) var firstUnreadStrength: String?
  /// What name and first line say; `nil` for a file without a region.
  public private(set) var format: RegionFormat?

  /// - Throws: `ByteError`, `BEDError` with the line.
  public init(path: String) throws {
    try forEachBEDLine(of: path) { columns, layout throws(BEDProblem) in
      peaks.append(try layout.peak(of: columns))
      format = layout.kind
      guard let text = layout.unreadStrength(of: columns) else { return }
      unreadStrengths += 1
      firstUnreadStrength = firstUnreadStrength ?? text
    }
  }
}

/// The regions of a BED, narrowPeak or broadPeak file, in file order.
///
/// - Throws: `ByteError`, `BEDError` with the line.
public func readPeaks(_ path: String) throws -> [Peak] { try PeakFileContents(path: path).peaks }

/// The places of the regions of a BED, narrowPeak or broadPeak file, in file order; only its first three
/// columns are looked at.
///
/// - Throws: `ByteError`, `BEDError` with the line.
public func readIntervals(_ path: String) throws -> [GenomicInterval] {
  var intervals: [GenomicInterval] = []
  try forEachBEDLine(of: path) { columns, layout throws(BEDProblem) in
    intervals.append(try layout.interval(of: columns))
  }
  return intervals
}

private func forEachBEDLine(
  of path: String, _ body: (BEDColumns, BEDLayout) throws(BEDProblem) -> Void
) throws {
  var reader = try LineReader(path: path)
  try reader.expect(.bed)
  var layout: BEDLayout?
  while let line = try reader.next() {
    guard let columns = BEDColumns(line, like: layout), !isBEDComment(line) else { continue }
    do throws(BEDProblem) {
      if layout == nil, try isBEDHeader(columns) { continue }
      let known = layout ?? BEDLayout(of: columns, fileName: path)
      layout = known
      try body(columns, known)
    } catch {
      throw BEDError(file: reader.name, line: reader.lineNumber, error)
    }
  }
}

private func isBEDComment(_ line: [UInt8]) -> Bool {
  let word = line.split(maxSplits: 1) { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }[0]
  return word.first == UInt8(ascii: "#") || word.elementsEqual("track".utf8)
    || word.elementsEqual("browser".utf8)
}

/// Whether a line names its columns: `chrom start end` or `chrom chromStart chromEnd`.
///
/// - Throws: `BEDProblem.countsFromOne` for the tables of MACS and R, whose columns have the same names.
private func isBEDHeader(_ columns: BEDColumns) throws(BEDProblem) -> Bool {
  let names = columns.fields.map { String(decoding: $0, as: UTF8.self).lowercased() }
  guard names.count >= 3,
    [["start", "end"], ["chromstart", "chromend"]].contains(Array(names[1...2]))
  else { return false }
  if names.contains("abs_summit") || names.contains("fold_enrichment") {
    throw .countsFromOne(program: "MACS", mend: "the narrowPeak or broadPeak file beside it")
  }
  if names.count > 3, names[3] == "width" {
    throw .countsFromOne(
      program: "R (GenomicRanges)", mend: "BED, as rtracklayer's export writes it")
  }
  return true
}
