internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Parallel

/// A comparison of what variants do to two outputs, block by block.
struct VariantComparison {
  private let pair: OutputPair
  private let genome: Genome
  private let command: CompareCommand
  private var report: VariantComparisonReport

  private static let recordsPerChunk = 64

  init(_ pair: OutputPair, genome: Genome, command: CompareCommand) {
    (self.pair, self.genome, self.command) = (pair, genome, command)
    report = VariantComparisonReport(of: pair)
  }

  mutating func run(_ path: String) throws {
    let scorer = PairedVariantScorer(pair, genome: genome)
    var reader = try VCFReader(path: path)
    var file = try OutputFile(
      path: command.output, replacing: command.force.force, threads: command.common.threads)
    let page = try command.reportOption.open(replacing: command.force.force)
    let origin = OutputOrigin(models: pair.models)
    try file.write(header(origin))
    var (ledger, sequences) = (Ledger(source: path), Set<String>())
    var progress = command.common.console.progress("variants", unit: "records", total: nil)
    var recordCount = 0
    while let block = try reader.nextBlock() {
      let records = try block.records()
      let size = Self.recordsPerChunk
      let chunks = concurrentMap(
        records.count.dividedRoundingUp(by: size), threads: command.common.threads
      ) { chunk in
        Result {
          try scorer.score(
            records[chunk * size..<min((chunk + 1) * size, records.count)].map(\.variant))
        }
      }
      let scored = try chunks.flatMap { try $0.get() }
      for (record, alleles) in zip(records, scored) {
        try file.write(rows(of: record, alleles, ledger: &ledger))
        sequences.insert(record.variant.sequence)
        report.add(record.variant, alleles)
      }
      recordCount += records.count
      progress.update(recordCount, share: reader.progress.share)
    }
    progress.finish()
    try ledger.requireAlleles(on: genome, sequences: sequences.sorted())
    var outputs = OutputTransaction()
    outputs.add(try file.finish())
    if let page { try page.finish(report.page(ledger, origin), in: &outputs) }
    try outputs.commit()
    command.common.console.note("\(ledger)")
  }

  private func header(_ origin: OutputOrigin) -> String {
    let names = pair.outputs.map(\.name.tableField)
    return origin.comment
      + "# \(names[0]), \(names[1]): what the alternate allele adds to \(pair.scale.words) of the window around it\n"
      + "#chrom\tpos\tid\tref\talt\t\(names[0])\t\(names[1])\tdifference\treason\n"
  }

  private func rows(
    of record: VCFRecord, _ alleles: [Result<ComparedAllele, UnscoredAllele>],
    ledger: inout Ledger
  ) -> String {
    var text = ""
    for (index, allele) in alleles.enumerated() {
      let alternates = record.variant.alternates
      let alternate = index < alternates.count ? alternates[index] : "."
      var fields: [String]
      switch allele {
      case .success(let compared):
        ledger.use()
        fields = (compared.changes + [compared.difference]).map { "\(Float($0))" } + [""]
      case .failure(let reason):
        ledger.drop(reason.rawValue)
        fields = ["NA", "NA", "NA", reason.rawValue]
      }
      fields = [String(decoding: record.site, as: UTF8.self), alternate.tableField] + fields
      text += fields.joined(separator: "\t") + "\n"
    }
    return text
  }
}
