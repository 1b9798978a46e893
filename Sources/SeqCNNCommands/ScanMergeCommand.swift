internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference

struct ScanMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the shards of a scan.",
    usage: "seqcnn scan merge <shards> ... --output <bed> [--force] [--quiet]",
    discussion: """
      EXAMPLES
        for i in 1 2 3 4; do
          seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
            --shard $i/4 --output shard$i.bed
        done
        seqcnn scan merge shard1.bed shard2.bed shard3.bed shard4.bed \\
          --output sites.bed.gz

      The output is that of one scan of the whole genome, byte for byte: q-values
      and sites are told over the windows of all shards. Every shard must be there,
      in any order, and all made with the same options.
      """)

  @Argument(help: "The outputs of `seqcnn scan --shard`.")
  var shards: [String]

  /// Has the options, which its parser takes wherever they stand.
  @ParentCommand var scan: ScanCommand

  func validate() throws {
    guard scan.output != nil else { throw ValidationError("merge needs --output") }
    guard scan.isMergeable else {
      throw ValidationError("merge does what the shards say; give it --output, --force and --quiet")
    }
  }

  func run() throws {
    let (paths, caller, counts) = try readRecords()
    var writer = try SiteWriter(
      path: scan.output ?? "-", caller: caller, replacing: scan.force.force)
    try writer.begin(counts: counts)
    let calls = writer.calls
    for path in paths {
      var reader = try ShardReader(path: path)
      while let site = try reader.next() {
        if calls.isSite(task: site.task, output: site.output) { try writer.add(site) }
      }
    }
    let count = try writer.commit(longestSequence: caller.longestSequence)
    scan.shared.console.note(
      "\(grouped(count)) sites at \(caller.rule.description), of \(paths.count) shards")
  }

  /// The shards in their order, what they agree in, and the windows of all.
  private func readRecords() throws -> (
    paths: [String], caller: SiteCaller, counts: [OutputCounts]
  ) {
    var pathOfNumber: [Int: String] = [:]
    var first: ShardRecord?
    var counts: [OutputCounts] = []
    for path in shards {
      let record = try ShardReader(path: path).record
      func refuse(_ problem: ShardProblem) -> InputError<ShardProblem> {
        InputError(file: path, problem)
      }
      if first == nil { counts = record.caller.background.map(OutputCounts.init) }
      guard
        first.map({ $0.caller == record.caller && $0.shard.count == record.shard.count }) ?? true
      else { throw refuse(.otherScan) }
      first = first ?? record
      guard pathOfNumber.updateValue(path, forKey: record.shard.number) == nil else {
        throw refuse(.twice(record.shard.number))
      }
      guard record.add(to: &counts) else { throw refuse(.notAShard) }
    }
    guard let first else { throw ValidationError("give the shards") }
    let missing = (1...first.shard.count).filter { pathOfNumber[$0] == nil }
    guard missing.isEmpty else {
      throw InputError(
        file: shards[0], ShardProblem.missing(missing, count: first.shard.count))
    }
    return ((1...first.shard.count).compactMap { pathOfNumber[$0] }, first.caller, counts)
  }
}
