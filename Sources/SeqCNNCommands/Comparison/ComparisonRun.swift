internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

/// A comparison of sites or regions, and the writing of what was found.
struct ComparisonRun {
  private let pair: OutputPair
  private let genome: Genome
  private let command: CompareCommand
  private let naming: SequenceNaming
  let origin: OutputOrigin

  private var console: Console { command.common.console }

  init(_ pair: OutputPair, genome: Genome, command: CompareCommand) {
    (self.pair, self.genome, self.command) = (pair, genome, command)
    origin = OutputOrigin(models: pair.models)
    naming = SequenceNaming(known: genome.sequences.map(\.name))
  }

  func run() throws {
    var outputs = OutputTransaction()
    var file = try OutputFile(
      path: command.output, replacing: command.force.force, threads: command.common.threads)
    let page = try command.reportOption.open(replacing: command.force.force)
    let comparison = try compare()
    let table = ComparisonTable(pair, comparison)
    try file.write(origin.comment + table.header)
    for row in comparison.rows { try file.write(table.line(of: row)) }
    outputs.add(try file.finish())
    var filters: [ComparedFilter] = []
    if let path = command.filters {
      var file = try OutputFile(path: path, replacing: command.force.force)
      filters = try pair.filters(
        in: places(of: comparison), of: genome, threads: command.common.threads)
      try file.write(filterTable(filters))
      outputs.add(try file.finish())
    }
    let summary = ComparisonSummary(pair, comparison)
    if let page {
      try page.finish(self.page(comparison, summary, filters: filters), in: &outputs)
    }
    try outputs.commit()
    if command.json {
      var report = try OutputFile(path: "-", replacing: true)
      try report.write(try jsonText(summary))
      try report.commit()
    }
    for line in summary.words { console.note(line) }
  }

  private func compare() throws -> Comparison {
    let shared = try command.shared.map { try regions(inFile: $0) }
    guard let path = command.regions else {
      let total = pair.models.count * genome.sequences.reduce(0) { $0 + $1.length }
      var progress = console.progress("compare", unit: "bases", total: total)
      defer { progress.finish() }
      return try pair.comparison(
        ofSitesIn: genome, shared: shared, callingPValue: command.callingPValue,
        threads: command.common.threads
      ) { progress.update(Int($0 * Double(total))) }
    }
    return try pair.comparison(
      of: regions(inFile: path), shared: shared, in: genome, callingPValue: command.callingPValue,
      threads: command.common.threads)
  }

  /// The regions of a file.
  ///
  /// - Throws: `NothingToDoError` if none is on the genome.
  private func regions(inFile path: String) throws -> [Peak] {
    let peaks = try readPeaks(path)
    let names = peaks.map(\.interval.sequence)
    guard peaks.isEmpty || names.contains(where: { naming.resolve($0) != nil }) else {
      throw NothingToDoError(
        description:
          "\(Ledger(source: path).sourceName): \(peaks.count) regions, none of them on the genome"
          + DatasetInput.mend(unusable: names, on: genome))
    }
    if peaks.isEmpty { console.note(ScoringInput.noRegions(in: path)) }
    naming.explanation(of: names).map(console.note)
    return peaks
  }

  /// The regions that were compared, under the genome's names.
  private func places(of comparison: Comparison) -> [GenomicInterval] {
    comparison.rows.filter { $0.compared != nil }.compactMap { row in
      naming.resolve(row.region.sequence).map {
        GenomicInterval($0, start: row.region.start, end: row.region.end)
      }
    }
  }

  private func filterTable(_ filters: [ComparedFilter]) -> String {
    let names = pair.outputs.map(\.name.tableField)
    var text = "model\tfilter\tconsensus\tsites\t\(names.joined(separator: "\t"))\tdifference\n"
    for filter in filters {
      let influences = filter.influences.map { $0.map { "\(Float($0))" } ?? "." }
      let fields =
        [
          "\(filter.model + 1)", filter.motif.motif.name, filter.motif.motif.alternateName ?? ".",
          filter.motif.motif.siteCount.map { "\($0)" } ?? ".",
        ] + influences + ["\(Float(filter.difference))"]
      text += fields.joined(separator: "\t") + "\n"
    }
    return text
  }
}
