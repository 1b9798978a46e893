internal import Genomics
internal import GenomicsIO
internal import Inference

/// How a scored record is written: a line of VCF, or a line of a table for each alternate allele.
struct VariantFormatter: Sendable {
  private let columns: [VariantColumn]
  /// Adds the figures to INFO; `nil` for a table.
  private let annotator: VCFAnnotator?

  /// - Throws: `VCFError` if the input has such figures already.
  init(
    columns: [VariantColumn], for path: String, header: VCFHeader, origin: OutputOrigin
  ) throws {
    self.columns = columns
    annotator =
      Self.isTable(path)
      ? nil
      : try VCFAnnotator(
        header: header, adding: columns.map(\.field), metaLines: origin.metaLines)
  }

  /// Whether an output is a table, by its ending.
  static func isTable(_ path: String) -> Bool {
    let name = path.lowercased()
    return ["", ".gz", ".bgz"].contains { name.hasSuffix(".tsv\($0)") }
  }

  /// What stands before the first record.
  var header: [UInt8] {
    guard let annotator else {
      let names = ["chrom", "pos", "id", "ref", "alt"] + columns.map(\.field.key)
      return Array((names.joined(separator: "\t") + "\n").utf8)
    }
    return annotator.header
  }

  func append(_ record: VCFRecord, _ scored: ScoredRecord, to output: inout VariantLines) throws {
    if let annotator {
      let info = info(of: scored)
      var line = VariantLines()
      let start = try annotator.append(record, adding: info.bytes, to: &line.bytes)
      line.awaited = info.awaited.map { $0.moved(by: start) }
      output.append(line)
    } else {
      appendRows(record, scored, to: &output)
    }
  }

  /// The entries of the columns in which an allele has a value.
  private func info(of scored: ScoredRecord) -> VariantLines {
    var entries = VariantLines()
    for column in columns {
      let values = (0..<(column.isOfRecord ? 1 : scored.alleles.outcomes.count)).map {
        column.value(scored, $0)
      }
      guard values.contains(where: { $0 != nil }) else { continue }
      if !entries.bytes.isEmpty { entries.append(";") }
      entries.append(column.field.key)
      var separator = "="
      for value in values {
        entries.append(separator)
        entries.append(value ?? .text("."))
        separator = ","
      }
    }
    return entries
  }

  private func appendRows(
    _ record: VCFRecord, _ scored: ScoredRecord, to output: inout VariantLines
  ) {
    for index in scored.alleles.outcomes.indices {
      let alternates = record.variant.alternates
      output.bytes += record.site
      output.append("\t")
      output.append(index < alternates.count ? alternates[index] : ".")
      for column in columns {
        output.append("\t")
        if let value = column.value(scored, index) { output.append(value) }
      }
      output.append("\n")
    }
  }
}

/// Where lines go: text, or BCF where the path ends so; with an index if it is compressed VCF or BCF.
struct VariantOutput: ~Copyable {
  /// Exactly one of the two is there.
  private var text: IndexedOutput?
  private var binary: BCFWriter?
  private var binaryIndex: RegionIndex?
  /// Whether there is to be an index, if the records are sorted.
  let isIndexed: Bool
  let isBinary: Bool

  /// - Throws: `OutputError`, `VCFError`.
  init(path: String, header: [UInt8], replacing: Bool, threads: Int) throws {
    isBinary = path.lowercased().hasSuffix(".bcf")
    let isTable = VariantFormatter.isTable(path)
    isIndexed = isBinary || !isTable && OutputFile.Compression(path: path) == .bgzf
    if isBinary {
      binaryIndex = try RegionIndex(of: path, layout: .bcf, replacing: replacing)
      binary = try BCFWriter(path: path, header: header, replacing: replacing)
    } else {
      text = try IndexedOutput(
        path: path, layout: isTable ? nil : .vcf, replacing: replacing, threads: threads)
      try text?.write(header)
    }
  }

  /// Writes whole lines.
  mutating func write(_ lines: [UInt8]) throws {
    try text?.write(lines)
    try binary?.write(lines: lines)
  }

  /// Puts the output in its place.
  ///
  /// - Parameter longest: As for `IndexedOutput`.
  consuming func commit(longest: Int?) throws {
    var outputs = OutputTransaction()
    if let text { try text.finish(longest: longest, in: &outputs) }
    if let binary {
      let finished = try binary.finish()
      outputs.add(finished)
      try binaryIndex?.finish(of: finished, longest: longest, in: &outputs)
    }
    try outputs.commit()
  }
}
