internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// A scan from the first base to the last, and the writing of what it found.
struct ScanRun {
  private let command: ScanCommand
  private let model: Model
  /// What the model reads beside the windows, in its order.
  private let side: [SideTrack]
  private let tasks: [Int]
  private let genome: String
  private let output: String
  private let placer: SitePlacer
  private let caller: SiteCaller
  private let peaks: [Peak]?
  /// `nil` if the genome is read from end to end.
  private let plan: ScanPlan?
  /// Those of the genome where their lengths are needed; else none.
  private let sequences: [GenomeSequence]
  private let names: OutputNames

  private static let candidatesPerBlock = 4096

  init(
    _ command: ScanCommand, model: Model, beside side: [SideTrack], tasks: [Int], genome: String,
    output: String, rule: SiteRule, warning: String?
  ) throws {
    self.command = command
    self.model = model
    self.genome = genome
    self.output = output
    self.tasks = tasks
    self.side = side
    placer = SitePlacer(model, beside: side)
    caller = SiteCaller(
      rule: rule, top: command.ruleOptions.top, model: model, tasks: tasks, warning: warning)
    peaks = try command.peaks.map { try readPeaks($0) }
    guard command.regions != nil || command.shard != nil else {
      plan = nil
      sequences = command.needsLengths ? try sequenceLengths(ofFASTA: genome) : []
      names = OutputNames(of: sequences, asInPeaks: peaks, of: command.peaks)
      return
    }
    let source = try Genome(path: genome)
    let parts: [GenomicInterval]
    (parts, names) = try Self.parts(of: source, peaks: peaks, command)
    plan = ScanPlan(
      of: source, parts: parts, windowLength: model.windowLength,
      shard: (command.shard?.number ?? 1) - 1, shardCount: command.shard?.count ?? 1)
    sequences = source.sequences
  }

  /// What of a genome is to be scanned, and what the outputs call its sequences.
  private static func parts(of genome: Genome, peaks: [Peak]?, _ command: ScanCommand) throws -> (
    parts: [GenomicInterval], names: OutputNames
  ) {
    guard let path = command.regions else {
      return (
        genome.allSequences,
        OutputNames(of: genome.sequences, asInPeaks: peaks, of: command.peaks)
      )
    }
    let regions = try readIntervals(path)
    guard !regions.isEmpty else {
      command.shared.console.note(ScoringInput.noRegions(in: path))
      return ([], OutputNames())
    }
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    let parts = genome.covered(by: regions, naming: naming)
    let names = regions.map(\.sequence)
    guard !parts.isEmpty else {
      throw NothingToDoError(
        description:
          "\(Ledger(source: path).sourceName): \(regions.count) regions, none of them on "
          + "the genome\(DatasetInput.mend(unusable: names, on: genome))")
    }
    let missing = regions.count { naming.resolve($0.sequence) == nil }
    if missing > 0 {
      command.shared.console.note(
        "\(missing) of \(regions.count) regions are on sequences that the genome lacks")
    }
    return (parts, OutputNames(of: genome.sequences.map(\.name), asIn: names, of: path))
  }

  func run() throws {
    names.note.map(command.shared.console.note)
    if let shard = command.shard { try run(shard) } else { try runWhole() }
  }

  private func runWhole() throws {
    var caller = caller
    let hub = try command.hub.map { path throws in
      try HubWriter(
        command, path: path, genome: genome, sequences: sequences, names: names, caller: caller)
    }
    let hubTracks = try hub?.predictions() ?? []
    var tracks = try ScanTracks(
      command, sequences: sequences.map(names.named), caller: caller, hub: hubTracks)
    var outputs = OutputTransaction()
    var writer = try SiteWriter(command, caller, of: scannedNames, peaks: peaks)
    let page = try command.reportOption.open(replacing: command.force.force)
    var scanned = try scan(caller, to: &tracks, baseCount: sequences.totalLength)
    caller.longestSequence = max(plan?.longestSequence ?? 0, scanned.tally.longestSequence)
    if plan?.pieces.isEmpty != true {
      try scanned.tally.requireScores(of: genome, windowLength: model.windowLength)
    }
    try writer.begin(counts: scanned.counts, candidates: scanned.candidates.counts)
    let calls = writer.calls
    while let sites = try nextSites(
      of: &scanned, where: { calls.isSite(task: $0.task, output: $0.output) })
    {
      for site in sites { try writer.add(site) }
    }
    let (counts, report, sites) = try writer.finish(
      longestSequence: caller.longestSequence, in: &outputs)
    try tracks.finish(in: &outputs)
    try hub?.write(
      sites, scoreTracks: hubTracks.count,
      contributions: command.contributions ? contributions(at: sites) : nil,
      calls: calls, in: &outputs)
    let tally = scanned.tally
    let lines = caller.words(
      on: counts, calls, windows: tally.scored, hasTrack: command.hasTrack
    ) { words($0, caller.rule, tally) }
    if let report, let page {
      try page.finish(report.page(words: lines, calls: calls), in: &outputs)
    }
    try outputs.commit()
    for line in lines + (report?.wordsOnPeaks ?? []) { command.shared.console.note(line) }
    noteAssembly()
  }

  private func noteAssembly() {
    guard command.hub != nil, command.assembly == nil else { return }
    command.shared.console.note(
      "the hub's genome is named after its file; browsers know it by a name such as hg38: give --assembly"
    )
  }

  private var scannedNames: ScannedNames {
    ScannedNames(
      origin: OutputOrigin(models: [model]), sequences: sequences.map(names.named),
      parts: command.regions == nil ? nil : plan?.parts.map(names.named))
  }

  /// What bases contribute in the windows of sites, to the first task.
  private func contributions(at sites: [BindingSite]) throws -> ContributionTrack {
    try SiteContributions(
      of: model, task: tasks[0], beside: side, on: genome, command.shared
    ).track(
      at: sites.filter { $0.task == 0 }, names: names,
      sequences: sequences.map { names.name(of: $0.name) })
  }

  private func run(_ shard: Shard) throws {
    var caller = caller
    var tracks = try ScanTracks(command, sequences: sequences.map(names.named))
    var outputs = OutputTransaction()
    var writer = try ShardWriter(path: output, replacing: command.force.force)
    var scanned = try scan(caller, to: &tracks, baseCount: sequences.totalLength)
    caller.longestSequence = plan?.longestSequence ?? 0
    let track = try tracks.finish(in: &outputs)
    try writer.begin(
      ShardRecord(
        shard, caller: caller, scanned: scannedNames,
        counts: scanned.counts, candidates: scanned.candidates.counts,
        track: try track.map(ShardTrack.init)))
    var count = 0
    while let sites = try nextSites(of: &scanned, where: { _ in true }) {
      for site in sites { try writer.write(site, of: caller) }
      count += sites.count
    }
    outputs.add(try writer.finish())
    try outputs.commit()
    command.shared.console.note(
      words(
        "shard \(shard.number) of \(shard.count): \(grouped(count)) candidates", caller.rule,
        scanned.tally))
  }

  /// What a scan leaves.
  private struct Scanned: ~Copyable {
    var candidates: SiteCandidates
    var counts: [OutputCounts]
    var tally = ScanTally()
  }

  /// - Parameter baseCount: The bases of the genome, if that is known.
  private func scan(
    _ caller: SiteCaller, to tracks: inout ScanTracks, baseCount: Int?
  ) throws -> Scanned {
    let (threads, taskCount) = (command.shared.threads, model.tasks.count)
    var scanned = Scanned(
      candidates: try SiteCandidates(
        model: model, caller: caller, tasks: tasks, reach: placer.width, beside: output),
      counts: caller.background.map(OutputCounts.init))
    let wanted = outputs(wantedFor: caller, counts: scanned.counts)
    var scan =
      try plan.map {
        GenomeScan($0, model: model, beside: side, outputs: wanted, threads: threads)
      }
      ?? GenomeScan(
        genome: genome, model: model, beside: side, outputs: wanted, threads: threads)
    var progress = command.shared.console.progress(
      "scan", unit: "bases", total: plan?.baseCount ?? baseCount)
    var stretchNumber = 0
    while let stretch = try scan.next() {
      let isOwn = plan?.pieces[stretchNumber].isOwn ?? true
      stretchNumber += 1
      try scanned.candidates.add(stretch, isOwn: isOwn)
      guard isOwn else { continue }
      for index in scanned.counts.indices {
        scanned.counts[index].add(
          stretch.outputs(of: tasks[index], taskCount: taskCount), threads: threads)
      }
      try tracks.append(
        stretch, tasks: tasks, of: model, named: names.name(of: stretch.sequence))
      scanned.tally.add(stretch, taskCount: taskCount)
      progress.update(
        scanned.tally.bases, share: scan.progress?.share,
        detail: stretch.sequence.escapedForTerminal)
    }
    progress.finish()
    return scanned
  }

  /// Those that may be sites, and all for a track.
  private func outputs(wantedFor caller: SiteCaller, counts: [OutputCounts]) -> ScannedOutputs {
    var thresholds = [Float](repeating: .infinity, count: model.tasks.count)
    for (rank, output) in caller.leastOutputs.enumerated() {
      thresholds[tasks[rank]] = counts.isEmpty ? output : counts[rank].exactOutput(for: output)
    }
    return .reaching(thresholds, othersToRounding: command.hasTrack || command.hub != nil)
  }

  /// The sites of the next candidates that a condition holds for; `nil` at the end.
  private func nextSites(
    of scanned: inout Scanned, where isWanted: (SiteCandidate) -> Bool
  ) throws -> [BindingSite]? {
    let block = try scanned.candidates.next(Self.candidatesPerBlock)
    guard !block.isEmpty else { return nil }
    return try placer.place(block.filter(isWanted), threads: command.shared.threads)
      .map(names.named)
  }

  private func words(_ result: String, _ rule: SiteRule, _ tally: ScanTally) -> String {
    "\(result) in \(grouped(tally.scored)) windows, \(rule.description); \(tally)"
  }
}

extension [GenomeSequence] {
  /// The number of bases; `nil` if there is no sequence.
  fileprivate var totalLength: Int? {
    isEmpty ? nil : reduce(0) { $0 + $1.length }
  }
}

/// What was scanned.
struct ScanTally: CustomStringConvertible {
  private(set) var bases = 0
  private(set) var scored = 0
  private(set) var longestSequence = 0
  private var unscored = 0
  private var shortSequences = 0
  private var windowsOfSequence = 0

  mutating func add(_ stretch: ScannedStretch, taskCount: Int) {
    let windows = stretch.scores.outputs.count / taskCount
    let missing = stretch.scores.outputs.count(where: \.isNaN) / taskCount
    bases += windows
    scored += windows - missing
    unscored += missing
    longestSequence = max(longestSequence, stretch.start + stretch.codes.count)
    windowsOfSequence += windows
    guard stretch.isLast else { return }
    if windowsOfSequence == 0 { shortSequences += 1 }
    windowsOfSequence = 0
  }

  /// - Throws: `NothingToDoError` if no window was scored.
  func requireScores(of genome: String, windowLength: Int) throws {
    guard scored == 0 else { return }
    throw NothingToDoError(
      description: "\(Ledger(source: genome).sourceName): no window can be scored; \(self); give a "
        + "genome with known sequences of at least \(windowLength) bases")
  }

  var description: String {
    "\(grouped(unscored)) windows not scored: more than half of the bases unknown; "
      + "\(shortSequences) sequences not scored: shorter than a window"
  }
}
