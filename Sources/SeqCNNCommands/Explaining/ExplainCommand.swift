internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Find what each base contributes to a model's output.",
    discussion: """
      EXAMPLES
        seqcnn explain --model ctcf/model.safetensors --fasta sites.fa --output sites
        seqcnn explain --model ctcf/model.safetensors --regions peaks.bed \\
          --genome hg38.fa.gz --output peaks --bigwig
        modisco motifs -s peaks/sequences.npz -a peaks/contributions.npz -n 2000 \\
          -w 100 -o modisco.h5

      All parts of the model are explained, networks and k-mers. The methods are
        deeplift              multipliers times the difference from dinucleotide
                              shuffles of the sequence, the mean over --references
        integrated-gradients  the same with mean gradients on the line from a shuffle
        input-x-gradient      the gradient, less its mean over the four bases
        mutagenesis           the output with each base, less the mean of the four
      By the first two the contributions of a sequence add up to its output less the
      mean output of its shuffles. What is missing is told.

      The folder holds
        sequences.npz      arr_0 (N, 4, L), one-hot; bases A, C, G, T
        contributions.npz  arr_0 (N, 4, L), what each base would contribute in each
                           place: times sequences, what those that are there do
        contributions.tsv  name, (chrom with --regions), position (from 1), base,
                           contribution
        sequences.tsv      name, (chrom,) start, end (from 0), output,
                           reference_output, sum of the contributions
        contributions.bw   with --bigwig, the contribution of each base of the
                           genome; where regions overlap, the mean
        map1.svg …         the --maps sequences with the highest outputs
        explain.json       method, seed, and how complete contributions are
      Of several tasks each has its own files, contributions.1.npz and so on, in the
      order of the model. Each region is a window of the model's length around its
      summit or middle. A sequence longer than those of training is explained in the
      window that scores highest. Of several lengths the shorter ones are filled up
      at their end with 0. What --side reads is the same for a sequence and its
      shuffles: contributions are those of the bases beside it.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @OptionGroup var folder: FolderOption

  @OptionGroup var explanation: ExplanationOptions

  @Flag(help: "Write a track of the contributions; needs --regions.")
  var bigwig = false

  @Option(help: ArgumentHelp("Draw so many sequences.", valueName: "n"))
  var maps = 10

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    guard !bigwig || input.hasRegions else {
      throw ValidationError("--bigwig needs places in a genome; give --regions with --genome")
    }
    try explanation.check()
    try NumberRule.maps.check(maps)
  }

  func run() throws {
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let tasks = try explanation.tasks(of: model)
    let directory = try folder.directory()
    let explained = try ExplainedRecords(
      of: input, by: explanation.explainer(of: model), model: model,
      tasks: tasks, label: "explain", options: shared)
    let files = ExplanationFiles(explained, hasRegions: input.hasRegions, maps: maps)
    let numbered = tasks.count > 1
    var outputs = OutputTransaction()
    for (stem, ending) in ExplanationFiles.numbered {
      try directory.replaceNumbered(stem, ending: ending, in: &outputs)
    }
    var summaries: [ExplanationSummary.Task] = []
    for (place, task) in tasks.enumerated() {
      let suffix = numbered ? ".\(task + 1)" : ""
      try files.write(place, named: model.tasks[task], suffix: suffix, in: directory, &outputs)
      if bigwig {
        try writeTrack(explained, of: place, suffix: suffix, in: directory, &outputs)
      }
      let summary = explained.summary(of: place, named: model.tasks[task])
      summary.tell(shared.console)
      summaries.append(summary)
    }
    var json = try directory.file(named: "explain.json")
    try json.write(
      jsonText(
        ExplanationSummary(
          explanation, tasks: summaries, origin: OutputOrigin(models: [model]))))
    outputs.add(try json.finish())
    try directory.commit(outputs)
  }

  private func writeTrack(
    _ explained: ExplainedRecords, of task: Int, suffix: String,
    in directory: borrowing OutputDirectory, _ outputs: inout OutputTransaction
  ) throws {
    guard let path = input.sequences.genome else { return }
    let sequences = try Genome(path: path).sequences.map {
      (name: explained.names[$0.name] ?? $0.name, length: $0.length)
    }
    var track = try BigWigWriter(
      path: directory.path(of: "contributions\(suffix).bw"),
      sequences: sequences, replacing: true, threads: shared.threads)
    for stretch in explained.track(of: task, on: sequences.map(\.name)).stretches {
      try track.append(stretch.values, sequence: stretch.sequence, start: stretch.start)
    }
    outputs.add(try track.finish())
  }
}
