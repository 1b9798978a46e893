public import Genomics

/// What can be wrong with a FASTA file.
public enum FASTAProblem: InputProblem, Error {
  case empty
  case noHeader(firstByte: UInt8)
  case noName
  case nameNotUTF8
  case noBases(name: String)
  case notABase(byte: UInt8)
  case notAnAminoAcid(byte: UInt8)
  case duplicateName(String)

  public var description: String {
    switch self {
    case .empty: "holds no sequence; check that the file is complete"
    case .noHeader(UInt8(ascii: "@")):
      "starts with \"@\" as FASTQ does; convert it to FASTA"
    case .noHeader(UInt8(ascii: "<")):
      "starts with \"<\" as a web page does; fetch the FASTA file itself"
    case .noHeader(let byte):
      "\(Self.shown(byte)) stands where a header is due; start each sequence with a line \">NAME\""
    case .noName: "a header without a name; write \">NAME\""
    case .nameNotUTF8: "the name is not UTF-8 text; rename the sequence"
    case .noBases(let name): "sequence \(name.quoted) has no bases; complete it or remove it"
    case .notABase(let byte) where "-*.".utf8.contains(byte):
      "\(Self.shown(byte)) is a gap, not a base; remove gaps"
    case .notABase(let byte):
      "\(Self.shown(byte)) is no nucleotide letter; give DNA or RNA in IUPAC letters"
    case .notAnAminoAcid(UInt8(ascii: "*")):
      "\"*\" is a stop, not an amino acid; remove stops"
    case .notAnAminoAcid(let byte):
      "\(Self.shown(byte)) is no letter of an amino acid; give proteins in IUPAC letters"
    case .duplicateName(let name):
      "a second sequence is named \(name.quoted); give each sequence of a genome its own name"
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    byte < 0x80 ? String(UnicodeScalar(byte)).quoted : "byte 0x\(String(byte, radix: 16))"
  }
}

public typealias FASTAError = InputError<FASTAProblem>

/// The name in a FASTA header: its first word, without the `>`.
///
/// - Throws: `FASTAProblem.noName`, `.nameNotUTF8`.
func sequenceName(inHeader header: some Collection<UInt8>) throws(FASTAProblem) -> String {
  let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
  let word = header.dropFirst().drop(while: isBlank).prefix { !isBlank($0) }
  guard !word.isEmpty else { throw .noName }
  guard let name = String(validating: word, as: UTF8.self) else { throw .nameNotUTF8 }
  return name
}
