internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

struct MotifsDiscoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "Find the motifs that a whole model uses, from what bases contribute.",
    discussion: """
      EXAMPLES
        seqcnn motifs discover --model ctcf/model.safetensors --fasta bound.fa \\
          --output ctcf-motifs
        seqcnn motifs discover --model ctcf/model.safetensors --regions peaks.bed \\
          --genome hg38.fa.gz --database plants.meme --output ctcf-motifs

      Each sequence is explained as by `explain`. Stretches of 9 bases that
      contribute more than those of shuffled sequences do (--fdr) are seqlets. A
      motif is the mean of seqlets that are alike, at any offset and on either
      strand: 20 or more whose contributions have a cosine of 0.7 or more with the
      motif's. Its sites are all hits that are as much like it, found as `motifs
      hits` finds them, with a q-value of at most 0.5. Some motifs raise the output,
      others lower it.

      The folder holds
        motifs.meme     the bases of the sites, the motif that contributes most
                        first; nsites is their number. The second name is that of
                        the best match in JASPAR 2026's motifs of vertebrates, or
                        in --database, as `motifs compare` finds it, if its E-value
                        is below \(MotifDatabase.namingEValue), or no_match; with
                        --no-database the consensus
        motifs.tsv      motif, sign, sites, share of the contributions, width,
                        consensus; unless --no-database match, match_name, pvalue,
                        evalue, qvalue; the number of sub-patterns
        sites.tsv       name, (chrom with --regions), start, end (from 0), motif,
                        strand, similarity to the motif, contribution
        motifs.npz      the mean contributions of each motif, (4, width)
        patterns.npz    the same with all their sites, as arrays by the names of
                        TF-MoDISco's HDF5: pos_patterns/pattern_0/sequence …
        subpatterns.meme
                        if a motif has sub-patterns, the bases of those: motif1.1,
                        motif1.2 and so on, the seqlets of motif1 that are more
                        alike (a cosine of 0.85) than all are
        motif1.svg …    the motifs' contributions
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @OptionGroup var folder: FolderOption

  @Option(
    help: ArgumentHelp(
      "Motifs to name those that are found by; JASPAR 2026's of vertebrates unless given.",
      valueName: "file"))
  var database: String?

  @Flag(name: .customLong("no-database"), help: "Don't name the motifs that are found.")
  var withoutDatabase = false

  @Option(
    help: ArgumentHelp(
      "The share of seqlets that shuffled sequences would have too.", valueName: "rate"))
  var fdr = DiscoveryConfiguration().falseDiscoveryRate

  @OptionGroup var explanation: ExplanationOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    try explanation.check()
    try NumberRule.fdr.check(fdr)
    if withoutDatabase, database != nil {
      throw ValidationError(
        "--database names motifs, and --no-database names none; give one of them")
    }
  }

  func run() throws {
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let task = try explanation.task(of: model)
    let database = try namingDatabase()
    let directory = try folder.directory()
    let explainer = explanation.explainer(of: model)
    let explained = try ExplainedRecords(
      of: input, by: explainer, model: model, tasks: [task], label: "explain", options: shared)
    let patterns = discover(explained, by: explainer, task: task)
    let files = DiscoveryFiles(
      patterns, matches: database?.matches(of: patterns, threads: shared.threads),
      explained: explained, hasRegions: input.hasRegions, origin: OutputOrigin(models: [model]))
    try directory.commit(files.written(in: directory))
    for line in files.summary { shared.console.note(line) }
  }

  /// What motifs are named by; `nil` if they get no names.
  private func namingDatabase() throws -> MotifDatabase? {
    guard !withoutDatabase else { return nil }
    return try database.map { try shared.console.database(path: $0) } ?? .builtIn
  }

  private func discover(
    _ explained: ExplainedRecords, by explainer: SequenceExplainer, task: Int
  ) -> [DiscoveredPattern] {
    let explanations = explained.rows.map { $0.explanations[0] }
    var configuration = DiscoveryConfiguration()
    configuration.falseDiscoveryRate = fdr
    configuration.subpatternSimilarity = DiscoveryConfiguration.closeSimilarity
    return discoveredPatterns(
      in: explanations.map(\.contributed),
      null: explainer.nullContributions(
        of: explanations.map(\.bases), task: task, threads: shared.threads),
      configuration: configuration, threads: shared.threads)
  }
}

extension Console {
  /// Reads a file of motifs as a database.
  func database(path: String) throws -> MotifDatabase {
    MotifDatabase(
      name: Ledger(source: splitPath(path).name).sourceName, motifs: try motifs(path: path))
  }
}

extension MotifDatabase {
  fileprivate func matches(of patterns: [DiscoveredPattern], threads: Int) -> [NamedMatch] {
    bestMatches(of: patterns.map { $0.motif(named: "") }, threads: threads)
  }
}
