import Genomics
import Motifs
import Testing

@Suite struct MotifXMLTests {
  private func file(_ text: String) throws -> MotifFile {
    try MotifFile(Array(text.utf8), file: "m.xml")
  }

  private static func xms(_ columns: String, attributes: String = "alphabet=\"DNA\"") -> String {
    "<motif><name>Abd &amp; B</name><weightmatrix \(attributes)>\n\(columns)</weightmatrix></motif>"
  }

  private static let column = """
    <column pos="0"><weight symbol="thymine">0.125</weight><weight symbol='guanine'> 0.25 </weight>
    <weight symbol="cytosine">0.5</weight><weight symbol="adenine">0.125</weight></column>
    """

  /// NestedMICA's format: the set as the root, or a motif; weights in any order; other elements.
  @Test func readsXMS() throws {
    let motif = Self.xms(Self.column)
    let set =
      "<?xml version=\"1.0\"?><motifset xmlns=\"http://biotiffin.org/XMS/\">\(motif)\(motif)<prop/></motifset>"
    for (text, count) in [(motif, 1), ("\u{feff}" + set, 2)] {
      let found = try file(text)
      #expect(found.motifs.count == count && found.motifs[0].name == "Abd & B")
      #expect(found.motifs[0].probabilities.columns == [[0.125, 0.5, 0.25, 0.125]])
      #expect(found.motifs[0].siteCount == nil && found.header == nil)
    }
  }

  /// A hundred elements within each other are no motif, and more would be too many.
  @Test(arguments: [101, 100_000]) func deepElementsAreRefused(depth: Int) {
    #expect {
      try file(String(repeating: "<a>", count: depth))
    } throws: { error in
      "\(error)".contains("nested too deeply")
    }
  }

  /// The parts of MEME's XML that are read, in the form of version 4 (identifiers of letters) or 5.
  private static func meme(
    letters: String = "ACGU", prefix: String = "letter_", row: [Double] = [0, 0.25, 0.75, 0]
  ) -> String {
    let values = zip(letters, row).map { "<value letter_id=\"\(prefix)\($0)\">\($1)</value>" }
      .joined()
    let array = "<alphabet_array>\n\(values)</alphabet_array>"
    let symbols = letters.map { "<letter id=\"\(prefix)\($0)\" symbol=\"\($0)\"/>" }.joined()
    return """
      <?xml version='1.0' encoding='UTF-8' standalone='yes'?>
      <!DOCTYPE MEME[
      <!-- it's > a comment -->
      <!ELEMENT MEME ( training_set ) >
      <!ATTLIST MEME version CDATA "]>" >
      ]>
      <MEME version="5.0.1"><training_set><alphabet name="RNA">\(symbols)
      <letter id="N" symbol="N" equals="ACGU"/></alphabet></training_set>
      <model><strands>forward</strands><background_frequencies><alphabet_array>
      <value letter_id="\(prefix)A">0.3</value><value letter_id="\(prefix)C">0.2</value>
      <value letter_id="\(prefix)G">0.2</value><value letter_id="\(prefix)U">0.3</value>
      </alphabet_array></background_frequencies></model>
      <motifs><motif id="motif_1" name="GS" alt="MEME-1" width="1" sites="7" e_value="1.9e-001" url="">
      <scores><alphabet_matrix>\(array)</alphabet_matrix></scores>
      <probabilities><alphabet_matrix>\(array)</alphabet_matrix></probabilities>
      </motif></motifs></MEME>

      """
  }

  @Test(arguments: ["", "letter_"]) func readsMEME(prefix: String) throws {
    let found = try file(Self.meme(prefix: prefix))
    #expect(found.motifs.map(\.name) == ["GS"] && found.motifs[0].alternateName == "MEME-1")
    #expect(found.motifs[0].probabilities.columns == [[0, 0.25, 0.75, 0]])
    #expect(found.motifs[0].siteCount == 7 && found.motifs[0].eValue == 0.19)
    #expect(found.motifs[0].url == nil)
    #expect(found.header?.alphabet == .rna && found.header?.strands == "+")
    #expect(found.background == Background([0.3, 0.2, 0.2, 0.3]))
  }

  static let wrong: [(text: String, line: Int, problem: MotifXMLProblem)] = [
    ("<motif>\n<name>", 2, .malformed("it ends before \"</name>\"")),
    ("<motif>\n</name></motif>", 2, .malformed("\"</name>\" closes nothing")),
    ("<motif/>\n<motif/>", 2, .malformed("a second root")),
    ("<motif/>\ntext", 2, .malformed("text outside of all elements")),
    ("<motif a=b></motif>", 1, .malformed("in \"<motif>\"")),
    ("<motif>&nbsp;</motif>", 1, .malformed("\"&nbsp\" is no entity")),
    ("<motif><!-- </motif>", 1, .malformed("\"-->\" is missing")),
    ("<dreme/>", 1, .foreign("dreme")),
    ("<motif><weightmatrix/></motif>", 1, .missing("<name>", in: "motif")),
    (xms("", attributes: "alphabet=\"PROTEIN\""), 1, .notNucleotides("PROTEIN")),
    (xms(""), 1, .columns(found: 0, expected: 1)),
    (xms(column, attributes: "columns=\"2\""), 1, .columns(found: 1, expected: 2)),
    (xms(column.replacing("0.5", with: "x")), 3, .badNumber("x")),
    (xms(column.replacing("0.5", with: "1")), 2, .badColumn([0.125, 1, 0.25, 0.125])),
    (xms(column.replacing("cytosine", with: "guanine")), 3, .notNucleotides("guanine")),
    (xms(column, attributes: "columns=\"1e300\""), 1, .badNumber("1e300")),
    (meme().replacing("sites=\"7\"", with: "sites=\"1e300\""), 13, .badNumber("1e300")),
    (meme(letters: "ACDE"), 7, .notNucleotides("ACDE")),
  ]

  @Test(arguments: wrong.indices) func refuses(index: Int) {
    let (text, line, problem) = Self.wrong[index]
    #expect(throws: MotifXMLError(file: "m.xml", line: line, problem)) { try file(text) }
    #expect("\(problem)".contains("; ") && !"\(problem)".contains("\n"))
  }

  @Test func aMotifThatCannotBeUsedIsPassedOver() throws {
    let found = try file("<motifset>\(Self.xms(""))\(Self.xms(Self.column))</motifset>")
    #expect(found.motifs.count == 1 && found.passedOver.map(\.name) == ["Abd & B"])
  }

  @Test func mastIsRefused() {
    let error = #expect(throws: MEMEError.self) { try file("<mast version=\"5\"></mast>") }
    #expect(error?.description.contains("MAST's report") ?? false)
  }
}
