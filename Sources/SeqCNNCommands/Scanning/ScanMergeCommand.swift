internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models

struct ScanMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the shards of a scan.",
    usage: """
      seqcnn scan merge <shards> ... --output <bed> [--bigwig <bw>] [--bedgraph <bedgraph>] \
      [--report <html>] [--peaks <bed>] [--hub <dir> --assembly <name>] \
      [--contributions --model <file> --genome <fasta>] [--threads <n>] [--force] [--quiet]
      """,
    discussion: """
      EXAMPLES
        for i in 1 2 3 4; do
          seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
            --shard $i/4 --output shard$i.bed --bigwig shard$i.bw
        done
        seqcnn scan merge shard1.bed shard2.bed shard3.bed shard4.bed \\
          --output sites.bed.gz --bigwig track.bw

      The output is that of one scan of the whole genome, byte for byte: q-values
      and sites are told over the windows of all shards. Every shard must be there,
      in any order, and all made with the same options.

      --bigwig and --bedgraph join the tracks of the shards, which must have been
      scanned with --bigwig; the bigWig of each stands beside its output, under the
      name that it was written to. --report, --peaks and --hub are those of
      `seqcnn scan`; a hub needs --assembly, and its track of scores comes from the
      tracks of the shards. Its track of --contributions needs the --model and the
      --genome of the shards.
      """)

  @Argument(help: "The outputs of `seqcnn scan --shard`.")
  var shards: [String]

  /// Has the options, which its parser takes wherever they stand.
  @ParentCommand var scan: ScanCommand

  func validate() throws {
    guard scan.output != nil else { throw ValidationError("merge needs --output") }
    guard scan.isMergeable else {
      throw ValidationError(
        "merge does what the shards say; give it --output, --bigwig, --bedgraph, --report, --peaks, "
          + "--hub, --assembly, --contributions with --model and --genome, --threads, --force and --quiet"
      )
    }
    guard !scan.contributions || scan.model != nil && scan.genome != nil else {
      throw ValidationError(
        "merge --contributions explains the windows of sites; give the --model and the --genome of the shards"
      )
    }
    guard scan.hub == nil || scan.assembly != nil else {
      throw ValidationError(
        "merge doesn't read the genome, so --hub needs the name that browsers know it by, such as hg38; give "
          + "--assembly")
    }
  }

  /// The output of a shard, and the track that belongs to it.
  private typealias ShardFile = (path: String, track: ShardTrack?)

  func run() throws {
    let (files, first, counts, candidates) = try readRecords()
    let (caller, peaks) = (first.caller, try scan.peaks.map { try readPeaks($0) })
    let names = first.scanned.names(asInPeaks: peaks, of: scan.peaks)
    let explained = try contributions(for: first)
    var writer = try SiteWriter(
      scan, caller, of: first.scanned.named(names, beside: scan.peaks), peaks: peaks)
    let page = try scan.reportOption.open(replacing: scan.force.force)
    let hub = try scan.hub.map { path throws in
      try HubWriter(
        scan, path: path, genome: "", sequences: first.scanned.genomeSequences, names: names,
        caller: caller)
    }
    let hubTracks =
      files.allSatisfy { $0.track != nil } ? try hub?.predictions(most: 1) ?? [] : []
    let tracks =
      scan.hasTrack || !hubTracks.isEmpty
      ? try joinedTracks(of: files, names: names, hub: hubTracks) : nil
    try writer.begin(counts: counts, candidates: candidates)
    let calls = writer.calls
    try addSites(of: files, to: &writer, names: names)
    var outputs = OutputTransaction()
    let (siteCounts, report, sites) = try writer.finish(
      longestSequence: caller.longestSequence, in: &outputs)
    if let tracks { try tracks.finish(in: &outputs) }
    try hub?.write(
      sites, scoreTracks: hubTracks.count,
      contributions: explained?.track(
        at: sites.filter { $0.task == 0 }, names: names,
        sequences: first.scanned.genomeSequences.map { names.name(of: $0.name) }),
      calls: calls, in: &outputs)
    let lines = words(
      on: siteCounts, calls, caller, shards: files.count, windows: counts.first?.total)
    if let report, let page {
      try page.finish(report.page(words: lines, calls: calls), in: &outputs)
    }
    try outputs.commit()
    tell([names.note].compactMap(\.self) + lines + (report?.wordsOnPeaks ?? []), caller)
    if hub != nil { tell(ofTracks: hubTracks.count, caller) }
  }

  private func words(
    on tallies: [SiteTally], _ calls: SiteCalls, _ caller: SiteCaller, shards: Int, windows: Int?
  ) -> [String] {
    caller.words(on: tallies, calls, windows: windows ?? 0, hasTrack: scan.hasTrack) { result in
      let among = windows.map { " in \(grouped($0)) windows" } ?? ""
      return "\(result)\(among) of \(shards) shards, \(caller.rule.description)"
    }
  }

  private func tell(_ words: [String], _ caller: SiteCaller) {
    let warning = caller.warning.map { "warning: \($0)" }
    ([warning].compactMap(\.self) + words).forEach(scan.shared.console.note)
  }

  /// Says which tasks the hub lacks tracks of.
  private func tell(ofTracks count: Int, _ caller: SiteCaller) {
    guard count < caller.tasks.count else { return }
    scan.shared.console.note(
      count == 0
        ? "the hub has no track of scores: the shards have no tracks; scan them with --bigwig"
        : "the hub has the scores of \(caller.tasks[0].escapedForTerminal) alone: shards hold those of one task"
    )
  }

  /// What explains the windows of sites; `nil` if that isn't asked for.
  private func contributions(for shard: ShardRecord) throws -> SiteContributions? {
    guard scan.contributions, let path = scan.model, let genome = scan.genome else { return nil }
    let model = try scan.shared.console.model(path: path)
    guard model.fileDigest.map(shard.scanned.origin.modelDigests.contains) == true,
      let task = model.tasks.firstIndex(of: shard.caller.tasks[0])
    else {
      throw ValidationError(
        "--model isn't the model that the shards were scanned with; give that one")
    }
    guard model.sideNames.isEmpty else {
      throw ValidationError("--contributions: merge has no tracks for a model that reads some")
    }
    return try SiteContributions(of: model, task: task, on: genome, scan.shared)
  }

  private func addSites(
    of files: [ShardFile], to writer: inout SiteWriter, names: OutputNames
  ) throws {
    let calls = writer.calls
    for file in files {
      var reader = try ShardReader(path: file.path)
      while let site = try reader.next() {
        if calls.isSite(task: site.task, output: site.output) {
          try writer.add(names.named(site))
        }
      }
    }
  }

  /// The tracks of the shards, one behind the other.
  private func joinedTracks(
    of files: [ShardFile], names: OutputNames, hub: [SparseTrack]
  ) throws -> ScanTracks {
    func reader(_ file: ShardFile) throws -> BigWigReader {
      guard let track = file.track else { throw InputError(file: file.path, ShardProblem.noTrack) }
      return try track.reader(forShard: file.path)
    }
    let sequences = try reader(files[0]).sequences
    var tracks = try ScanTracks(
      scan, sequences: sequences.map(names.named), hub: hub)
    var end = (sequence: 0, position: 0)
    for file in files {
      var part = try reader(file)
      guard part.sequences == sequences, part.bounds.map({ $0.start >= end }) ?? true else {
        throw InputError(file: file.path, ShardProblem.otherScan)
      }
      end = part.bounds?.end ?? end
      while let stretches = try part.next(threads: scan.shared.threads) {
        for stretch in stretches {
          try tracks.append(
            TrackStretch(
              sequence: names.name(of: stretch.sequence), start: stretch.start,
              values: stretch.values))
        }
      }
    }
    return tracks
  }

  /// The shards in their order, the record of the first, and the windows of all.
  private func readRecords() throws -> (
    files: [ShardFile], first: ShardRecord, counts: [OutputCounts], candidates: [OutputCounts]
  ) {
    var fileOfNumber: [Int: ShardFile] = [:]
    var (given, first): (ShardRecord?, ShardRecord?)
    var (counts, candidates): ([OutputCounts], [OutputCounts]) = ([], [])
    if let pipe = shards.first(where: isPipe) {
      throw ValidationError(
        "\(pipe.quoted) is a pipe, and a shard is read twice; give it as a file")
    }
    for path in shards {
      let record = try ShardReader(path: path).record
      func refuse(_ problem: ShardProblem) -> InputError<ShardProblem> {
        InputError(file: path, problem)
      }
      if given == nil {
        counts = record.caller.background.map(OutputCounts.init)
        candidates = counts
      }
      guard
        given.map({ $0.caller == record.caller && $0.shard.count == record.shard.count }) ?? true
      else { throw refuse(.otherScan) }
      given = given ?? record
      if record.shard.number == 1 { first = record }
      guard fileOfNumber.updateValue((path, record.track), forKey: record.shard.number) == nil
      else { throw refuse(.twice(record.shard.number)) }
      guard record.add(to: &counts, candidates: &candidates) else { throw refuse(.notAShard) }
    }
    guard let given else { throw ValidationError("give the shards") }
    let missing = (1...given.shard.count).filter { fileOfNumber[$0] == nil }
    guard missing.isEmpty, let first else {
      throw InputError(
        file: shards[0], ShardProblem.missing(missing, count: given.shard.count))
    }
    return (
      (1...first.shard.count).compactMap { fileOfNumber[$0] }, first, counts, candidates
    )
  }
}
