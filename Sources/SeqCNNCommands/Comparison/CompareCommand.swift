public import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
public import Inference
internal import Models
internal import Networks

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Find what differs between two conditions.",
    discussion: """
      EXAMPLES
        seqcnn train --peaks K562=k562.narrowPeak HepG2=hepg2.narrowPeak \\
          --genome hg38.fa.gz --output joint
        seqcnn compare --model joint/model.safetensors --tasks K562,HepG2 \\
          --genome hg38.fa.gz --output sites.bed --filters filters.tsv
        seqcnn train --peaks K562=k562.narrowPeak HepG2=hepg2.narrowPeak \\
          --genome hg38.fa.gz --make-negatives given --output contrast
        seqcnn compare --model contrast/model.safetensors --genome hg38.fa.gz \\
          --regions peaks.bed --shared both.bed --output peaks.tsv --json
        seqcnn compare --model joint/model.safetensors --tasks K562,HepG2 \\
          --genome hg38.fa.gz --vcf calls.vcf.gz --output variants.tsv
        seqcnn compare --model a/model.safetensors --model b/model.safetensors \\
          --genome hg38.fa.gz --output sites.bed

      Compares two outputs, A and B: two tasks of one model, or a task each of two
      models. Compared are the sites that either finds in the genome (--p-value),
      or regions, by the best window of each for A and for B; or variants.

      Scale. Log odds are those of a window being bound where half of the windows
      are; A - B is then the log odds that it is bound in A alone rather than in B
      alone. They compare if both tasks are of one model, or of models trained by one
      recipe. Models that learned against negatives of different kinds, or that give
      no probabilities, are compared by ranks instead: -log10 of the p-value
      against shuffled windows of this genome (--scale rank).

      p-value. The null hypothesis is that a region is bound alike. --shared gives
      regions that are, such as peaks of both; without it those compared are taken to
      be, in the main. The median of their differences and 1.4826 times the median
      distance from it are centre and standard deviation of a normal distribution;
      pvalue is the chance of a difference as far from the centre, in either
      direction, and qvalue the false discovery rate over all rows (Benjamini and
      Hochberg). Fewer than \(DifferenceNull.fewestRegions) regions give neither.

      Which model. One that learned the peaks of both against each other tells best
      which of the two binds a peak: train it with --make-negatives given, and
      compare --regions. To find sites in a genome it takes one that knows a genome.

      The rows are BED with the columns
        chrom start end name score strand A B difference higher called pvalue
        qvalue reason
      where name is the region's, or the higher output of a site, higher the output
      that is above the other by more than regions bound alike have it, score is -10
      log10 of the p-value, at most 1000, and called says for which outputs the best
      window is a site. Of variants they are
        chrom pos id ref alt A B difference reason
      where A and B are what the alternate allele adds; they have no p-value, as
      nothing tells how far variants that act alike differ.
      --filters writes how much each filter adds to A and to B in windows around the
      sites or regions.
      """)

  @Option(
    help: ArgumentHelp(
      "The model file; give it twice to compare two models.", valueName: "safetensors"))
  var model: [String]

  @Option(
    help: ArgumentHelp(
      "Two tasks, separated by a comma: of the model, or one of each. A model's only task, or its only two, "
        + "needn't be named.", valueName: "names"))
  var tasks: String?

  @Option(help: ArgumentHelp("The genome, FASTA.", valueName: "fasta"))
  var genome: String

  @Option(
    help: ArgumentHelp(
      "Compare these regions, BED or narrowPeak, instead of sites.", valueName: "bed"))
  var regions: String?

  @Option(
    help: ArgumentHelp(
      "Regions that both conditions bind alike, BED or narrowPeak: they tell how far values differ by chance.",
      valueName: "bed"))
  var shared: String?

  @Option(help: ArgumentHelp("Compare what variants do, VCF or BCF.", valueName: "vcf"))
  var vcf: String?

  @Option(
    help: ArgumentHelp(
      "The rows; compressed if it ends in .gz; - is standard output.", valueName: "bed"))
  var output: String

  @Option(help: ArgumentHelp("Write what filters add to each output.", valueName: "tsv"))
  var filters: String?

  @Option(
    help: ArgumentHelp("What is compared: log odds, or ranks.", valueName: "log-odds|rank"))
  var scale: OutputPair.Scale?

  @Option(
    name: .customLong("p-value"),
    help: ArgumentHelp(
      "The greatest p-value of a site against shuffled windows of the genome.", valueName: "p"))
  var callingPValue = 1e-4

  @Flag(help: "Print a summary as JSON.")
  var json = false

  @OptionGroup(title: "Side inputs") var side: SideOptions
  @OptionGroup var reportOption: ReportOption
  @OptionGroup var force: ForceOption
  @OptionGroup var common: SharedOptions

  func validate() throws {
    try NumberRule.pValue.check(callingPValue)
    guard regions == nil || vcf == nil else {
      throw ValidationError("--regions and --vcf are two inputs; give one of them")
    }
    guard vcf == nil || filters == nil && shared == nil && !json else {
      throw ValidationError(
        "--filters, --shared and --json go with sites or regions, not with --vcf")
    }
    guard !json || output != "-" else {
      throw ValidationError("--json is printed on standard output; name a file for --output")
    }
    try OutputName.sites.check(output, option: "--output")
    try filters.map { path throws in try OutputName.table.check(path, option: "--filters") }
  }

  func run() throws {
    let genome = try Genome(path: genome)
    let pair = try pair(on: genome)
    if let vcf {
      var comparison = VariantComparison(pair, genome: genome, command: self)
      return try comparison.run(vcf)
    }
    try ComparisonRun(pair, genome: genome, command: self).run()
  }

  /// The outputs that the options name.
  private func pair(on genome: Genome) throws -> OutputPair {
    guard (1...2).contains(model.count) else {
      throw ValidationError(
        "there are \(model.count) models; compare gives two outputs of one or two")
    }
    let models = try model.map { try common.console.model(path: $0) }
    let tracks = try side.sources(for: models, hasPlaces: true).map(\.tracks)
    for tracks in tracks { try tracks.requireSequences(of: genome.sequences) }
    return try OutputPair.measuring(
      models: models, beside: tracks, outputs: try outputs(of: models),
      scale: try scale(for: models), genome: genome, threads: common.threads)
  }

  /// The first is a task of the first model, the second one of the last.
  private func outputs(of models: [Model]) throws -> [OutputPair.Output] {
    let own =
      models.count == 2
      ? models.flatMap { $0.tasks.count == 1 ? $0.tasks : [] } : models[0].tasks
    let names = tasks?.split(separator: ",").map(String.init) ?? own
    guard names.count == 2 else {
      throw ValidationError(
        "compare needs two tasks; give --tasks with two of "
          + models.flatMap(\.tasks).map(\.escapedForTerminal).joined(separator: ", "))
    }
    let isTwice = names[0] == names[1]
    guard models.count == 2 || !isTwice else {
      throw ValidationError("--tasks names \(names[0].quoted) twice; name two tasks")
    }
    return try [0, models.count - 1].enumerated().map { place, model in
      guard let task = models[model].tasks.firstIndex(of: names[place]) else {
        throw ValidationError(
          "the model has no task \(names[place].quoted); it has "
            + models[model].tasks.map(\.escapedForTerminal).joined(separator: ", "))
      }
      return OutputPair.Output(
        model: model, task: task, name: isTwice ? "\(names[place]).\(place + 1)" : names[place])
    }
  }

  private func scale(for models: [Model]) throws -> OutputPair.Scale {
    let haveOdds = models.allSatisfy(\.objective.givesProbabilities)
    let negatives = models.compactMap(\.negatives)
    let learnedAlike = negatives.allSatisfy { $0.isAlike(negatives[0]) }
    let readTracks = models.contains { !$0.sideNames.isEmpty }
    let chosen = scale ?? (haveOdds && (learnedAlike || readTracks) ? .logOdds : .rank)
    try checkSide(of: models, chosen)
    guard chosen == .rank || haveOdds else {
      throw ValidationError("--scale log-odds needs models that give probabilities; take rank")
    }
    let reason =
      haveOdds
      ? "the models learned against different negatives" : "not all outputs are probabilities"
    if chosen == .logOdds, !learnedAlike {
      common.console.note(
        "warning: \(reason), so their log odds have no common scale"
          + (readTracks ? "" : "; --scale rank has"))
    } else if chosen == .rank, scale == nil {
      common.console.note("\(reason), so ranks among shuffled windows are compared, not log odds")
    }
    return chosen
  }

  /// Refuses what needs p-values against shuffled windows of a model that reads tracks: a shuffle has no place.
  private func checkSide(of models: [Model], _ scale: OutputPair.Scale) throws {
    guard models.contains(where: { !$0.sideNames.isEmpty }) else { return }
    let reason = "no p-values against shuffles are known of a model that reads tracks"
    if scale == .rank { throw ValidationError("\(reason), so no ranks; compare log odds") }
    guard regions == nil, vcf == nil else { return }
    throw ValidationError("\(reason), so no sites; give --regions or --vcf")
  }
}

extension OutputPair.Scale: ExpressibleByArgument {}
