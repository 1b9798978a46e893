internal import Genomics
internal import GenomicsIO
internal import Inference

/// How a scored record is written: a line of VCF, or a line of a table for each alternate allele.
struct VariantFormatter: Sendable {
  private let columns: [VariantColumn]
  /// Adds the figures to INFO; `nil` for a table.
  private let annotator: VCFAnnotator?

  /// - Throws: `VCFError` where the input has such figures already.
  init(columns: [VariantColumn], for path: String, header: VCFHeader) throws {
    self.columns = columns
    let isTable = path.hasSuffix(".tsv") || path.hasSuffix(".tsv.gz")
    annotator =
      isTable ? nil : try VCFAnnotator(header: header, adding: columns.map(\.field))
  }

  /// What stands before the first record.
  var header: [UInt8] {
    guard let annotator else {
      let names = ["chrom", "pos", "id", "ref", "alt"] + columns.map(\.field.key)
      return Array((names.joined(separator: "\t") + "\n").utf8)
    }
    return annotator.header
  }

  func append(_ record: VCFRecord, _ scored: ScoredVariant, to output: inout [UInt8]) throws {
    if let annotator {
      try annotator.append(record, adding: info(of: scored), to: &output)
    } else {
      appendRows(record, scored, to: &output)
    }
  }

  /// The entries of the columns in which an allele has a value.
  private func info(of scored: ScoredVariant) -> [UInt8] {
    var entries: [UInt8] = []
    for column in columns {
      let values = scored.outcomes.map(column.value)
      guard values.contains(where: { $0 != nil }) else { continue }
      if !entries.isEmpty { entries.append(UInt8(ascii: ";")) }
      entries += column.field.key.utf8
      var separator = UInt8(ascii: "=")
      for value in values {
        entries.append(separator)
        entries += (value ?? ".").utf8
        separator = UInt8(ascii: ",")
      }
    }
    return entries
  }

  private func appendRows(
    _ record: VCFRecord, _ scored: ScoredVariant, to output: inout [UInt8]
  ) {
    let tab = UInt8(ascii: "\t")
    for (index, outcome) in scored.outcomes.enumerated() {
      output += record.site
      output.append(tab)
      output +=
        (index < record.variant.alternates.count ? record.variant.alternates[index] : ".").utf8
      for column in columns {
        output.append(tab)
        if let value = column.value(outcome) { output += value.utf8 }
      }
      output.append(UInt8(ascii: "\n"))
    }
  }
}

/// Where lines go: text, or BCF where the path ends so.
struct VariantOutput: ~Copyable {
  /// Exactly one of the two is there.
  private var text: OutputFile?
  private var binary: BCFWriter?

  /// - Throws: `OutputError`, `VCFError`.
  init(path: String, header: [UInt8], replacing: Bool) throws {
    if path.hasSuffix(".bcf") {
      binary = try BCFWriter(path: path, header: header, replacing: replacing)
    } else {
      text = try OutputFile(
        path: path, replacing: replacing, compression: OutputFile.Compression(path: path))
      try text?.write(header)
    }
  }

  /// Writes whole lines.
  mutating func write(_ lines: [UInt8]) throws {
    try text?.write(lines)
    try binary?.write(lines: lines)
  }

  consuming func commit() throws {
    if let text { try text.commit() }
    if let binary { try binary.commit() }
  }
}
