public import Genomics

/// What can be wrong with a file of matrices behind `>NAME`, in the format of JASPAR or of HOMER.
public enum JASPARProblem: InputProblem, Error {
  case noMotif
  case unnamedMotif
  case rows(motif: String, found: Int)
  case badRow(String, base: String)
  case unequalRows(count: Int, expected: Int)
  case badPosition(String)
  case emptyColumn(position: Int)
  /// Four rows of four numbers that may be read either way.
  case ambiguous(motif: String)
  /// Bases in a matrix's place.
  case sequence(motif: String)
  /// A sequence without one site in capitals, or with another letter.
  case badSite(String)
  case unequalSites(count: Int, expected: Int)

  public var description: String {
    switch self {
    case .noMotif:
      "holds no motif; give lines `>ID NAME`, each with a row of counts for A, C, G and T"
    case .unnamedMotif: "a motif without a name; write `>ID NAME`"
    case .rows(let motif, let found):
      "motif \(motif.quoted) has \(found) row(s); give it four, of A, C, G and T"
    case .badRow(let row, let base):
      "\(row.quoted) isn't the row of \(base); write its counts, as in `\(base) [ 4 0 12 ]`"
    case .unequalRows(let count, let expected):
      "has \(count) count(s), the row of A has \(expected); give each row as many"
    case .badPosition(let row):
      "\(row.quoted) isn't a position's row; give four numbers, for A, C, G and T"
    case .emptyColumn(let position):
      "nothing is counted at position \(position); take the column out"
    case .ambiguous(let motif):
      "motif \(motif.quoted) has four rows of four numbers, which may be rows of bases (JASPAR) or of "
        + "positions (HOMER); write A, C, G and T before the rows, or MEME's format"
    case .sequence(let motif):
      "\(motif.quoted) is a sequence, as in FASTA, where a matrix is due; give motifs"
    case .badSite(let text):
      "\(text.quoted) holds no site; write its bases as capitals, others small, as in `ttCACGTGaa`"
    case .unequalSites(let count, let expected):
      "the site has \(count) base(s), the first one has \(expected); align the sites"
    }
  }
}

public typealias JASPARError = InputError<JASPARProblem>

/// Reads motifs behind lines `>ID NAME`: in JASPAR's format with the counts of A, C, G and T in a row each,
/// with or without the letter and brackets; in that of HOMER, GimmeMotifs and Cluster-Buster with a row of four
/// numbers a position. Tables such as CIS-BP's name the letters of their columns instead. Lines that begin with `#`
/// are comments. `MatrixBlocks` says where a matrix begins that has no line `>ID NAME`.
///
/// A motif's number of sites is the least sum of a position's counts. Motifs that can't be used are passed over.
struct MatrixReader {
  let file: String
  let blocks: [MatrixBlock]

  /// The motifs, those that can't be used, and how matrices were read that may be read in two ways.
  ///
  /// - Throws: `JASPARError` if there is no motif.
  var motifs: (read: [Motif], passedOver: [PassedOverMotif], notes: [String]) {
    get throws {
      var (motifs, faults, notes): ([Motif], [PassedOverMotif], [String]) = ([], [], [])
      let certain = Set(blocks.compactMap(\.certainLayout))
      let common = certain.count == 1 ? certain.first : nil
      for block in blocks {
        do throws(MatrixFault) {
          let layout = try block.layout(inFileOf: common)
          motifs.append(try block.motif(layout))
          if block.certainLayout == nil {
            notes.append(
              "\(file.escapedForTerminal):\(block.line): motif \(block.name.quoted) is read with a row "
                + "for each \(layout == .rowPerBase ? "base" : "position"), by the sums of its rows and columns"
            )
          }
        } catch {
          faults.append(
            PassedOverMotif(
              name: block.name, error: JASPARError(file: file, line: error.line, error.problem)))
        }
      }
      guard !motifs.isEmpty else {
        throw faults.first?.error ?? JASPARError(file: file, .noMotif) as any Failure
      }
      return (motifs, faults, notes)
    }
  }
}
