public import Genomics

/// The regions of a BED, narrowPeak or broadPeak file, gzip or not, in file order.
///
/// Columns are separated by tabs or spaces, so no name holds a space. Comments, `track` and
/// `browser` lines, blank lines and a first line of column names are skipped. A file is a
/// narrowPeak if its name says so or its first line has ten columns of which the last four are
/// numbers, and a broadPeak likewise with nine and three; other columns beyond the sixth are not
/// read. Scores are any numbers: peak callers write fractions and numbers above 1000.
///
/// - Throws: `ByteError`, `BEDError` with the line.
public func readPeaks(_ path: String) throws -> [Peak] {
  var reader = try LineReader(path: path)
  var layout: BEDLayout?
  var peaks: [Peak] = []
  while let line = try reader.next() {
    let fields = line.split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
    guard !fields.isEmpty, !isBEDComment(fields) else { continue }
    if layout == nil, isBEDHeader(fields) { continue }
    do throws(BEDProblem) {
      let known = layout ?? BEDLayout(of: fields, fileName: path)
      layout = known
      peaks.append(try known.peak(of: fields))
    } catch {
      throw BEDError(file: reader.name, line: reader.lineNumber, error)
    }
  }
  return peaks
}

private func isBEDComment(_ fields: [ArraySlice<UInt8>]) -> Bool {
  fields[0].first == UInt8(ascii: "#") || fields[0].elementsEqual("track".utf8)
    || fields[0].elementsEqual("browser".utf8)
}

/// Whether a line names its columns: `chrom start end` or `chrom chromStart chromEnd`.
private func isBEDHeader(_ fields: [ArraySlice<UInt8>]) -> Bool {
  guard fields.count >= 3 else { return false }
  let names = fields[1...2].map { String(decoding: $0, as: UTF8.self).lowercased() }
  return names == ["start", "end"] || names == ["chromstart", "chromend"]
}
