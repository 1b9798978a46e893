internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

struct MutateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutate",
    abstract: "Find what every substitution in a sequence does.",
    discussion: """
      EXAMPLES
        seqcnn mutate --model ctcf/model.safetensors --fasta sites.fa --output sites
        seqcnn mutate --model ctcf/model.safetensors --regions peaks.bed \\
          --genome hg38.fa.gz --output peaks

      Each base in turn is replaced by each other one. The folder holds
        mutations.tsv  name, (chrom with --regions), position (from 1), ref, alt,
                       and a column a task: the output with alt less that with ref,
                       a difference of logits for classification
        mutations.npz  delta (N, 4, L), one a task named delta.1, delta.2 … where
                       there are several, and sequence (N, 4, L), one-hot; bases
                       A, C, G, T
        report.html    the maps and the strongest substitutions on one page, with
                       the numbers in report.tsv
        map1.svg …     a map of each of the first --maps sequences (map1.1.svg … a
                       task): a letter a base, as high as its replacement lowers
                       the output at most, over a heat map of all substitutions
      Each region is a window of the model's length around its summit or middle. A
      sequence longer than those of training is mutated window by window, each base
      in the middle of its own. Of several lengths the shorter ones are filled up at
      their end, with NaN in delta and 0 in sequence.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @OptionGroup var folder: FolderOption

  @Option(help: ArgumentHelp("Draw so many sequences.", valueName: "n"))
  var maps = 10

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    try NumberRule.maps.check(maps)
  }

  func run() throws {
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let directory = try folder.directory()
    var files = try MutationFiles(
      in: directory, tasks: model.tasks, hasRegions: input.hasRegions, maps: maps,
      origin: OutputOrigin(models: [model]))
    var ledger = Ledger(source: input.path)
    try input.forEachRecord(of: model, label: "mutate", console: shared.console) { record in
      if let problem = record.problem(for: model) {
        return ledger.drop(problem)
      }
      ledger.use()
      try files.add(
        Mutagenesis(of: record.bases, by: model, threads: shared.threads), of: record,
        in: directory)
    }
    try input.report(ledger, console: shared.console)
    try directory.commit(files.finish(in: directory))
  }
}
