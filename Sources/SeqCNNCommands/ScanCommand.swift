internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Networks
internal import Tensors

struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Find binding sites in a genome.",
    discussion: """
      EXAMPLES
        seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
          --output sites.bed
        seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
          --threshold 0.99 --output sites.bed.gz --bigwig track.bw

      Every window of the model's length is scored, base by base, as `predict`
      scores it. A site is a window at or above the threshold that no overlapping
      window outscores; of equal ones the first counts. Sites come sorted, in the
      genome's order, with the columns
        chrom start end name score strand probability logit pvalue
      where name is the task, score is 1000 times the probability, strand the one
      that scored higher, and pvalue the share of background windows (dinucleotide
      shuffles) that score as high, as far as the model's sample goes. Soft-masked
      bases count as any other; a window with more than half of its bases unknown
      (N) has no score.

      A track holds the prediction of each window at the base in its middle, start +
      length / 2.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The genome, FASTA; - is standard input.", valueName: "fasta"))
  var genome: String

  @Option(
    help: ArgumentHelp(
      "The sites, BED, compressed where it ends in .gz; - is standard output.", valueName: "bed"))
  var output: String

  @Option(help: "The least probability of a site (the least number, for regression).")
  var threshold: Float = 0.9

  @Option(help: "The task to scan for; a model with one task needs none.")
  var task: String?

  @Option(help: ArgumentHelp("Write a track of all scores, bigWig.", valueName: "bw"))
  var bigwig: String?

  @Option(
    help: ArgumentHelp(
      "Write a track of all scores, bedGraph, compressed where it ends in .gz.",
      valueName: "bedgraph"))
  var bedgraph: String?

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard threshold.isFinite else {
      throw ValidationError("--threshold is \(threshold); take a number")
    }
    if genome == "-", bigwig != nil || bedgraph != nil {
      throw ValidationError("a track needs the genome in a file, to know its lengths beforehand")
    }
    let outputs = [output, bigwig, bedgraph].compactMap { $0 }
    if Set(outputs).count < outputs.count {
      throw ValidationError("two outputs have the same name; give each its own")
    }
  }

  func run() throws {
    let model = try Model(path: model)
    let task = try taskIndex(in: model)
    let threshold = try outputThreshold(of: model)
    var sites = try SiteWriter(
      path: output, model: model, task: task, replacing: force.force)
    var tracks = try Tracks(
      genome: genome, bigwig: bigwig, bedgraph: bedgraph, replacing: force.force,
      threads: shared.threads)
    var finder = SiteFinder(
      windowLength: model.windowLength, threshold: threshold)
    var scan = try GenomeScan(
      genome: genome, model: model, strandsFrom: threshold, threads: shared.threads)
    var progress = shared.console.progress("scan", unit: "bases", total: tracks.totalLength)
    var tally = Tally()
    while let stretch = try scan.next() {
      for site in finder.add(stretch, task: task, of: model.tasks.count) { try sites.write(site) }
      let outputs = stretch.outputs(of: task, taskCount: model.tasks.count)
      try tracks.append(outputs, of: stretch, model: model)
      tally.add(outputs, isLast: stretch.isLast, windowLength: model.windowLength)
      progress.update(tally.bases, detail: stretch.sequence.escapedForTerminal)
    }
    progress.finish()
    guard tally.scored > 0 else {
      throw NothingToDoError(
        description: "\(Ledger(source: genome).sourceName): no window can be scored; "
          + "\(tally.unscoredDescription); give a genome with known sequences of at least "
          + "\(model.windowLength) bases")
    }
    let siteCount = sites.count
    try sites.commit()
    try tracks.commit()
    shared.console.note(
      "\(grouped(siteCount)) sites in \(grouped(tally.scored)) windows; "
        + tally.unscoredDescription)
  }

  private func taskIndex(in model: Model) throws -> Int {
    guard let task else {
      guard model.tasks.count == 1 else {
        throw ValidationError("the model has several tasks; choose with --task: \(list(model))")
      }
      return 0
    }
    guard let index = model.tasks.firstIndex(of: task) else {
      throw ValidationError("the model has no task \(task.quoted); it has \(list(model))")
    }
    return index
  }

  private func list(_ model: Model) -> String {
    model.tasks.map(\.escapedForTerminal).joined(separator: ", ")
  }

  /// The threshold as the network's output: the logit of a probability.
  private func outputThreshold(of model: Model) throws -> Float {
    guard model.objective == .classification else { return threshold }
    guard (0...1).contains(threshold) else {
      throw ValidationError("--threshold is \(threshold); a probability is from 0 to 1")
    }
    return logit(threshold)
  }
}

/// What was scanned.
private struct Tally {
  var bases = 0
  var scored = 0
  var unscored = 0
  var shortSequences = 0
  private var windowsOfSequence = 0

  mutating func add(_ outputs: [Float], isLast: Bool, windowLength: Int) {
    let missing = outputs.count(where: \.isNaN)
    bases += outputs.count
    scored += outputs.count - missing
    unscored += missing
    windowsOfSequence += outputs.count
    guard isLast else { return }
    if windowsOfSequence == 0 { shortSequences += 1 }
    windowsOfSequence = 0
  }

  var unscoredDescription: String {
    "\(grouped(unscored)) windows not scored: more than half of the bases unknown; "
      + "\(shortSequences) sequences not scored: shorter than a window"
  }
}

extension ScannedStretch {
  /// The outputs of one task.
  fileprivate func outputs(of task: Int, taskCount: Int) -> [Float] {
    guard taskCount > 1 else { return scores.outputs }
    return stride(from: task, to: scores.outputs.count, by: taskCount).map { scores.outputs[$0] }
  }
}

/// Writes sites as BED with documented columns.
private struct SiteWriter: ~Copyable {
  private var file: OutputFile
  private let model: Model
  private let task: Int
  private(set) var count = 0

  init(path: String, model: Model, task: Int, replacing: Bool) throws {
    var file = try OutputFile(
      path: path, replacing: replacing, compression: .init(path: path))
    try file.write("#chrom\tstart\tend\tname\tscore\tstrand\tprobability\tlogit\tpvalue\n")
    self.file = file
    self.model = model
    self.task = task
  }

  mutating func write(_ site: Site) throws {
    let prediction = model.objective.prediction(site.output)
    let score = Int((1000 * min(max(prediction, 0), 1)).rounded())
    let pValue =
      model.background.isEmpty ? "." : "\(Float(model.background[task].pValue(of: site.output)))"
    let fields = [
      site.interval.sequence.tableField, "\(site.interval.start)", "\(site.interval.end)",
      model.tasks[task].tableField, "\(score)", site.strand.rawValue, "\(prediction)",
      "\(site.output)", pValue,
    ]
    try file.write(fields.joined(separator: "\t") + "\n")
    count += 1
  }

  consuming func commit() throws {
    try file.commit()
  }
}

/// The tracks that were asked for.
private struct Tracks: ~Copyable {
  private var bigWig: BigWigWriter?
  private var bedGraph: BedGraphWriter?
  /// The number of bases of the genome, where a track made it known.
  let totalLength: Int?
  private let threads: Int

  init(genome: String, bigwig: String?, bedgraph: String?, replacing: Bool, threads: Int) throws {
    let isWanted = bigwig != nil || bedgraph != nil
    let sequences =
      isWanted ? try sequenceLengths(ofFASTA: genome).map { ($0.name, $0.length) } : []
    let bigWig = try bigwig.map { path throws in
      try BigWigWriter(
        path: path, sequences: sequences, replacing: replacing, threads: threads)
    }
    let bedGraph = try bedgraph.map { path throws in
      try BedGraphWriter(path: path, sequences: sequences, replacing: replacing)
    }
    self.threads = threads
    self.bigWig = bigWig
    self.bedGraph = bedGraph
    totalLength = isWanted ? sequences.reduce(0) { $0 + $1.1 } : nil
  }

  mutating func append(_ outputs: [Float], of stretch: ScannedStretch, model: Model) throws {
    guard totalLength != nil else { return }
    let start = stretch.start + model.windowLength / 2
    let size = 1 << 14
    let blocks = concurrentMap((outputs.count + size - 1) / size, threads: threads) { block in
      outputs[block * size..<min((block + 1) * size, outputs.count)].map(model.objective.prediction)
    }
    let predictions = blocks.flatMap { $0 }
    try bigWig?.append(predictions, sequence: stretch.sequence, start: start)
    try bedGraph?.append(predictions, sequence: stretch.sequence, start: start)
  }

  consuming func commit() throws {
    try bigWig?.commit()
    try bedGraph?.commit()
  }
}
