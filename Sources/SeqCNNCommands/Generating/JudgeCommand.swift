internal import ArgumentParser
internal import Evaluation
internal import Genomics
internal import GenomicsIO
internal import Tensors

struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Say how real made sequences look.",
    discussion: """
      EXAMPLES
        seqcnn judge samples.fa --real held-out.fa
        seqcnn judge samples.fa --real held-out.fa --training learned-from.fa \\
          --output judgement.tsv

      Each row tells how alike some sequences and the real ones are: the samples;
      those of a Markov model of order 3; dinucleotide shuffles of the training
      sequences; and those themselves.

        auroc        how well logistic regression on 6-mers tells them from the real
                     ones, on halves that it didn't learn from: 0.5 if it can't;
                     low and high bound the middle 95% of bootstrap resamples
        divergence   of the shares of 6-mers, in bits (Jensen and Shannon)
        gc           the mean share of G and C
        nearest      the median over the sequences of the largest share of positions
                     that are as in a training sequence, on either strand
        copies       the largest of these shares: 1 for a copy

      Without --training half of the real sequences is taken for that.
      """)

  @Argument(help: ArgumentHelp("The sequences to judge.", valueName: "fasta"))
  var samples: String

  @Option(
    help: ArgumentHelp("Real ones that their maker didn't learn from.", valueName: "fasta"))
  var real: String

  @Option(help: ArgumentHelp("Real ones that it learned from.", valueName: "fasta"))
  var training: String?

  @Option(
    help: ArgumentHelp(
      "The table, compressed if it ends in .gz; - is standard output.", valueName: "tsv"))
  var output = "-"

  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OutputName.table.check(output, option: "--output")
  }

  /// The fewest sequences of each kind.
  private static let least = 20

  private func read(_ path: String) throws -> [[UInt8]] {
    let sequences = try readFASTA(path).map(\.bases.codes)
    guard sequences.count >= Self.least else {
      throw NothingToDoError(
        description: "\(path.escapedForTerminal): \(sequences.count) sequences; give at least "
          + "\(Self.least)")
    }
    return sequences
  }

  func run() throws {
    let made = try read(samples)
    var known = try read(real)
    let learned: [[UInt8]]
    if let training {
      learned = try read(training)
    } else {
      learned = known.indices.filter { $0 % 2 == 1 }.map { known[$0] }
      known = known.indices.filter { $0 % 2 == 0 }.map { known[$0] }
    }
    var random = RandomStream(seed: seedOption.seed, .samples)
    var chosen = learned
    random.shuffle(&chosen)
    chosen = Array(chosen.prefix(known.count))
    let markov = SequenceBaselines.markovSamples(
      order: 3, learning: learned, like: chosen, seed: seedOption.seed)
    let kinds = [
      ("samples", Array(made.prefix(known.count))), ("markov3", markov),
      ("dinucleotide-shuffles", shuffled(chosen)), ("training", chosen),
    ]
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    try file.write(
      "sequences\tnumber\tauroc\tlow\thigh\tdivergence\tgc\tnearest\tcopies\n")
    for (name, sequences) in kinds {
      let judgement = SampleJudgement(
        name: name, samples: sequences, real: known, training: name == "training" ? [] : learned,
        seed: seedOption.seed, threads: shared.threads)
      try file.write(judgement.row)
    }
    let between = SampleJudgement(
      name: "real", samples: known, real: known, training: learned, seed: seedOption.seed,
      threads: shared.threads)
    try file.write(
      "real\t\(between.sequences)\tNA\tNA\tNA\t0\t\(figure(between.gc, 4))\t"
        + "\(between.nearestIdentity.map { figure($0, 4) } ?? "NA")\t"
        + "\(between.largestIdentity.map { figure($0, 4) } ?? "NA")\n")
    try file.commit()
  }

  private func shuffled(_ sequences: [[UInt8]]) -> [[UInt8]] {
    var shuffler = DinucleotideShuffler()
    return sequences.enumerated().map { number, codes in
      var random = RandomStream(seed: seedOption.seed, .samples, number, -1)
      return shuffler.shuffled(EncodedSequence(codes: codes), using: &random).codes
    }
  }
}

extension SampleJudgement {
  fileprivate var row: String {
    var fields = [name, "\(sequences)"]
    let known = [twoSampleAUROC] + interval + [divergence, gc]
    fields += known.map { figure($0, 4) }
    for identity in [nearestIdentity, largestIdentity] {
      fields.append(identity.map { figure($0, 4) } ?? "NA")
    }
    return fields.joined(separator: "\t") + "\n"
  }
}
