internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Training

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tell what a file is, if it is sound, and how long training takes.",
    discussion: """
      EXAMPLES
        seqcnn inspect ctcf/model.safetensors
        seqcnn inspect recipe.json --length 200 --examples 20000
        seqcnn inspect --preset deepbind --examples 20000
        seqcnn inspect --preset danq --tasks 919
        seqcnn inspect CTCF.narrowPeak.gz --preset standard
        seqcnn inspect hg38.fa.gz calls.vcf.gz motifs.meme --json > files.json

      Each file is read to its end and checked as the commands that use it check it:
      a damaged one gives their message and exit code 65. A file may be a model, a
      recipe, FASTA (a genome with its index too), BED, narrowPeak or broadPeak, a
      table, VCF or BCF, or motifs, compressed or not; a bigWig, a bigBed, a track
      hub or a session of IGV too. Its contents tell which, or else its name.

      Every layer of a network is listed: what it makes of a sequence, the bases that
      each number of that is made of, its parameters, and the multiply-adds of a
      sequence on all strands that are read.

      With a recipe, or data and --preset or --config, some real training steps on
      random sequences tell how fast this machine learns. The time of a whole
      training counts all networks and epochs. A fifth of the examples is held out,
      and a tenth validates. Reading, the k-mer model, validation, p-values and what
      is measured afterwards aren't counted.
      """)

  @Argument(help: ArgumentHelp("The files.", valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "The recipe, or the one that a file or --config changes, standard unless given.",
      valueName: "name"))
  var preset: Recipe.Preset?

  @Option(
    help: ArgumentHelp("Changes to the recipe that data are to be trained by.", valueName: "json"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      """
      The length of the sequences to train on: unless given that of the data, else the one that the preset is made \
      for, else 101.
      """, valueName: "bases"))
  var length: Int?

  @Option(help: ArgumentHelp("The number of tasks of a recipe, 1 unless given.", valueName: "n"))
  var tasks: Int?

  @Option(
    help: ArgumentHelp(
      "The number of bound sequences that a recipe is to be trained with, shuffles apart.",
      valueName: "n"))
  var examples: Int?

  @Flag(help: "Print one JSON object; docs/formats.md has its keys.")
  var json = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.length.check(length)
    try NumberRule.tasks.check(tasks)
    try NumberRule.examples.check(examples)
  }

  func run() throws {
    try check()
    let inspector = Inspector(
      preset: preset, config: config, length: length, tasks: tasks, examples: examples,
      threads: shared.threads)
    guard !files.isEmpty else { return try print([inspector.presetReport()]) }
    guard !json else { return try print(files.map(inspector.report)) }
    // A fault of a later file leaves what was said of those before it.
    for (index, file) in files.enumerated() {
      if index > 0 { try write("\n") }
      try print([inspector.report(of: file)])
    }
  }

  /// Refuses options that don't say one thing.
  ///
  /// Not `validate`, which the parser calls before it reports an option that it doesn't know.
  private func check() throws {
    if files.isEmpty, preset == nil, config == nil {
      throw ValidationError("no file to inspect; give one, or --preset for a recipe")
    }
    if files.contains("-") {
      throw ValidationError("a file is read more than once; give a file instead of -")
    }
  }

  private func print(_ reports: [FileReport]) throws {
    try write(json ? jsonText(InspectionReport(files: reports)) : reports[0].text)
  }

  private func write(_ text: String) throws {
    var output = try OutputFile(path: "-", replacing: false)
    try output.write(text)
    try output.commit()
  }
}
