import Genomics

/// A format of text, or of what stands for text, that options read.
enum TextFormat: Sendable {
  case fasta, bed, table
  case fastq, sam, vcf, bcf, gff, wiggle, meme, genBank, json, safetensors

  /// The format of a file that begins so; `nil` if that isn't certain.
  init?(_ start: ArraySlice<UInt8>) {
    let lines = start.prefix(FileKind.prefixLength).split(whereSeparator: { $0 == 10 || $0 == 13 })
      .map { String(decoding: $0, as: UTF8.self) }
    guard let first = lines.first(where: { !$0.hasPrefix("#") }) ?? lines.first else { return nil }
    if start.starts(with: "BCF".utf8) {
      self = .bcf
    } else if FileKind.isSafetensors(Array(start.prefix(FileKind.prefixLength))) {
      self = .safetensors
    } else if lines[0].hasPrefix("##fileformat=VCF") || lines[0].hasPrefix("#CHROM\tPOS\tID") {
      self = .vcf
    } else if lines[0].hasPrefix("##gff-version") || Self.isGFF(first) {
      self = .gff
    } else if ["@HD\t", "@SQ\t", "@RG\t", "@PG\t", "@CO\t"].contains(where: lines[0].hasPrefix) {
      self = .sam
    } else if lines[0].hasPrefix("@"), lines.count > 2, lines[2].hasPrefix("+") {
      self = .fastq
    } else if lines[0].hasPrefix(">") {
      self = .fasta
    } else if lines[0].hasPrefix("MEME version") {
      self = .meme
    } else if ["fixedStep ", "variableStep "].contains(where: first.hasPrefix) {
      self = .wiggle
    } else if lines[0].hasPrefix("LOCUS   ") {
      self = .genBank
    } else if lines[0].hasPrefix("{") {
      self = .json
    } else {
      return nil
    }
  }

  private static func isGFF(_ line: String) -> Bool {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    return fields.count == 9 && Int(fields[1]) == nil && Int(fields[3]) != nil
      && Int(fields[4]) != nil && ["+", "-", ".", "?"].contains(fields[6])
  }

  var name: String {
    switch self {
    case .fasta: "FASTA, sequences"
    case .bed: "BED, regions"
    case .table: "a table"
    case .fastq: "FASTQ, reads"
    case .sam: "SAM, alignments of reads"
    case .vcf: "VCF, variants"
    case .bcf: "BCF, variants"
    case .gff: "GFF or GTF, annotation"
    case .wiggle: "wiggle, a track"
    case .meme: "motifs of MEME"
    case .genBank: "GenBank, sequences with annotation"
    case .json: "JSON"
    case .safetensors: "safetensors, a model"
    }
  }

  /// What to do about a file of this format where another is wanted.
  func mend(wanting wanted: TextFormat) -> String {
    switch (self, wanted) {
    case (.fastq, .fasta), (.sam, .fasta), (.genBank, .fasta): "convert it to FASTA"
    case (.gff, .bed): "convert it to BED, whose starts are one less (such as with gff2bed)"
    case (.vcf, .bed), (.bcf, .bed):
      "give regions as BED or narrowPeak; variants go to `seqcnn variants`"
    case (.fasta, .table): "give it as --positives, or a table with a column seq"
    case (.bed, .table): "give it as --peaks with --genome"
    case (_, .fasta): "give FASTA"
    case (_, .bed): "give BED, narrowPeak or broadPeak"
    default: "give a table with a header line and a column seq, separated by tabs"
    }
  }

  /// Refuses a file whose beginning is certainly of another format.
  ///
  /// - Throws: `ByteProblem.foreign`.
  static func expect(_ wanted: TextFormat, in start: ArraySlice<UInt8>, file: String) throws {
    guard let found = TextFormat(start), found != wanted else { return }
    throw ByteError(file: file, .foreign(kind: found.name, mend: found.mend(wanting: wanted)))
  }
}
