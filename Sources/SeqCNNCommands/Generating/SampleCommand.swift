internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Models
internal import Parallel
internal import Tensors

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write sequences that a model of sequence makes.",
    discussion: """
      EXAMPLES
        seqcnn sample vae/model.safetensors -n 1000 --output samples.fa
        seqcnn sample language/model.safetensors -n 100 --length 200 \\
          --temperature 0.8 > samples.fa

      The header of a sequence says what the model thinks of it: the natural
      logarithm of its likelihood (logLikelihood; of a vae that of the bases given
      the numbers which were drawn), the critic's score (critic), or the free energy
      under the lowest Boltzmann machine (freeEnergy; lower is likelier).

      A temperature below 1 makes likelier sequences, one above 1 more diverse ones.
      """)

  @Argument(help: ArgumentHelp("The model of `seqcnn pretrain`.", valueName: "safetensors"))
  var model: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The number of sequences.", valueName: "n"))
  var number = 100

  @Option(
    help: ArgumentHelp("Their length, for models that write any, 101 unless given.", valueName: "n")
  )
  var length: Int?

  @Option(help: ArgumentHelp("The temperature, above 0.", valueName: "t"))
  var temperature = 1.0

  @Option(
    help: ArgumentHelp(
      "The sequences, compressed if it ends in .gz; - is standard output.", valueName: "fasta"))
  var output = "-"

  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.length.check(length)
    try NumberRule.number.check(number)
    try NumberRule.temperature.check(temperature)
    try OutputName.sequences.check(output, option: "--output")
  }

  /// The samples that are drawn together.
  private static let part = 64

  func run() throws {
    let contents = try GenerativeModelFile(path: model)
    guard let generator = contents.model.generator else {
      throw NothingToDoError(
        description: "\(model.escapedForTerminal): a model of the method \(contents.method) reads "
          + "sequences and writes none; give one of another method than autoencoder")
    }
    if let own = generator.length, let length, length != own {
      throw NothingToDoError(
        description:
          "\(model.escapedForTerminal): writes sequences of \(own) bases; leave --length out"
      )
    }
    try loadMatrixLibrary()
    let request = SampleRequest(
      seed: seedOption.seed, temperature: Float(temperature), length: length ?? 101)
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let team = ThreadTeam(threads: shared.threads)
    var progress = shared.console.progress("sample", unit: "sequences", total: number)
    for first in stride(from: 0, to: number, by: Self.part * shared.threads) {
      let end = min(first + Self.part * shared.threads, number)
      let parts = team.map((end - first).dividedRoundingUp(by: Self.part)) { [number] index in
        let start = first + index * Self.part
        return generator.samples(start..<min(start + Self.part, end, number), request)
      }
      for (index, sample) in parts.joined().enumerated() {
        let score = figure(sample.score, 4)
        try file.write(
          ">sample\(first + index + 1) \(generator.scoreName)=\(score)\n\(sample.bases.text)\n")
      }
      progress.update(end)
    }
    progress.finish()
    try file.commit()
  }
}
