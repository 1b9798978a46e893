public import ArgumentParser
internal import Genomics
internal import GenomicsIO
public import Motifs

struct MotifsConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write motifs in another format.",
    discussion: """
      EXAMPLES
        seqcnn motifs convert ctcf/motifs.meme --to homer --output ctcf.motif
        seqcnn motifs convert TRANSFAC.dat --to meme --output - | less

      Reads MEME, JASPAR, TRANSFAC, HOMER, Cluster-Buster, GimmeMotifs, MEME's XML,
      XMS, AlignACE, sites of JASPAR and tables as those of CIS-BP; the contents tell
      which. A motif that can't be used is passed over, with a line that says why.

        meme            probabilities, nsites, the E-value, the URL
        jaspar          counts, a row for each base
        transfac        counts, a row for each position, as AC and ID the two names
        homer           probabilities; the threshold of the file, else the score
                        whose p-value on uniform background is 1e-4
        cluster-buster  counts, a row for each position
        gimme-pfm       the same; GimmeMotifs reads it
        gimme-pwm       probabilities, a row for each position

      Numbers stay as the file has them. Counts of a motif with probabilities are
      made of them and its number of sites. If nobody says how many there are, the
      probabilities are written instead.
      """)

  @Argument(help: ArgumentHelp("The motifs; - is standard input.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The format to write.", valueName: "format"))
  var to: MotifFormat

  @Option(help: ArgumentHelp("The motifs in that format; - is standard output."))
  var output: String

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OutputName.convertedMotifs.check(output, option: "--output")
  }

  func run() throws {
    let read = try MotifFile(path: file)
    shared.console.noteReading(of: read)
    var written = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    try written.write(to.text(read.motifs, header: read.header ?? MEMEHeader()))
    try written.commit()
    let uncounted = read.motifs.count { $0.siteCount == nil }
    if to.holdsCounts, uncounted > 0 {
      shared.console.note(
        "\(grouped(uncounted)) motif(s) don't say how many sites they are made of; they are written as probabilities"
      )
    }
    shared.console.note("\(grouped(read.motifs.count)) motif(s) written as \(to.rawValue)")
  }
}

extension MotifFormat: ExpressibleByArgument {}
