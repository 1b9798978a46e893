import Genomics

/// The header of a VCF file: its `##` lines and its `#CHROM` line.
public struct VCFHeader: Sendable {
  /// The file it was read from, as messages call it.
  public let file: String
  /// The lines byte for byte, without line feeds; the last one is the `#CHROM` line.
  let lines: [[UInt8]]
  public let sampleNames: [String]
  /// The keys that `##INFO` lines declare.
  let infoKeys: Set<String>
  /// The sequences whose length `##contig` lines state, in their order.
  public let contigs: [GenomeSequence]

  /// The number of a sample, from 0; of the only one unless named.
  ///
  /// - Throws: `VCFError` with `.sample`.
  public func sample(named name: String?) throws -> Int {
    if let name, let index = sampleNames.firstIndex(of: name) { return index }
    guard name == nil, sampleNames.count == 1 else {
      throw VCFError(file: file, .sample(name, known: sampleNames))
    }
    return 0
  }

  /// The number of columns of each record.
  var columnCount: Int { sampleNames.isEmpty ? 8 : 9 + sampleNames.count }

  /// Reads lines until the `#CHROM` line.
  ///
  /// - Throws: `VCFError`.
  init(file: String, nextLine: () throws -> [UInt8]?) throws {
    var lines: [[UInt8]] = []
    var keys: Set<String> = []
    var contigs: [GenomeSequence] = []
    while let line = try nextLine() {
      lines.append(line)
      do throws(VCFProblem) {
        let text = withoutReturn(line)
        if lines.count == 1 { try Self.checkFileFormat(text) }
        if text.starts(with: Array("##".utf8)) {
          let meta = try VCFMetaLine(text)
          if meta.key == "INFO", let id = meta.id { keys.insert(id) }
          if let id = meta.id, let length = meta.length {
            contigs.append(GenomeSequence(name: id, length: length))
          }
          continue
        }
        sampleNames = try Self.sampleNames(columnLine: text)
      } catch {
        throw VCFError(file: file, line: lines.count, error)
      }
      self.file = file
      self.lines = lines
      infoKeys = keys
      self.contigs = contigs
      return
    }
    throw VCFError(file: file, lines.isEmpty ? .noFileFormat : .noColumnLine)
  }

  private static func checkFileFormat(_ line: ArraySlice<UInt8>) throws(VCFProblem) {
    let start = Array("##fileformat=VCFv".utf8)
    let version = line.dropFirst(start.count).split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard line.starts(with: start), version.count == 2,
      version.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) })
    else { throw .noFileFormat }
  }

  private static func sampleNames(columnLine: ArraySlice<UInt8>) throws(VCFProblem) -> [String] {
    guard columnLine.first == UInt8(ascii: "#") else { throw .noColumnLine }
    let columns = columnLine.split(separator: tab, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    let fixed = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    guard columns.starts(with: fixed) else { throw .columnLine }
    guard columns.count > 8 else { return [] }
    guard columns[8] == "FORMAT", columns.count > 9 else { throw .columnLine }
    var seen: Set<String> = []
    for name in columns[9...] where name.isEmpty || !seen.insert(name).inserted {
      throw .sampleName(name)
    }
    return Array(columns[9...])
  }
}

private let tab = UInt8(ascii: "\t")

/// A line without the carriage return that may end it.
func withoutReturn(_ line: [UInt8]) -> ArraySlice<UInt8> {
  line.last == carriageReturn ? line.dropLast() : line[...]
}

func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
