internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// The sequences that a command scores: those of a FASTA file, or windows of a genome.
struct ScoringInput: ParsableArguments {
  @Option(help: ArgumentHelp("The sequences, FASTA; - is standard input.", valueName: "fasta"))
  var fasta: String?

  @Option(
    help: ArgumentHelp(
      "The regions, BED or narrowPeak; - is standard input.", valueName: "bed"))
  var regions: String?

  @Option(help: ArgumentHelp("The genome of the regions, FASTA.", valueName: "fasta"))
  var genome: String?

  /// A record of the input.
  struct Record {
    let name: String
    /// The region as the input has it; `nil` for a record of a FASTA file.
    let region: GenomicInterval?
    /// What of the genome is read, on the sequence as the region names it; `nil` for a record of a FASTA file, and if
    /// nothing can be read.
    let stretch: GenomicInterval?
    /// The sequence's name in the genome.
    let genomeName: String?
    let sequence: WindowedSequence
    /// Why it can't be read, if so.
    let problem: String?

    var bases: EncodedSequence { sequence.bases }

    /// A record that has no place in a genome.
    init(name: String, sequence: WindowedSequence) {
      self.init(name: name, region: nil, interval: nil, sequence: sequence, problem: nil)
    }

    /// - Parameter interval: What of the genome is read, under the genome's name.
    fileprivate init(
      name: String, region: GenomicInterval?, interval: GenomicInterval?,
      sequence: WindowedSequence, problem: String?
    ) {
      (self.name, self.region, self.sequence, self.problem) = (name, region, sequence, problem)
      stretch = interval.flatMap { interval in region.map { interval.renamed($0.sequence) } }
      genomeName = interval?.sequence
    }

    /// What of the genome is read, under the genome's name.
    var interval: GenomicInterval? {
      stretch.flatMap { stretch in genomeName.map { stretch.renamed($0) } }
    }

    /// Why a model can't score it, if so.
    func problem(for model: Model) -> String? {
      problem ?? SequenceScorer(model).problem(of: sequence)?.description
    }
  }

  /// Refuses options that don't say one thing.
  ///
  /// Not `validate`, which the parser calls before it reports an option that it doesn't know.
  func check() throws {
    guard (fasta == nil) != (regions == nil) else {
      throw ValidationError("give either --fasta, or --regions with --genome")
    }
    guard (regions == nil) == (genome == nil) else {
      throw ValidationError("--regions and --genome go together")
    }
  }

  /// The largest FASTA file whose records are counted before they are read, in bytes.
  private static let largestCounted = 1 << 26

  /// Whether an option of the group is given.
  var isGiven: Bool { fasta != nil || regions != nil || genome != nil }

  /// Whether records are regions of a genome.
  var hasRegions: Bool { regions != nil }

  /// The file of the records.
  var path: String { fasta ?? regions ?? "-" }

  /// Reads every record, in the order of the input.
  ///
  /// - Parameters:
  ///   - side: Reads what stands beside the bases of a region; `nil` if nothing does.
  ///   - stretch: What of the genome is read of a region, on a sequence of the genome.
  /// - Throws: `NothingToDoError` if no region is on the genome; `EmptyInputError` if a track is of another one; what
  ///   reading the files throws.
  func forEachRecord(
    label: String, console: Console, alphabet: Alphabet = .dna, beside side: SideReader? = nil,
    reading stretch: (Peak, GenomeSequence) -> Result<GenomicInterval, UnreadableRegion>,
    _ body: (Record) throws -> Void
  ) throws {
    if let fasta {
      var reader = try FASTAReader(path: fasta, alphabet: alphabet)
      var progress = console.progress(
        label, unit: "sequences",
        total: console.isQuiet ? nil : recordCount(ofFASTA: fasta, most: Self.largestCounted))
      var count = 0
      while let record = try reader.next() {
        try body(Record(name: record.name, sequence: WindowedSequence(record.bases)))
        count += 1
        progress.update(count, share: reader.progress.share)
      }
      progress.finish()
    } else if let regions, let genome {
      let peaks = try readPeaks(regions)
      let genome = try Genome(path: genome)
      try side?.requireSequences(of: genome.sequences)
      let naming = SequenceNaming(known: genome.sequences.map(\.name))
      let names = peaks.map(\.interval.sequence)
      guard peaks.isEmpty || names.contains(where: { naming.resolve($0) != nil }) else {
        var ledger = Ledger(source: regions)
        ledger.drop(UnreadableRegion.noSuchSequence.description, count: peaks.count)
        throw NothingToDoError(
          description: "\(ledger)\(DatasetInput.mend(unusable: names, on: genome))")
      }
      var progress = console.progress(label, unit: "regions", total: peaks.count)
      for (index, peak) in peaks.enumerated() {
        try body(record(of: peak, on: genome, naming, beside: side, reading: stretch))
        progress.update(index + 1)
      }
      progress.finish()
      if let explanation = naming.explanation(of: names) { console.note(explanation) }
    }
  }

  /// Reads every record; of a region the window of a length around its summit or middle.
  func forEachRecord(
    label: String, console: Console, windowLength: Int, _ body: (Record) throws -> Void
  ) throws {
    let window = { (region: Peak, sequence: GenomeSequence) in
      sequence.window(of: windowLength, around: region)
    }
    try forEachRecord(label: label, console: console, reading: window, body)
  }

  private func record(
    of peak: Peak, on genome: Genome, _ naming: SequenceNaming, beside side: SideReader?,
    reading stretch: (Peak, GenomeSequence) -> Result<GenomicInterval, UnreadableRegion>
  ) throws -> Record {
    let region = peak.interval
    let name = peak.name ?? "\(region.sequence):\(region.start + 1)-\(region.end)"
    let sequence = naming.resolve(region.sequence).flatMap { name in
      genome.sequences.first { $0.name == name }
    }
    switch sequence.map({ stretch(peak, $0) }) ?? .failure(.noSuchSequence) {
    case .success(let stretch):
      let bases = try genome.bases(in: stretch)
      return Record(
        name: name, region: region, interval: stretch,
        sequence: try side?.sequence(bases, of: stretch) ?? WindowedSequence(bases), problem: nil)
    case .failure(let problem):
      return Record(
        name: name, region: region, interval: nil,
        sequence: WindowedSequence(EncodedSequence(codes: [])),
        problem: problem.description)
    }
  }

  /// Says that a file of regions is empty, as a part of scattered work may be: so is the output then.
  static func noRegions(in path: String) -> String {
    "\(Ledger(source: path).sourceName): holds no region; nothing is scored, the output is empty"
  }

  /// Tells what became of the records.
  func note(_ ledger: Ledger, console: Console) {
    let isEmpty = ledger.total == 0
    console.note(isEmpty ? regions.map(Self.noRegions) ?? "\(ledger)" : "\(ledger)")
  }

  /// What to give where no record could be used.
  static let usable = "give sequences with known bases, as long as a filter at least"

  /// Tells what became of the records.
  ///
  /// - Parameter mend: What to do if none could be used.
  /// - Throws: `NothingToDoError` if there are some and none could be used.
  func report(
    _ ledger: Ledger, console: Console, mend: String = usable
  ) throws {
    guard ledger.used > 0 || ledger.total == 0 && hasRegions else {
      throw NothingToDoError(
        description: "\(ledger); \(mend)")
    }
    note(ledger, console: console)
  }
}
