internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs
internal import Networks

struct MotifsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network's filters as motifs, in MEME format.",
    discussion: """
      EXAMPLES
        seqcnn motifs export --model ctcf/model.safetensors \\
          --peaks CTCF.narrowPeak.gz --genome hg38.fa.gz --output motifs.meme
        seqcnn motifs export --model ctcf/model.safetensors \\
          --positives bound.fa --database JASPAR.meme --output - | less
        seqcnn motifs export --model basset/model.safetensors --layer 4 \\
          --peaks CTCF.narrowPeak.gz --genome hg38.fa.gz --output layer4.meme

      A motif is counted from the stretches of the positives that activate a filter
      above half of its maximum, on the strand that fired; nsites is their number.
      Ends with less than \(FilterMotifs.leastInformation) bits are trimmed. The motifs come from the most
      influential down: the one whose silencing lowers the outputs of the positives
      most. Filters that no positive activates, that have fewer than one site to a
      hundred positives, or whose sites have nothing in common are listed, not
      exported.

      That is how filters are read that a rectifier and a pooling follow at once.
      Those of any other layer, --layer, are read by their best windows: for each
      positive the window with the largest output, if that is above half of the
      maximum. Behind a pooling or a stride windows of one motif lie some bases
      apart, and are aligned. Normalization and rectifier behind the layer count as
      part of it, and the influence is to first order: outputs times gradients.
      `seqcnn inspect MODEL` lists the layers with the bases that each reads.

      Filters often find the same motif. Of those whose motifs are alike, with
      p-values of at most 1e-4 as in `motifs cluster`, the most influential one is
      written; the screen names the others. --filters writes each filter. With
      --database a motif's second name is that of its best match, as `motifs
      compare` finds it, if its E-value is below \(MotifDatabase.namingEValue); else the consensus.
      Filters with the same name are alike too.
      """)

  @OptionGroup(title: "Input: the positives count") var input: InputOptions

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup(title: "Side inputs") var side: SideOptions

  @Option(
    help: ArgumentHelp(
      "The number of the layer whose channels are exported. Default: the first convolution.",
      valueName: "number"))
  var layer: Int?

  @Option(
    help: ArgumentHelp("Motifs to name those of the filters by.", valueName: "file"))
  var database: String?

  @Flag(help: "Write each filter, also those whose motifs are alike.")
  var filters = false

  @Option(help: ArgumentHelp("The motifs, MEME format; - is standard output.", valueName: "meme"))
  var output: String

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.layer.check(layer)
    try OutputName.motifs.check(output, option: "--output")
  }

  func run() throws {
    try input.check()
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let database = try database.map { try shared.console.database(path: $0) }
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let positives = try positives(for: model)
    let motifs = try FilterMotifs(
      of: model.ensemble, layer: layer, positives: positives, threads: shared.threads)
    let groups =
      filters
      ? motifs.singles(database: database, threads: shared.threads)
      : motifs.groups(database: database, threads: shared.threads)
    try file.write(
      memeText(
        groups.map(\.motif), background: motifs.background,
        comment: OutputOrigin(models: [model]).comment))
    try file.commit()
    for line in summary(of: groups) + motifs.withoutMotif { shared.console.note(line) }
  }

  /// The examples that motifs are counted in, with what the model reads beside them.
  private func positives(for model: Model) throws -> [EncodedSequence] {
    let beside = try input.sources(side, for: model)
    let loaded = try input.load(for: model, side: beside.columns)
    shared.console.report(loaded)
    var examples = loaded.dataset.examples
    try beside.tracks.read(into: &examples, threads: shared.threads)
    let positives = model.objective.motifSources(examples)
    guard !positives.isEmpty else {
      throw NothingToDoError(description: "the input holds no positives; give bound sequences")
    }
    return positives
  }

  private static let mostShown = 10

  /// The most influential motifs, in words.
  private func summary(of groups: [FilterGroup]) -> [String] {
    let shown = groups.prefix(Self.mostShown).map { group in
      let motif = group.leader.motif
      let name = group.match.map { ", \($0)".escapedForTerminal } ?? ""
      let others =
        group.others.isEmpty
        ? "" : "; alike: " + group.others.map(\.motif.name).joined(separator: ", ")
      return "\(motif.name): \(motif.alternateName ?? "")\(name), \(motif.siteCount ?? 0) sites, "
        + "influence \(figure(group.leader.influence, 2))\(others)"
    }
    let rest = groups.count - shown.count
    return shown + (rest > 0 ? ["\(rest) more motifs of less influence"] : [])
  }
}

extension FilterMotifs {
  /// The filters that made no motif, and why, in words.
  var withoutMotif: [String] {
    [
      ("dead, activated by no positive", dead),
      ("rare, fewer than one site to a hundred positives", rare),
      ("without a motif, their sites have nothing in common", uninformative),
    ].filter { !$0.1.isEmpty }.map { reason, filters in
      "\(reason): filters \(filters.map { "\($0 + 1)" }.joined(separator: ", "))"
    }
  }
}
