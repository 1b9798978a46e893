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
          --positives bound.fa --output - | less

      A motif is counted from the stretches of the positives that activate a filter
      above half of its maximum, on the strand that fired; nsites is their number.
      Ends with less than \(FilterMotifs.leastInformation) bits are trimmed. The motifs come from the most
      influential down: the one whose silencing lowers the outputs of the positives
      most. Filters that no positive activates, that have fewer than one site to a
      hundred positives, or whose sites have nothing in common are listed, not
      exported.
      """)

  @OptionGroup(title: "Input: the positives count") var input: InputOptions

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The motifs, MEME format; - is standard output.", valueName: "meme"))
  var output: String

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OutputName.motifs.check(output, option: "--output")
  }

  func run() throws {
    try input.check()
    let model = try shared.console.model(path: model)
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let loaded = try input.load(for: model)
    shared.console.report(loaded)
    let positives = model.objective.motifSources(loaded.dataset.examples)
    guard !positives.isEmpty else {
      throw NothingToDoError(description: "the input holds no positives; give bound sequences")
    }
    let motifs = try FilterMotifs(of: model.ensemble, positives: positives, threads: shared.threads)
    try file.write(memeText(motifs.motifs.map(\.motif), background: motifs.background))
    try file.commit()
    for line in motifs.summary { shared.console.note(line) }
  }
}

extension FilterMotifs {
  private static let mostShown = 10

  /// The most influential motifs, and the filters that made none, in words.
  fileprivate var summary: [String] {
    let shown = motifs.prefix(Self.mostShown).map {
      "\($0.motif.name): \($0.motif.alternateName ?? ""), \($0.motif.siteCount ?? 0) sites, "
        + "influence \(figure($0.influence, 2))"
    }
    let rest = motifs.count - shown.count
    return shown + (rest > 0 ? ["\(rest) more motifs of less influence"] : []) + withoutMotif
  }

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
