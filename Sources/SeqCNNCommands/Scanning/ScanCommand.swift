internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks
internal import Tensors

struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Find binding sites in a genome.",
    usage: """
      seqcnn scan --model <safetensors> --genome <fasta> --output <bed> [<options>]
      seqcnn scan merge <shards> ... --output <bed> [<options>]
      """,
    discussion: """
      EXAMPLES
        seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
          --output sites.bed.gz
        seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
          --fdr 0.1 --output sites.bed --bigwig track.bw
        seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
          --output sites.narrowPeak --report sites.html --hub hub --assembly hg38
        seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
          --shard 3/20 --output shard3.bed --bigwig shard3.bw
        seqcnn scan merge shard*.bed --output sites.bed.gz --bigwig track.bw

      Every window of the model's length is scored, base by base, as `predict`
      scores it. A site is as wide as a filter and stands where the bases of a
      window contribute most to its score; of sites of a task that share a base the
      one of the best window counts. Sites come sorted, in the genome's order, as BED
      with the columns
        chrom start end name score strand probability logit pvalue qvalue
        windowStart inPeak fdr
      where name is the task, score is 1000 times the probability (-10 log10 of the
      p-value, at most 1000, of models without probabilities), and strand the one on
      which the site's bases score higher. The p-value is the chance that a
      background window scores as high: a dinucleotide shuffle of a window of the
      genome that the model was trained on, or else of the one scanned (where that
      can't be read from the middle, and with --threshold, of a training sequence).
      The q-value is the least false discovery rate against shuffles (Benjamini and
      Hochberg) over all windows scanned at which the window is called.

      Shuffles hold no tandem repeats and no other protein's sites, so more windows
      of a genome than p-values promise score high. A model that learned k-mers from
      shuffles alone (the default of `train --positives` without --genome) takes
      repeats for sites. Its scan takes p-values only if a rule is given, and warns.
      --make-negatives dinucleotide,repeats trains one for scans without a genome.

      A model that was trained with --genome knows from the part of the genome that
      training held out how often a site of its score lies in a peak: inPeak is that
      probability, and fdr the expected share of sites in no peak among all of the
      scan that score as high. Both hold where peaks are as frequent as there. Other
      models have neither column, nor --fdr. The column probability, score and
      tracks hold for another share of bound windows, the prior, which the header
      says: as a rule one half, so that they say nothing of a genome. --prior 0.001
      makes them hold for one window in a thousand; inPeak, fdr, pvalue and qvalue
      need no prior.

      An output that ends in .narrowPeak or .narrowPeak.gz has that format, without a
      header: signalValue is the output, pValue and qValue are -log10 of the columns
      above, and the peak is the middle of the site. One that ends in .bed9 or
      .bed9.bed, with .gz or without, is BED of nine columns with colours, darker for
      a higher inPeak (or score, of other models), behind a track line. Genome
      browsers draw both as they are; they take columns 7 to 9 of other BED for
      something else.

      The outputs name chromosomes as --regions does, or else as --peaks does, or
      else as the genome does: chr20 or 20. A hub without --assembly keeps the
      genome's names, because browsers read its file then.

      BED that ends in .gz is BGZF with an index: .tbi, or .csi where a sequence is
      longer than 512 Mb.

      Soft-masked bases count as any other; a window with more than half of its
      bases unknown (N) has no score and is not counted. With --regions only windows
      that lie in the regions, joined where they overlap, are scored and counted. A
      track holds the prediction of each window at the base in its middle, start +
      length / 2.
      """,
    subcommands: [ScanMergeCommand.self])

  @Option(help: ArgumentHelp("The model file; needed.", valueName: "safetensors"))
  var model: String?

  @Option(help: ArgumentHelp("The genome, FASTA; needed; - is standard input.", valueName: "fasta"))
  var genome: String?

  @Option(
    help: ArgumentHelp(
      "The sites, BED; needed; BGZF where it ends in .gz; - is standard output.", valueName: "bed"))
  var output: String?

  @OptionGroup(title: "What is a site") var ruleOptions: SiteRuleOptions

  @Option(
    name: [.long, .customLong("task")],
    help: ArgumentHelp(
      "The tasks to scan for, names separated by commas; all unless given.", valueName: "names"))
  var tasks: String?

  @Option(help: ArgumentHelp("Scan only these regions, BED.", valueName: "bed"))
  var regions: String?

  @Option(
    help: ArgumentHelp(
      "Scan the i-th of n parts of the genome; join the outputs with `scan merge`.",
      valueName: "i/n"))
  var shard: Shard?

  @Option(help: ArgumentHelp("Write a track of all scores, bigWig.", valueName: "bw"))
  var bigwig: String?

  @Option(
    help: ArgumentHelp(
      "Write a track of all scores, bedGraph, compressed where it ends in .gz.",
      valueName: "bedgraph"))
  var bedgraph: String?

  @Flag(
    help: "Leave out of the tracks what a background window predicts with a p-value above 0.01.")
  var sparse = false

  @Option(
    help: ArgumentHelp(
      """
      Write a track hub for genome browsers, with the sites as bigBed, the higher predictions as bigWig, and a session of IGV.
      """, valueName: "dir"))
  var hub: String?

  @Option(
    help: ArgumentHelp(
      "What browsers call the genome, such as hg38; the name of its file unless given.",
      valueName: "name"))
  var assembly: String?

  @Flag(help: "Give the hub a track of what each base contributes in the windows of sites.")
  var contributions = false

  @OptionGroup var reportOption: ReportOption

  @Option(
    help: ArgumentHelp(
      "Known peaks, BED or narrowPeak: the screen and the report say what share of them has a site.",
      valueName: "bed"))
  var peaks: String?

  @OptionGroup(title: "Side inputs") var side: SideOptions
  @OptionGroup var priorOption: PriorOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let genome, isPipe(genome), needsLengths || shard != nil {
      throw ValidationError(
        "a \(shard != nil ? "shard" : hasTrack ? "track" : "report") needs the genome in a file, to know its "
          + "lengths beforehand")
    }
    if shard != nil, reportOption.report != nil || hub != nil || peaks != nil {
      throw ValidationError(
        "a report, a hub and what sites find of --peaks are of a whole scan; leave these options out, or --shard"
      )
    }
    if sparse, !hasTrack {
      throw ValidationError("--sparse is for tracks; give --bigwig or --bedgraph too")
    }
    if hub == nil, assembly != nil || contributions {
      throw ValidationError("--assembly and --contributions are for a hub; give --hub too")
    }
    try hub.map { path throws in try OutputName.checkFolder(path, option: "--hub") }
    if shard != nil { try validateTrackOfShard() }
    try output.map { path throws in try OutputName.scannedSites.check(path, option: "--output") }
    try bigwig.map { path throws in try OutputName.bigWig.check(path, option: "--bigwig") }
    try bedgraph.map { path throws in try OutputName.bedGraph.check(path, option: "--bedgraph") }
    let outputs = [output, bigwig, bedgraph, hub].compactMap { $0 } + reportOption.paths
    if Set(outputs).count < outputs.count {
      throw ValidationError("two outputs have the same name; give each its own")
    }
  }

  /// A merge finds the track of a shard by the name that the shard's output gives, beside that.
  private func validateTrackOfShard() throws {
    guard bedgraph == nil else {
      throw ValidationError(
        "a shard's track is a bigWig, of which `scan merge` makes a bedGraph too; give --bigwig")
    }
    guard let bigwig, let output, splitPath(bigwig).folder != splitPath(output).folder else {
      return
    }
    throw ValidationError(
      "a shard's track stands beside its output, where `scan merge` looks for it; give both one "
        + "folder")
  }

  /// Whether nothing is asked for that a merge of shards can't do.
  var isMergeable: Bool {
    [tasks, regions].allSatisfy { $0 == nil } && shard == nil && ruleOptions.isEmpty
      && priorOption.prior == nil && !sparse && side.side.isEmpty
      && (contributions || model == nil && genome == nil)
  }

  var hasTrack: Bool { bigwig != nil || bedgraph != nil }

  /// Whether the lengths of the genome's sequences must be known before the scan.
  var needsLengths: Bool { hasTrack || reportOption.report != nil || hub != nil || peaks != nil }

  func run() throws {
    guard let model, let genome, let output else {
      throw ValidationError("scan needs --model, --genome and --output")
    }
    let known = try priorOption.applied(to: shared.console.model(path: model))
    guard known.objective != .categorical else {
      throw NothingToDoError(
        description:
          "\(model.escapedForTerminal): a class has a probability beside the other classes alone, which a "
          + "site has not; give windows to `predict --regions`, or a model trained without --classes"
      )
    }
    let beside = try side.sources(for: known, hasPlaces: true)
    guard beside.tracks.isEmpty || ruleOptions.threshold != nil else {
      throw ValidationError(
        "no p-values are known of a model that reads tracks; give the least prediction of a site, --threshold"
      )
    }
    if !beside.tracks.isEmpty, !isPipe(genome) {
      try beside.tracks.requireSequences(of: sequenceLengths(ofFASTA: genome))
    }
    let tasks = try taskIndices(in: known)
    let warning = try warning(on: known, genome: genome)
    let scored = try withBackground(of: genome, known)
    let rule = try ruleOptions.rule(
      for: scored, tasks: tasks, sawGenome: known.background.first?.origin == .genome)
    let run = try ScanRun(
      self, model: scored, beside: beside.tracks, tasks: tasks, genome: genome, output: output,
      rule: rule, warning: warning)
    if let warning {
      shared.console.note("warning: \(warning); train one that knows them: \(lessons(on: genome))")
    }
    try run.run()
  }

  /// A caution about the sites of a model; `nil` if there is no reason for one.
  ///
  /// - Throws: `ValidationError` if p-values would be taken without being asked for, and would mislead.
  private func warning(on model: Model, genome: String) throws -> String? {
    guard model.mayTakeRepeatsForSites else { return nil }
    let warning =
      "the model learned k-mers from sequences and never saw a genome, so it may take repeats for sites"
    guard !ruleOptions.isEmpty || !model.takesRepeatsForSites else {
      throw ValidationError(
        "\(warning), and p-values, which are against shuffles, don't show that; train one that knows them: "
          + "\(lessons(on: genome)); or ask for these sites with --p-value 1e-4")
    }
    return warning
  }

  /// How to train a model that a genome can be scanned with.
  private func lessons(on genome: String) -> String {
    "seqcnn train --positives FASTA --genome \(isPipe(genome) ? "FASTA" : genome.escapedForTerminal), or without one "
      + "--make-negatives dinucleotide,repeats"
  }

  /// The model; where p-values are needed and its file has none of a genome, with those of this one.
  private func withBackground(of genome: String, _ model: Model) throws -> Model {
    guard model.background.first?.origin ?? .sequences == .sequences,
      ruleOptions.threshold == nil, !isPipe(genome)
    else { return model }
    let source =
      model.background.isEmpty ? try Genome(path: genome) : try Genome(inPlace: genome)
    guard let source else {
      shared.console.note(
        "p-values come from shuffled training sequences, because this genome can't be read from the "
          + "middle: give it in lines of one length, plain or compressed with bgzip, for those of its own "
          + "windows")
      return model
    }
    let windows = try backgroundWindows(
      of: source, length: model.windowLength, seed: 1, threads: shared.threads)
    guard !windows.isEmpty else {
      guard model.background.isEmpty else { return model }
      throw NothingToDoError(
        description:
          "\(Ledger(source: genome).sourceName): no window of \(model.windowLength) bases has "
          + "half of them known (not N), so nothing tells how background scores; give a genome with more "
          + "known bases, or --threshold")
    }
    shared.console.note(
      "the model wasn't trained on a genome: p-values come from shuffled windows of this one")
    return model.with(
      background: backgroundDistributions(
        of: model.ensemble, sources: windows, from: .genome, length: model.windowLength, seed: 1,
        threads: shared.threads))
  }

  /// The numbers of the tasks to scan for.
  private func taskIndices(in model: Model) throws -> [Int] {
    guard let tasks else { return Array(model.tasks.indices) }
    let indices = try tasks.split(separator: ",").map { name in
      guard let index = model.tasks.firstIndex(of: String(name)) else {
        let known = model.tasks.map(\.escapedForTerminal).joined(separator: ", ")
        throw ValidationError("the model has no task \(String(name).quoted); it has \(known)")
      }
      return index
    }
    guard !indices.isEmpty, Set(indices).count == indices.count else {
      throw ValidationError("--tasks is \(tasks.quoted); name each task once")
    }
    guard indices.count == 1 || !hasTrack else {
      throw ValidationError("a track holds one task; choose with --tasks")
    }
    return indices
  }
}

/// One of the parts that a scan is divided into: `3/20`, counted from 1.
struct Shard: Codable, Equatable, ExpressibleByArgument {
  let number: Int
  let count: Int

  static let mostShards = 100_000

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1],
      (1...Self.mostShards).contains(count), (1...count).contains(number)
    else { return nil }
    self.number = number
    self.count = count
  }
}
