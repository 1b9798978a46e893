internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Find groups of sequences that a model reads alike.",
    discussion: """
      EXAMPLES
        seqcnn embed --model ctcf/model.safetensors --fasta bound.fa --output groups
        seqcnn embed --model ctcf/model.safetensors --regions CTCF.narrowPeak.gz \\
          --genome hg38.fa.gz --groups 6 --output groups

      The features of a sequence are what the last layer before the output makes of
      it, in each network of the model. Principal components are the directions in
      which they differ most; the first ten are grouped by k-means. Groups of peaks
      are often those of different motifs.

      The folder holds
        embedding.tsv   name, (chrom start end with --regions), group, from 1, the
                        largest group first, and pc1, pc2 …, ten at most
        features.npz    features (N, F) in the order of the table
        groups.tsv      group, sequences, motif, name, with_site, others_with_site,
                        pvalue, evalue: the motifs of --database that a group has
                        more often than the other groups (Fisher's exact test)
        report.html     a picture of the first two components, and the groups, with
                        the numbers in report.tsv

      Of a sequence longer than those of training the best window is read. The
      k-mers of a model have no features.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @OptionGroup var folder: FolderOption

  @Option(help: ArgumentHelp("The number of groups.", valueName: "n"))
  var groups = 4

  @Option(
    help: ArgumentHelp(
      "The task whose best window is read in longer sequences; a model's only one needn't be named.",
      valueName: "name"))
  var task: String?

  @Option(
    help: ArgumentHelp(
      "Motifs to tell groups by; JASPAR 2026's of vertebrates unless given.", valueName: "file"))
  var database: String?

  @OptionGroup var seed: SeedOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    try NumberRule.groups.check(groups)
  }

  func run() throws {
    let model = try shared.console.model(path: model)
    let task = try taskIndex(in: model)
    let database = try database.map { try shared.console.database(path: $0) } ?? .builtIn
    let directory = try folder.directory()
    let records = try records(for: model)
    var progress = shared.console.progress("embed", unit: "sequences", total: records.count)
    let (features, unread) = SequenceFeatures.read(
      records.map(\.bases), by: model, task: task, threads: shared.threads
    ) { progress.update($0) }
    progress.finish()
    var ledger = Ledger(source: input.path)
    for (_, reason) in unread { ledger.drop(reason.description) }
    ledger.use(features.rows.count)
    guard features.rows.count > 1 else {
      throw NothingToDoError(description: "\(ledger); give two sequences or more")
    }
    input.note(ledger, console: shared.console)
    let left = Set(unread.map(\.index))
    let read = records.indices.filter { !left.contains($0) }.map { records[$0] }
    let embedding = Embedding(
      features, of: read, groups: groups, database: database, seed: seed.seed,
      threads: shared.threads)
    try directory.commit(
      embedding.written(
        in: directory, origin: OutputOrigin(models: [model]), hasRegions: input.hasRegions))
    for line in embedding.summary { shared.console.note(line) }
  }

  private func taskIndex(in model: Model) throws -> Int {
    guard let task else { return 0 }
    guard let index = model.tasks.firstIndex(of: task) else {
      throw ValidationError(
        "--task is \(task.quoted), which the model doesn't have; take one of "
          + model.tasks.prefix(10).joined(separator: ", ").escapedForTerminal)
    }
    return index
  }

  private func records(for model: Model) throws -> [ScoringInput.Record] {
    var ledger = Ledger(source: input.path)
    var records: [ScoringInput.Record] = []
    try input.forEachRecord(of: model, label: "read", console: shared.console) { record in
      if let problem = record.problem(for: model) { return ledger.drop(problem) }
      ledger.use()
      records.append(record)
    }
    if ledger.used < ledger.total { shared.console.note("\(ledger)") }
    guard records.count > 1 else {
      throw NothingToDoError(description: "\(ledger); give two sequences or more")
    }
    return records
  }
}
