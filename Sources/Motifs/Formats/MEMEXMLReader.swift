import Genomics

/// Reads motifs of the XML that MEME writes: the alphabet, the background, the strands, and each motif's names,
/// probabilities, number of sites and E-value.
struct MEMEXMLReader {
  private(set) var motifs: [Motif] = []
  private(set) var passedOver: [PassedOverMotif] = []
  private(set) var header = MEMEHeader()
  /// The letters behind the identifiers that values have.
  private let symbols: [String: String]
  private let file: String

  /// - Throws: `MotifXMLError` if no motif can be used.
  init(_ root: XMLElement, file: String) throws {
    self.file = file
    guard let alphabet = root.first("training_set", "alphabet") else {
      throw MotifXMLError(file: file, line: root.line, .missing("<alphabet>", in: root.name))
    }
    // Letters that stand for several have `equals`.
    let letters = alphabet.children("letter").filter { $0.attributes["equals"] == nil }
    symbols = Dictionary(
      letters.map { ($0.attributes["id"] ?? "", $0.attributes["symbol"] ?? "") },
      uniquingKeysWith: { $1 })
    let text = letters.compactMap { $0.attributes["symbol"] }.joined()
    guard let nucleotides = Alphabet(nucleotides: text) else {
      throw MotifXMLError(file: file, line: alphabet.line, .notNucleotides(text))
    }
    header.alphabet = nucleotides
    header.strands = root.first("model", "strands").flatMap { Self.strands[$0.text.words] }
    if let array = root.first("model", "background_frequencies", "alphabet_array") {
      let frequencies = try values(of: array)
      header.background = Background(frequencies)
      header.givenFrequencies = header.background.map { _ in frequencies }
    }
    for element in root.first("motifs")?.children("motif") ?? [] { add(element) }
    guard !motifs.isEmpty else {
      throw passedOver.first?.error ?? MotifXMLError(file: file, .noMotif) as any Failure
    }
  }

  private static let strands = ["both": "+ -", "forward": "+"]

  private mutating func add(_ element: XMLElement) {
    let name = element.attributes["name"].map(\.words) ?? ""
    do throws(MotifXMLError) {
      guard !name.isEmpty else { throw fault(element, .missing("name", in: "motif")) }
      guard let matrix = element.first("probabilities", "alphabet_matrix") else {
        throw fault(element, .missing("<probabilities>", in: "motif"))
      }
      var columns: [SIMD4<Double>] = []
      for array in matrix.children("alphabet_array") { columns.append(try values(of: array)) }
      try checkCount(columns.count, element.attributes["width"], of: element, file: file)
      let alternateName = element.attributes["alt"]?.words ?? ""
      let siteCount = try element.attributes["sites"].map { text throws(MotifXMLError) in
        try number(text, upTo: largestCount, of: element, file: file)
      }
      let eValue = try element.attributes["e_value"].map { text throws(MotifXMLError) in
        try number(text, of: element, file: file)
      }
      var motif = Motif(
        name: name, alternateName: alternateName.isEmpty ? nil : alternateName,
        givenProbabilities: columns, siteCount: siteCount.flatMap(MEMEFigures.siteCount),
        eValue: eValue, url: element.attributes["url"].flatMap { $0.isEmpty ? nil : $0 })
      motif.meme = MEMEFigures(
        siteCount: element.attributes["sites"], eValue: element.attributes["e_value"])
      motifs.append(motif)
    } catch {
      passedOver.append(PassedOverMotif(name: name, error: error))
    }
  }

  private func values(of array: XMLElement) throws(MotifXMLError) -> SIMD4<Double> {
    let values = array.children("value").map { value in
      (symbols[value.attributes["letter_id"] ?? ""] ?? "", value)
    }
    return try probabilities(values, in: array, file: file)
  }

  private func fault(_ element: XMLElement, _ problem: MotifXMLProblem) -> MotifXMLError {
    MotifXMLError(file: file, line: element.line, problem)
  }
}
