internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

struct VariantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variants",
    abstract: "Score what variants do to binding.",
    discussion: """
      EXAMPLES
        seqcnn variants --model ctcf/model.safetensors --vcf calls.vcf.gz \\
          --genome hg38.fa.gz --output scored.vcf.gz
        seqcnn variants --model ctcf/model.safetensors --vcf calls.bcf \\
          --genome hg38.fa.gz --output scored.tsv.gz --all-placements
        bcftools view -r chr20 calls.bcf | \\
          seqcnn variants --model ctcf/model.safetensors --vcf - \\
            --genome hg38.fa.gz --output - | \\
          bcftools query -f '%POS %INFO/SEQCNN_DELTA\\n'

      Every record, its order and the header are kept; INFO gains, for each
      alternate allele,
        SEQCNN_REF           the probability with the reference allele
        SEQCNN_ALT           the probability with the alternate allele
        SEQCNN_DELTA         the logit of the alternate less that of the reference
        SEQCNN_FILTER        the filter whose change makes most of that difference:
                             +filter7 is gained with the alternate allele, -filter7
                             lost; motifs.meme calls it filter7
        SEQCNN_FILTER_DELTA  what that filter's change adds to the difference
        SEQCNN_SKIPPED       why an allele has no scores: no_such_sequence, missing,
                             symbolic, breakend, overlapping_deletion,
                             reference_mismatch, mostly_unknown
      and with several tasks SEQCNN_TASK_REF and so on; --prefix puts another word
      for SEQCNN, to annotate with a second model. Each allele stands in the
      middle of a window of the model's length; indels are left-aligned first.
      --all-placements adds _MAX and _MEAN to REF, ALT and DELTA: the largest and the
      mean logit of all windows that contain the allele.

      Probabilities hold for a share of bound windows, the prior, which the header
      says; --prior sets another. SEQCNN_DELTA doesn't depend on it.

      Compressed VCF (.vcf.gz) and BCF get an index beside them where the records
      are sorted: .tbi, or .csi for BCF and where a sequence is longer than 512 Mb.

      An output that ends in .tsv or .tsv.gz is a table with the same figures: a
      header, and a line for each alternate allele with chrom, pos (from 1, as in
      VCF), id, ref and alt before them; fields without a value are empty. Other
      endings than .vcf, .bcf and .tsv, with .gz or without, are refused.
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
      "The annotated VCF, BCF or table, by its ending: .vcf, .bcf or .tsv, compressed where .gz "
        + "follows; - is VCF on standard output.", valueName: "vcf"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Where the genome has another reference allele: stop, or leave the record unscored.",
      valueName: "rule"))
  var onRefMismatch = MismatchRule.fail

  @Flag(help: "Score all windows that contain an allele too; give their largest and mean.")
  var allPlacements = false

  @Option(
    help: ArgumentHelp("What the keys in INFO begin with.", valueName: "word"))
  var prefix = "SEQCNN"

  @OptionGroup var priorOption: PriorOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard prefix.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.]*/) != nil else {
      throw ValidationError(
        "--prefix is \(prefix.quoted); take letters, digits, _ and ., the first no digit nor .")
    }
    try OutputName.variants.check(output, option: "--output")
  }

  func run() throws {
    let model = try priorOption.applied(to: shared.console.model(path: model))
    let genome = try Genome(path: genome)
    let reader = try ReadAhead(path: vcf)
    let contigs = ContigComparison(reader.header, genome: genome)
    contigs.warning(for: reader.header.file).map(shared.console.note)
    let formatter = try VariantFormatter(
      columns: VariantColumn.all(of: model, prefix: prefix, withPlacements: allPlacements),
      for: output, header: reader.header)
    let writer = try WriteBehind(
      path: output, header: formatter.header, replacing: force.force, threads: shared.threads)
    let run = VariantsRun(
      scorer: VariantScorer(model: model, genome: genome, withPlacements: allPlacements),
      formatter: formatter, stopsAtMismatch: onRefMismatch == .fail, threads: shared.threads)
    var progress = shared.console.progress("variants", unit: "records", total: nil)
    let (tally, order) = try run.annotate(reader, to: writer, tally: VariantTally(source: vcf)) {
      progress.update($0)
    }
    progress.finish()
    guard tally.records == 0 || !tally.isOffGenome else {
      throw NothingToDoError(
        description: "\(tally)\(DatasetInput.mend(unusable: tally.sequences, on: genome))")
    }
    let longest = genome.sequences.map(\.length).reduce(order.furthest, max)
    let fault = order.fault(isBinary: writer.isBinary)
    try writer.commit(longest: fault == nil ? min(longest, RegionIndex.furthestEnd) : nil)
    if writer.isBinary, let lost = order.lostInBCF {
      shared.console.note("warning: \(output.escapedForTerminal): \(lost)")
    }
    if let fault, writer.isIndexed {
      shared.console.note(
        "\(output.escapedForTerminal): no index is written, \(fault)")
    }
    tell(of: tally, genome)
  }

  private func tell(of tally: VariantTally, _ genome: Genome) {
    SequenceNaming(known: genome.sequences.map(\.name)).explanation(of: tally.sequences)
      .map(shared.console.note)
    shared.console.note(tally.description)
    tally.warning.map(shared.console.note)
  }
}

extension ContigComparison {
  /// Tells of a header whose sequences have other lengths than the genome's; `nil` if none has.
  fileprivate func warning(for file: String) -> String? {
    guard let first = different.first else { return nil }
    let which =
      different.count == compared ? "all \(compared)" : "\(different.count) of \(compared)"
    let fact =
      "\(file.escapedForTerminal): ##contig says that \(first.stated.name.quoted) has "
      + "\(grouped(first.stated.length)) bases, the genome has \(grouped(first.found))"
      + (compared > 1 ? "; the lengths of \(which) sequences differ" : "")
    if isPart { return "\(fact): the genome is a part of that one, or another build" }
    return "warning: \(fact)"
      + (isOfAnotherBuild
        ? ": the variants were called on another build; give the genome of that one"
        : "; check that the genome is the one that the variants were called on")
  }
}
