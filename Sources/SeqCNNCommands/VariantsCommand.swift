internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Networks

struct VariantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variants",
    abstract: "Score what variants do to binding.",
    discussion: """
      EXAMPLES
        seqcnn variants --model ctcf/model.safetensors --vcf calls.vcf.gz \\
          --genome hg38.fa.gz --output scored.vcf.gz
        bcftools view -r chr20 calls.bcf | \\
          seqcnn variants --model ctcf/model.safetensors --vcf - \\
            --genome hg38.fa.gz --output - | \\
          bcftools query -f '%POS %INFO/SEQCNN_DELTA\\n'

      Every record, its order and the header are kept; INFO gains, for each
      alternate allele,
        SEQCNN_REF      the probability with the reference allele
        SEQCNN_ALT      the probability with the alternate allele
        SEQCNN_DELTA    the logit of the alternate less that of the reference
        SEQCNN_SKIPPED  why an allele has no scores: no_such_sequence, missing,
                        symbolic, breakend, overlapping_deletion,
                        reference_mismatch
      and with several tasks SEQCNN_TASK_REF and so on; --prefix puts another word
      for SEQCNN, to annotate with a second model. Each allele stands in the
      middle of a window of the model's length; indels are left-aligned first.
      """)

  enum MismatchRule: String, ExpressibleByArgument, CaseIterable {
    case fail, skip
  }

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The variants, VCF or BCF; - is standard input.", valueName: "vcf"))
  var vcf: String

  @Option(
    help: ArgumentHelp("The genome that the variants were called on, FASTA.", valueName: "fasta"))
  var genome: String

  @Option(
    help: ArgumentHelp(
      "The annotated VCF, compressed where it ends in .gz; - is standard output.",
      valueName: "vcf"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Where the genome has another reference allele: stop, or leave the record unscored.",
      valueName: "rule"))
  var onRefMismatch = MismatchRule.fail

  @Option(
    help: ArgumentHelp("What the keys in INFO begin with.", valueName: "word"))
  var prefix = "SEQCNN"

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  private static let recordsPerBlock = 2048
  private static let mismatchesShown = 5

  func validate() throws {
    if output.hasSuffix(".bcf") {
      throw ValidationError(
        "--output is written as text, VCF; name it .vcf or .vcf.gz, or "
          + "write - and pipe it to `bcftools view -Ob`")
    }
    guard prefix.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.]*/) != nil else {
      throw ValidationError(
        "--prefix is \(prefix.quoted); take letters, digits, _ and ., the first no digit nor .")
    }
  }

  func run() throws {
    let model = try Model(path: model)
    let genome = try Genome(path: genome)
    let fields = AnnotationFields(model: model, prefix: prefix)
    let scorer = VariantScorer(model: model, genome: genome)
    var reader = try VCFReader(path: vcf)
    var writer = try VCFWriter(
      path: output, header: reader.header, adding: fields.declarations, replacing: force.force)
    var tally = Tally(source: vcf)
    var mismatches: [(line: Int, mismatch: ReferenceMismatch)] = []
    var progress = shared.console.progress("variants", unit: "records", total: nil)
    var isAtEnd = false
    while !isAtEnd {
      var block: [VCFRecord] = []
      while block.count < Self.recordsPerBlock, let record = try reader.next() {
        block.append(record)
      }
      isAtEnd = block.count < Self.recordsPerBlock
      let results = try scorer.score(block.map(\.variant), threads: shared.threads)
      for (record, result) in zip(block, results) {
        if let mismatch = result.mismatch, mismatches.count < Self.mismatchesShown {
          mismatches.append((record.line, mismatch))
        }
        tally.add(record.variant.sequence, result.outcomes)
        try writer.write(record, adding: fields.info(of: result.outcomes, model: model))
      }
      if onRefMismatch == .fail, let last = mismatches.last {
        for (line, mismatch) in mismatches.dropLast() {
          say("seqcnn: \(tally.sourceName):\(line): \(mismatch.explanation)")
        }
        throw InputError(file: tally.sourceName, line: last.line, last.mismatch)
      }
      progress.update(tally.records)
    }
    progress.finish()
    guard tally.records == 0 || !tally.isOffGenome else {
      throw NothingToDoError(
        description: "\(tally)\(DatasetInput.mend(unusable: tally.sequences, on: genome))")
    }
    try writer.commit()
    if let explanation = SequenceNaming(known: genome.sequences.map(\.name))
      .explanation(of: tally.sequences)
    {
      shared.console.note(explanation)
    }
    shared.console.note(tally.description)
  }
}

/// How many alleles were scored, and why the others weren't.
private struct Tally: CustomStringConvertible {
  var records = 0
  /// The names of the sequences that variants are on.
  private(set) var sequences: [String] = []
  private var ledger: Ledger

  init(source: String) {
    ledger = Ledger(source: source)
  }

  mutating func add(_ sequence: String, _ outcomes: [VariantScorer.Outcome]) {
    records += 1
    if sequences.last != sequence, !sequences.contains(sequence) { sequences.append(sequence) }
    for outcome in outcomes {
      switch outcome {
      case .scored: ledger.use()
      case .unscored(let reason): ledger.drop(reason.rawValue)
      }
    }
  }

  var sourceName: String { ledger.sourceName }

  /// Whether the genome has none of the sequences that variants are on.
  var isOffGenome: Bool {
    ledger.used == 0
      && ledger.dropped.map(\.reason) == [UnscoredAllele.noSuchSequence.rawValue]
  }

  var description: String {
    let reasons = ledger.dropped.map { "; \($0.count) not scored: \($0.reason)" }.joined()
    return "\(sourceName): \(records) records kept, "
      + "\(ledger.used) of \(ledger.total) alternate alleles scored\(reasons)"
  }
}

/// The INFO fields that scores are written to.
private struct AnnotationFields {
  /// The beginning of the keys of each task.
  private let prefixes: [String]
  private let tasks: [String]
  private let skippedKey: String

  /// - Parameter prefix: The beginning of all keys. With several tasks their names follow; where two
  ///   are the same as a key, the later one gets a number.
  init(model: Model, prefix: String) {
    tasks = model.tasks
    skippedKey = "\(prefix)_SKIPPED"
    guard model.tasks.count > 1 else {
      prefixes = [prefix]
      return
    }
    var taken: Set<String> = []
    prefixes = model.tasks.map { task in
      let name = String(task.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      let spellings = sequence(first: 1) { $0 + 1 }.lazy.map { number in
        number == 1 ? "\(prefix)_\(name)" : "\(prefix)_\(name)_\(number)"
      }
      return spellings.first { taken.insert($0).inserted }!
    }
  }

  var declarations: [VCFInfoField] {
    zip(prefixes, tasks).flatMap { prefix, task in
      [
        ("REF", "with the reference allele"), ("ALT", "with the alternate allele"),
      ].map { suffix, what in
        VCFInfoField(
          key: "\(prefix)_\(suffix)", number: "A", type: .float,
          description: "seqcnn: prediction for \(task) \(what)")
      } + [
        VCFInfoField(
          key: "\(prefix)_DELTA", number: "A", type: .float,
          description: "seqcnn: output (logit) for \(task), alternate less reference allele")
      ]
    } + [
      VCFInfoField(
        key: skippedKey, number: "A", type: .string,
        description: "seqcnn: why the alternate allele was not scored")
    ]
  }

  func info(of outcomes: [VariantScorer.Outcome], model: Model) -> [(key: String, value: String)] {
    guard !outcomes.isEmpty else { return [(skippedKey, UnscoredAllele.missing.rawValue)] }
    var entries: [(key: String, value: String)] = []
    func list(_ value: (VariantScorer.Outcome) -> String?) -> String? {
      let values = outcomes.map(value)
      guard values.contains(where: { $0 != nil }) else { return nil }
      return values.map { $0 ?? "." }.joined(separator: ",")
    }
    func add(_ key: String, _ number: (AlleleScore) -> Float) {
      let value = list {
        guard case .scored(let score) = $0 else { return nil }
        return "\(number(score))"
      }
      if let value { entries.append((key, value)) }
    }
    for (task, prefix) in prefixes.enumerated() {
      add("\(prefix)_REF") { model.objective.prediction($0.reference[task]) }
      add("\(prefix)_ALT") { model.objective.prediction($0.alternate[task]) }
      add("\(prefix)_DELTA") { $0.alternate[task] - $0.reference[task] }
    }
    let skipped = list {
      guard case .unscored(let reason) = $0 else { return nil }
      return reason.rawValue
    }
    if let skipped { entries.append((skippedKey, skipped)) }
    return entries
  }
}
