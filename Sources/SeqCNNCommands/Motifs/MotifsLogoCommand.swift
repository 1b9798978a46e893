public import ArgumentParser
internal import Genomics
internal import GenomicsIO
public import Motifs

struct MotifsLogoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logo",
    abstract: "Draw motifs as sequence logos.",
    discussion: """
      EXAMPLES
        seqcnn motifs logo ctcf/motifs.meme --output logos
        seqcnn motifs logo JASPAR.meme --motif MA0139.2 --output CTCF.svg
        seqcnn motifs logo JASPAR.meme --motif MA0139.2 --reverse-complement \\
          --height contribution --output CTCF.rc.svg

      A folder gets NAME.svg and NAME.rc.svg, the other strand, of each motif. A name
      that ends in .svg, or -, gets one motif. A letter is as high as
        information   the position's information, shared by probability
        probability   the letter's probability
        contribution  what the letter adds to the information: p log2 (p / b), below
                      the axis if the letter is rarer than in the background
      The background is uniform.
      """)

  @Argument(help: ArgumentHelp("The motifs; - is standard input.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "A motif to draw, by either of its names; again for more. All, by default."))
  var motif: [String] = []

  @Option(help: ArgumentHelp("What the height of a letter stands for.", valueName: "what"))
  var height = LogoHeight.information

  @Flag(help: "Draw the other strand; a folder gets both in any case.")
  var reverseComplement = false

  @Option(help: ArgumentHelp("A folder, or one logo; - is standard output.", valueName: "dir|svg"))
  var output: String

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  private var isOneLogo: Bool { output == "-" || output.lowercased().hasSuffix(".svg") }

  func validate() throws {
    if !isOneLogo { try OutputName.checkFolder(output, option: "--output") }
  }

  func run() throws {
    let read = try MotifFile(path: file)
    let motifs = try read.motifs(named: motif)
    shared.console.noteReading(of: read)
    if isOneLogo { try writeOne(of: motifs) } else { try writeAll(motifs) }
  }

  private func writeOne(of motifs: [Motif]) throws {
    guard motifs.count == 1 else {
      throw ValidationError(
        "\(grouped(motifs.count)) motifs don't go into one logo; name one with --motif, or a folder with --output"
      )
    }
    var logo = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    try logo.write(svg(of: motifs[0], isReverse: reverseComplement))
    try logo.commit()
  }

  private func writeAll(_ motifs: [Motif]) throws {
    let directory = try OutputDirectory(path: output, replacing: force.force)
    var outputs = OutputTransaction()
    for (motif, name) in zip(motifs, fileNames(of: motifs)) {
      for (isReverse, ending) in [(false, "svg"), (true, "rc.svg")] {
        var logo = try directory.file(named: "\(name).\(ending)")
        try logo.write(svg(of: motif, isReverse: isReverse))
        outputs.add(try logo.finish())
      }
    }
    try directory.commit(outputs)
    shared.console.note("\(grouped(motifs.count)) motif(s) drawn, both strands of each")
  }

  private func svg(of motif: Motif, isReverse: Bool) -> String {
    let names = [motif.name, motif.alternateName].compactMap { $0 }.joined(separator: " ")
    return logoSVG(
      isReverse ? motif.probabilities.reverseComplement : motif.probabilities, height: height,
      title: isReverse ? names + ", reverse complement" : names)
  }
}

/// The motifs' names as names of files, each another: what isn't a letter, a digit or one of `-._` becomes `_`.
private func fileNames(of motifs: [Motif]) -> [String] {
  var uses: [String: Int] = [:]
  return motifs.map { motif in
    let letters = motif.name.unicodeScalars.prefix(100).map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar)
      return isPlain || "-._".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    let name = letters.first == "." ? "_" + String(letters) : String(letters)
    uses[name.lowercased(), default: 0] += 1
    let use = uses[name.lowercased()]!
    return use == 1 ? name : "\(name)~\(use)"
  }
}

extension LogoHeight: ExpressibleByArgument {}
