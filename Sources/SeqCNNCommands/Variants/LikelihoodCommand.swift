internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Parallel
internal import Tensors

struct LikelihoodCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "likelihood",
    abstract: "Say how likely a language model finds sequences, or alleles.",
    discussion: """
      EXAMPLES
        seqcnn likelihood --model language/model.safetensors --fasta peaks.fa
        seqcnn likelihood --model language/model.safetensors --vcf calls.vcf.gz \\
          --genome hg38.fa.gz --output ratios.tsv

      Of sequences: name, the number of known bases, the natural logarithm of the
      likelihood, and the bits per base.

      Of variants: a row for each alternate allele, with the natural logarithm of
      how much likelier the sequence with it is than that of the reference, in the
      mean of both strands. Below 0 the model finds the allele less likely. NA if
      the allele isn't a sequence, or the genome has another reference.
      """)

  @Option(help: ArgumentHelp("The model of `seqcnn pretrain`.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("Sequences; - is standard input.", valueName: "fasta"))
  var fasta: String?

  @Option(help: ArgumentHelp("Variants; - is standard input.", valueName: "vcf"))
  var vcf: String?

  @Option(help: ArgumentHelp("The genome of the variants, FASTA.", valueName: "fasta"))
  var genome: String?

  @Option(
    help: ArgumentHelp(
      "The table, compressed if it ends in .gz; - is standard output.", valueName: "tsv"))
  var output = "-"

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OutputName.table.check(output, option: "--output")
  }

  func run() throws {
    guard (fasta == nil) != (vcf == nil), (vcf == nil) == (genome == nil) else {
      throw ValidationError("give either --fasta, or --vcf with --genome")
    }
    let language = try readLanguageModel(model)
    try loadMatrixLibrary()
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    if let fasta { try writeSequences(fasta, language, to: &file) }
    if let vcf, let genome { try writeVariants(vcf, genome, language, to: &file) }
    try file.commit()
  }

  private func writeSequences(
    _ path: String, _ language: LanguageModel, to file: inout OutputFile
  ) throws {
    try file.write("name\tbases\tlogLikelihood\tbitsPerBase\n")
    let records = try readFASTA(path)
    let sums = ThreadTeam(threads: shared.threads).map(records.count) { index in
      language.logLikelihoods(of: records[index].bases.codes).reduce(0.0) { $0 + Double($1) }
    }
    for (record, sum) in zip(records, sums) {
      let known = record.bases.codes.count { $0 < 4 }
      let bits = known == 0 ? "NA" : figure(-sum / Double(known) / portableLogarithm(2), 4)
      try file.write("\(record.name.tableField)\t\(known)\t\(figure(sum, 4))\t\(bits)\n")
    }
  }

  private func writeVariants(
    _ path: String, _ genome: String, _ language: LanguageModel, to file: inout OutputFile
  ) throws {
    let genome = try Genome(path: genome)
    let likelihoods = AlleleLikelihoods(language, genome: genome)
    let team = ThreadTeam(threads: shared.threads)
    var reader = try VCFReader(path: path)
    try file.write("chrom\tpos\tref\talt\tlogRatio\n")
    var (ledger, sequences) = (Ledger(source: path), Set<String>())
    while let block = try reader.nextBlock(of: 256) {
      let records = try block.records()
      let ratios = team.map(records.count) { index in
        Result { try likelihoods.ratios(of: records[index].variant) }
      }
      for (record, found) in zip(records, ratios) {
        let variant = record.variant
        sequences.insert(variant.sequence)
        for (alternate, ratio) in zip(variant.alternates, try found.get()) {
          try file.write(
            "\(variant.sequence.tableField)\t\(variant.position + 1)\t\(variant.reference)\t"
              + "\(alternate.tableField)\t\(text(of: ratio, &ledger))\n")
        }
      }
    }
    try ledger.requireAlleles(on: genome, sequences: sequences.sorted())
    shared.console.note("\(ledger)")
  }

  private func text(of ratio: Result<Double, UnscoredAllele>, _ ledger: inout Ledger) -> String {
    switch ratio {
    case .success(let ratio):
      ledger.use()
      return figure(ratio, 4)
    case .failure(let reason):
      ledger.drop(reason.rawValue)
      return "NA"
    }
  }
}

/// The language model of a file of `pretrain`, or of the adversarial pair that it became a part of.
///
/// - Throws: What `GenerativeModelFile.init(path:)` throws, `NothingToDoError` if it is of another method.
func readLanguageModel(_ path: String) throws -> LanguageModel {
  let contents = try GenerativeModelFile(path: path)
  guard let language = contents.language else {
    throw NothingToDoError(
      description: "\(path.escapedForTerminal): a model of the method \(contents.method) is no "
        + "language model; give that of `seqcnn pretrain --method language`")
  }
  return language
}
