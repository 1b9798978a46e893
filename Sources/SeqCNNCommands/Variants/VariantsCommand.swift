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
        SEQCNN_MOTIF         the site that makes most of DELTA, by its motif's name:
                             +motif1_CTCF is made or strengthened by the
                             alternate allele, -motif1_CTCF broken or weakened;
                             nothing if no site there changes and works in
                             DELTA's direction
        SEQCNN_MOTIF_REF, SEQCNN_MOTIF_ALT
                             the bits of its best match with either allele
        SEQCNN_MOTIF_DELTA   what that site adds to DELTA
        SEQCNN_MOTIF_SHARE   MOTIF_DELTA over DELTA, above 0
        SEQCNN_FILTER        the part of the model that makes most of DELTA:
                             +filter7 is gained with the alternate allele, -filter7
                             lost, as `motifs export --filters` names it; or
                             kmers
        SEQCNN_FILTER_DELTA  what that part adds to DELTA
        SEQCNN_FILTER_SHARE  FILTER_DELTA over DELTA, above 0
        SEQCNN_GAINED        what all filters gained add to DELTA
        SEQCNN_LOST          what all filters lost add to DELTA
        SEQCNN_KMERS         what the k-mers add, if the model has any
        SEQCNN_PVALUE        the chance that a random change of background sequence
                             has as large a DELTA, up or down
        SEQCNN_ACTIVE_QUANTILE
                             the share of background windows that score below the
                             allele that scores higher
        SEQCNN_SKIPPED       why an allele has no scores: no_such_sequence, missing,
                             symbolic, breakend, overlapping_deletion,
                             reference_mismatch, mostly_unknown
      GAINED, LOST and KMERS add up to DELTA. With several tasks keys are
      SEQCNN_TASK_REF and so on; --prefix puts another word for SEQCNN, to annotate
      with a second model. Each allele stands in the middle of a window of the
      model's length; indels are left-aligned first.

      MOTIF keys are of the motifs that training found, which the model's file
      keeps. A site is a match of one over the change with a p-value below
      0.001, with either allele. It makes what the filters that answer to its motif
      make; of several sites the one whose match changes most makes what k-mers do.

      --all-placements adds _MAX and _MEAN to REF, ALT and DELTA: the largest and the
      mean logit of all windows that contain the allele. --parts adds SEQCNN_PARTS,
      every part of DELTA by itself.

      Background is dinucleotide shuffles of windows of the genome, with random
      substitutions, or random indels for indels, of as many bases. Of n of them r
      have as large a DELTA: PVALUE is (r + 1) / (n + 1), never below 1 / (n + 1).
      --q-values adds SEQCNN_QVALUE, the least false discovery rate (Benjamini and
      Hochberg) over all alleles of the file at which an allele is called.

      --haplotypes scores what a sample has in each window on either haplotype, by
      phased genotypes (0|1; 1/1 needs no phase):
        SEQCNN_HAP1_DELTA    the logit of the first haplotype, with all its variants
                             in the window, less that of the reference
        SEQCNN_HAP2_DELTA    that of the second haplotype
        SEQCNN_HAP1_VARIANTS, SEQCNN_HAP2_VARIANTS
                             how many variants the haplotype has in the window
        SEQCNN_HAP_SKIPPED   why there are none: no_genotype, unphased, polyploid,
                             not_carried, overlapping, unscored_allele,
                             mostly_unknown

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

  @Flag(help: "Give every part of the difference: each filter, and the k-mers.")
  var parts = false

  @Option(
    help: ArgumentHelp(
      "Random changes of background sequence for p-values, of each kind of change; 0 for no "
        + "p-values. 10,000 unless given, fewer for large networks or many tasks.", valueName: "n"))
  var backgroundVariants: Int?

  @Flag(help: "Give the q-value of each allele among all alleles of the file.")
  var qValues = false

  @Flag(help: "Score the haplotypes of a sample too.")
  var haplotypes = false

  @Option(
    help: ArgumentHelp("The sample for --haplotypes; the only one unless given.", valueName: "name")
  )
  var sample: String?

  @Option(
    help: ArgumentHelp("What the keys in INFO begin with.", valueName: "word"))
  var prefix = "SEQCNN"

  @OptionGroup(title: "Side inputs") var side: SideOptions
  @OptionGroup var reportOption: ReportOption
  @OptionGroup var priorOption: PriorOption
  @OptionGroup var seed: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard prefix.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.]*/) != nil else {
      throw ValidationError(
        "--prefix is \(prefix.quoted); take letters, digits, _ and ., the first no digit nor .")
    }
    try OutputName.variants.check(output, option: "--output")
    guard !reportOption.paths.contains(output) else {
      throw ValidationError("two outputs have the same name; give each its own")
    }
    try NumberRule.backgroundVariants.check(backgroundVariants)
    guard !qValues || backgroundVariants != 0 else {
      throw ValidationError("--q-values needs p-values; leave --background-variants 0 out")
    }
    guard sample == nil || haplotypes else {
      throw ValidationError("--sample is for --haplotypes; give both")
    }
  }

  func run() throws {
    let model = try priorOption.applied(to: shared.console.model(path: model))
    let beside = try side.sources(for: model, hasPlaces: true).tracks
    let genome = try Genome(path: genome)
    try beside.requireSequences(of: genome.sequences)
    let reader = try ReadAhead(path: vcf, windowLength: model.windowLength) {
      haplotypes ? try $0.sample(named: sample) : nil
    }
    warn(of: ContigComparison(reader.header, genome: genome), in: reader.header.file)
    let background = try background(of: model, genome)
    let formatter = try VariantFormatter(
      columns: VariantColumn.all(of: model, figures(against: background)), for: output,
      header: reader.header, origin: OutputOrigin(models: [model]))
    let writer = try WriteBehind(
      path: output, header: formatter.header, replacing: force.force, threads: shared.threads,
      awaiting: try qValues ? awaitingLines(of: model, background) : nil)
    let page = try reportOption.open(replacing: force.force)
    var report = page == nil ? nil : VariantReport(of: model)
    let scorer = VariantScorer(
      model: model, genome: genome, beside: beside, withPlacements: allPlacements,
      background: background, sites: AlleleSiteFinder(model))
    let paired = haplotypes ? HaplotypeScorer(model: model, genome: genome, beside: beside) : nil
    let run = VariantsRun(
      scorer: scorer, haplotypes: paired, formatter: formatter,
      stopsAtMismatch: onRefMismatch == .fail, isReported: reportOption.report != nil,
      threads: shared.threads)
    var progress = shared.console.progress("variants", unit: "records", total: nil)
    let (tally, order) = try run.annotate(
      reader, to: writer, tally: VariantTally(source: vcf), report: &report
    ) { progress.update($0, share: reader.progress.share) }
    progress.finish()
    try tally.requireRecords(on: genome)
    try commit(writer, order, longest: genome.sequences.map(\.length).reduce(order.furthest, max))
    if let report, let page {
      let drawer = AlleleDrawer(
        model: model, scorer: scorer, seed: seed.seed, threads: shared.threads)
      try page.commit(report.page(OutputOrigin(models: [model]), tally: tally, drawnBy: drawer))
    }
    tell(of: tally, genome, haplotypesOf: haplotypes ? sample ?? reader.header.sampleNames[0] : nil)
  }

  /// Puts the output in its place, with an index if it can have one.
  ///
  /// - Parameter longest: The length of the longest sequence.
  private func commit(_ writer: WriteBehind, _ order: RecordOrder, longest: Int) throws {
    let fault = order.fault(isBinary: writer.isBinary)
    try writer.commit(longest: fault == nil ? min(longest, RegionIndex.furthestEnd) : nil)
    if writer.isBinary, let lost = order.lostInBCF {
      shared.console.note("warning: \(output.escapedForTerminal): \(lost)")
    }
    if let fault, writer.isIndexed {
      shared.console.note("\(output.escapedForTerminal): no index is written, \(fault)")
    }
  }

  private func warn(of contigs: ContigComparison, in file: String) {
    contigs.warning(for: file).map(shared.console.note)
  }

  /// What alleles are compared with; `nil` if nothing is.
  private func background(of model: Model, _ genome: Genome) throws -> BackgroundVariants? {
    guard backgroundVariants != 0 else { return nil }
    guard model.sideNames.isEmpty else {
      guard !qValues else {
        throw ValidationError(
          "no p-values are known of a model that reads tracks; leave --q-values out")
      }
      shared.console.note("no p-values: background has no numbers beside it")
      return nil
    }
    let background = try BackgroundVariants(
      of: model, genome: genome, count: backgroundVariants, seed: seed.seed,
      threads: shared.threads)
    if background == nil {
      shared.console.note(
        "no p-values: the genome has no windows, half of them known, to make background of"
      )
    }
    return background
  }

  private func figures(against background: BackgroundVariants?) -> VariantFigures {
    VariantFigures(
      prefix: prefix, placements: allPlacements, parts: parts, backgroundCount: background?.count,
      qValues: qValues, haplotypes: haplotypes)
  }

  private func awaitingLines(of model: Model, _ background: BackgroundVariants?) throws
    -> AwaitingLines?
  {
    guard let background else { return nil }
    return try AwaitingLines(
      beside: output, taskCount: model.tasks.count, backgroundCount: background.count)
  }

  private func tell(of tally: VariantTally, _ genome: Genome, haplotypesOf name: String?) {
    SequenceNaming(known: genome.sequences.map(\.name)).explanation(of: tally.sequences)
      .map(shared.console.note)
    shared.console.note(tally.description)
    tally.warning.map(shared.console.note)
    if let name { shared.console.note(tally.words(onHaplotypesOf: name)) }
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
