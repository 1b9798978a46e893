import Genomics

/// Reads motifs of XMS, the format of NestedMICA (Down & Hubbard 2005): below `<motifset>`, or as the root, elements
/// `<motif>` with a `<name>` and a `<weightmatrix>`, whose columns have a weight for each base.
struct XMSReader {
  private(set) var motifs: [Motif] = []
  private(set) var passedOver: [PassedOverMotif] = []

  /// - Throws: `MotifXMLError` if no motif can be used.
  init(_ root: XMLElement, file: String) throws {
    for element in root.name == "motif" ? [root] : root.children("motif") {
      let name = element.first("name")?.text.words ?? ""
      do throws(MotifXMLError) {
        motifs.append(try Self.motif(element, name: name, file: file))
      } catch {
        passedOver.append(PassedOverMotif(name: name, error: error))
      }
    }
    guard !motifs.isEmpty else {
      throw passedOver.first?.error ?? MotifXMLError(file: file, .noMotif) as any Failure
    }
  }

  private static func motif(
    _ element: XMLElement, name: String, file: String
  ) throws(MotifXMLError) -> Motif {
    guard !name.isEmpty else {
      throw MotifXMLError(file: file, line: element.line, .missing("<name>", in: "motif"))
    }
    guard let matrix = element.first("weightmatrix") else {
      throw MotifXMLError(file: file, line: element.line, .missing("<weightmatrix>", in: "motif"))
    }
    guard ["DNA", "RNA"].contains(matrix.attributes["alphabet"]?.uppercased() ?? "DNA") else {
      throw MotifXMLError(
        file: file, line: matrix.line, .notNucleotides(matrix.attributes["alphabet"]!))
    }
    var columns: [SIMD4<Double>] = []
    for column in matrix.children("column") {
      let weights = column.children("weight").map { ($0.attributes["symbol"] ?? "", $0) }
      columns.append(try probabilities(weights, in: column, file: file))
    }
    try checkCount(columns.count, matrix.attributes["columns"], of: matrix, file: file)
    return Motif(name: name, alternateName: nil, givenProbabilities: columns)
  }
}
