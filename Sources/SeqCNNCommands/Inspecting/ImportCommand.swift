internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Models
internal import Networks

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model file of a model that another program trained.",
    discussion: """
      EXAMPLES
        seqcnn import deepbind D00328.003.txt --output ctcf.safetensors
      """,
    subcommands: [ImportDeepBindCommand.self])
}

struct ImportDeepBindCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepbind",
    abstract: "Make a model file of a published DeepBind model.",
    discussion: """
      EXAMPLES
        seqcnn import deepbind D00328.003.txt --output ctcf.safetensors
        seqcnn predict --model ctcf.safetensors --fasta promoters.fa > scores.tsv

      All commands take the model. Its scores are those of DeepBind's program, no
      probabilities: of a sequence longer than one and a half detectors the largest
      score of its windows of that length. `predict` has that program's --average
      and --window-size. A model of a protein that binds RNA scores the strand that
      is given. The task is named after the file.
      """)

  @Argument(help: ArgumentHelp("The parameters, such as D00328.003.txt.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The model file; - is standard output.", valueName: "safetensors"))
  var output: String

  @OptionGroup var force: ForceOption
  @OptionGroup var quiet: QuietOption

  func validate() throws {
    try OutputName.model.check(output, option: "--output")
  }

  func run() throws {
    let bytes = try readBytes(file, limit: largestSettings)
    let parameters = try DeepBindParameters(bytes: bytes, file: file)
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let model = parameters.model(
      task: DatasetInput.taskName(of: file),
      provenance: Provenance(
        version: programVersion, seed: 0,
        inputs: [InputDigest(name: name, sha256: sha256(of: bytes))]))
    guard !model.overflows else { throw InputError(file: file, ModelProblem.overflow) }
    var file = try OutputFile(path: output, replacing: force.force)
    try file.write(model.bytes)
    try file.commit()
    for line in words(on: model) { quiet.console.note(line) }
  }

  private static let ending = ".safetensors"

  /// What was made.
  private func words(on model: Model) -> [String] {
    let name = output == "-" ? "standard output" : output.escapedForTerminal
    let configuration = model.ensemble.configuration
    var filterWords = ""
    if let filters = configuration.firstConvolution {
      filterWords = "; \(filters.filters) filters of \(filters.width) bases, "
    }
    let strands = configuration.strands == .forward ? "the given strand" : "both strands"
    var lines = [
      "\(name): the model of \(model.tasks[0].escapedForTerminal), for all commands that take a model"
        + "\(filterWords)windows of \(model.windowLength) on \(strands); its scores are "
        + "no probabilities"
    ]
    let isFile = output != "-" && !output.hasPrefix("/dev/")
    if isFile, !output.hasSuffix(Self.ending) {
      lines.append("\(name): other programs know such files by the ending \(Self.ending)")
    }
    return lines
  }
}
