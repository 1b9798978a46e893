public import Genomics

/// What can be wrong with a VCF or BCF file.
public enum VCFProblem: InputProblem, Error {
  case noFileFormat
  /// A `##` line that isn't `##KEY=VALUE` or `##KEY=<…>`, and why.
  case metaLine(String)
  case noColumnLine
  /// A `#CHROM` line with other columns than VCF's.
  case columnLine
  case sampleName(String)
  case columnCount(found: Int, expected: Int)
  case emptyColumn(String)
  case chromosome(String)
  case position(String)
  case identifier(String)
  case reference(String)
  case alternate(String)
  case info(String)
  case format(String)
  case sampleFields(String)
  /// A genotype with an allele that its record hasn't.
  case genotype(String)
  /// A record, by sequence and position, that stands behind a later one.
  case unsorted(String)
  /// A sample that the header doesn't name, or `nil` if it names none; and those that it names.
  case sample(String?, known: [String])
  /// An INFO key that is to be added stands there already.
  case infoTaken(String)
  /// A BCF file that htslib can't read on.
  case corruptBCF
  case truncatedBCF
  /// A header that htslib can't write as BCF's.
  case headerNotBCF
  /// A record, by sequence and position, that BCF can't hold.
  case recordNotBCF(String)
  /// A record, by sequence and position, beyond where BCF ends.
  case positionNotBCF(String)

  private static let columnLineWords =
    "the #CHROM line has other columns than VCF's; write the eight columns CHROM to INFO, then "
    + "FORMAT and samples if there are any, with tabs between"

  private static func words(onGenotype text: String) -> String {
    "the genotype \(text.quoted) names an allele that ALT hasn't; write numbers from 0 to that of the last "
      + "allele, or ., with | or / between"
  }

  private static func words(onSample name: String?, among known: [String]) -> String {
    if let name {
      return "has no sample \(name.quoted); it has "
        + known.prefix(5).map(\.quoted).joined(separator: ", ") + (known.count > 5 ? ", …" : "")
    }
    return known.isEmpty
      ? "has no samples, and haplotypes are those of one; give a file with phased genotypes"
      : "has \(known.count) samples, and haplotypes are those of one; choose with --sample"
  }

  public var description: String {
    switch self {
    case .noFileFormat: "doesn't start with ##fileformat=VCFv4.…; give a VCF or BCF file"
    case .metaLine(let why): "the header line \(why); mend it"
    case .noColumnLine: "the header has no #CHROM line; add it behind the ## lines"
    case .columnLine: Self.columnLineWords
    case .sampleName(let name): "the sample name \(name.quoted) is empty or stands twice; rename it"
    case .columnCount(let found, let expected):
      "has \(found) columns, the #CHROM line \(expected); separate columns by single tabs"
    case .emptyColumn(let name): "\(name) is empty; write . for a missing value"
    case .chromosome(let text):
      "CHROM \(text.quoted) is no name; use one without spaces, commas and single angle brackets"
    case .position(let text): "POS \(text.quoted) is no position; write a whole number from 0 on"
    case .identifier(let text):
      "ID \(text.quoted) is no list of names; separate names by single semicolons, or write ."
    case .reference(let text): "REF \(text.quoted) is no sequence of bases; write at least one"
    case .alternate(let text):
      "ALT \(text.quoted) is no allele; write bases, *, <NAME>, a breakend, or . for none"
    case .info(let text):
      "the INFO entry \(text.quoted) is not KEY or KEY=VALUE; separate entries by single semicolons"
    case .format(let text):
      "FORMAT \(text.quoted) is no list of keys; separate keys by single colons"
    case .sampleFields(let text):
      "the sample \(text.quoted) has more fields than FORMAT has keys; name them all in FORMAT"
    case .genotype(let text): Self.words(onGenotype: text)
    case .unsorted(let place):
      "the record at \(place.escapedForTerminal) stands behind a later one, and haplotypes need their neighbours; "
        + "use `bcftools sort`"
    case .sample(let name, let known): Self.words(onSample: name, among: known)
    case .infoTaken(let key): "has INFO \(key.quoted) already; choose another name with --prefix"
    case .corruptBCF: "is no sound BCF file; make it anew"
    case .truncatedBCF: "the BCF data stop early; fetch or make the file again"
    case .headerNotBCF: "the header can't be written as BCF; name the output .vcf.gz"
    case .recordNotBCF(let place):
      "the record at \(place.escapedForTerminal) has a sequence, FILTER, INFO or FORMAT that the "
        + "header doesn't declare, as BCF needs; name the output .vcf.gz, or declare it"
    case .positionNotBCF(let place):
      "the record at \(place.escapedForTerminal) lies beyond \(Int32.max), where BCF ends; name the output "
        + ".vcf.gz"
    }
  }
}

public typealias VCFError = InputError<VCFProblem>
