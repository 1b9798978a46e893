public import ArgumentParser
public import Datasets
internal import Genomics
internal import GenomicsIO

/// Where negatives come from when the input holds none.
struct NegativesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Make the negatives, or take those of the input (given; of several peak files each other's): dinucleotide \
      shuffles of the positives, such shuffles with a tandem repeat in each (repeats), windows of the genome of the \
      same length and GC content (genomic), or random windows of the genome. By default, with --genome, random ones to \
      train and to measure the training with (with presets other than sites genomic ones), and genomic ones in \
      evaluate; else those of the input, else shuffles. Several kinds with their shares make a mix: \
      random:4,dinucleotide:1. To scan, without a genome to train on: dinucleotide,repeats. Regression has none.
      """, valueName: "kind"), completion: .list(NegativeSource.allCases.map(\.rawValue)),
    transform: { try NegativeMix($0) })
  var makeNegatives: NegativeMix?

  @Option(help: ArgumentHelp("Genomic negatives a positive.", valueName: "ratio"))
  var negativeRatio = 1.0

  @Option(
    help: ArgumentHelp("Regions that no genomic negative touches, a blacklist.", valueName: "bed"))
  var exclude: String?

  func validate() throws {
    try NumberRule.negativeRatio.check(negativeRatio)
  }

  /// Refuses what would have no effect on an input.
  func validate(with input: InputOptions) throws {
    if makeNegatives?.readsGenome == true, input.genome == nil {
      throw ValidationError("negatives from a genome need one; give --peaks and --genome")
    }
    let areGenomic = input.genome != nil && makeNegatives?.readsGenome != false
    if !areGenomic, exclude != nil || negativeRatio != 1 {
      throw ValidationError(
        "--exclude and --negative-ratio go with genomic negatives, those of --genome")
    }
  }

  /// The plan for the negatives.
  func plan(seed: UInt64) -> PreparationPlan {
    var plan = PreparationPlan()
    plan.negatives = makeNegatives
    plan.ratio = negativeRatio
    plan.seed = seed
    return plan
  }
}

/// Which examples training must not see.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What stops training early: a share (0.1 by default), chromosomes such as chr7,chr9, or a file.",
      valueName: "what"))
  var validation: String?

  @Option(
    help: ArgumentHelp(
      "Sequences that are not bound, beside a FASTA file for --validation.", valueName: "fasta"))
  var validationNegatives: String?

  @Option(
    help: ArgumentHelp(
      """
      What the result is measured on: a share (0.2 by default), chromosomes, or a file; 0 for nothing, \
      which trains a final model on all.
      """, valueName: "what"))
  var test: String?

  @Option(
    help: ArgumentHelp(
      "Sequences that are not bound, beside a FASTA file for --test.", valueName: "fasta"))
  var testNegatives: String?

  func validate() throws {
    for side in [Side.validation, .test] {
      let (text, negatives) = given(for: side)
      // A whole number may be a chromosome: the data will tell.
      if let text, let share = Double(text), !(0..<1).contains(share), !Self.isWhole(text) {
        throw ValidationError("--\(side.rawValue) is \(share); a share is from 0 to below 1")
      }
      if negatives != nil, text.map(isFile) != true {
        throw ValidationError(
          "--\(side.rawValue)-negatives goes with a FASTA file of positives for --\(side.rawValue)")
      }
    }
  }

  /// Refuses what would have no effect on an input.
  func validate(with input: InputOptions) throws {
    if input.positives == nil, validationNegatives != nil || testNegatives != nil {
      throw ValidationError(
        "--validation-negatives and --test-negatives go with --positives; a table holds its own")
    }
    if input.genome != nil, validationNegatives != nil || testNegatives != nil {
      throw ValidationError(
        "with --genome negatives are made of it; leave --validation-negatives and --test-negatives out"
      )
    }
  }

  /// Whether no example is to be held out for measuring.
  var measuresNothing: Bool { test.flatMap(Double.init) == 0 }

  /// What the options say of a side: what it is, and its negatives.
  private func given(for side: Side) -> (what: String?, negatives: String?) {
    side == .test ? (test, testNegatives) : (validation, validationNegatives)
  }

  /// The files of examples for a side, which needn't be there.
  func files(for side: Side) -> [String] {
    let (what, negatives) = given(for: side)
    return [what, negatives].compactMap(\.self).filter(isFile)
  }

  private static func isWhole(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// What a side is to hold.
  enum Choice {
    case request(SplitRequest)
    case file(DatasetInput)
  }

  /// Reads what a side is to hold: a number from 0 to below 1 is a share, another whole number a chromosome,
  /// an existing file a file, anything else chromosomes.
  func choice(for side: Side, of input: DatasetInput, _ loaded: LoadedDataset) throws -> Choice {
    let (what, negatives) = given(for: side)
    guard let text = what else { return .request(.automatic) }
    if let share = Double(text), (0..<1).contains(share) { return .request(.fraction(share)) }
    let known =
      loaded.genome?.sequences.map(\.name)
      ?? Set(loaded.dataset.examples.compactMap(\.interval?.sequence)).sorted()
    let naming = SequenceNaming(known: known)
    if Self.isWhole(text), naming.resolve(text) == nil, !isFile(text) {
      let names = known.prefix(5).map(\.escapedForTerminal).joined(separator: ", ")
      throw ValidationError(
        "--\(side.rawValue) is \(text): a share is from 0 to below 1, and no sequence is named \(text); "
          + (known.isEmpty ? "no example has coordinates" : "there are \(names)"))
    }
    if isFile(text), !(Self.isWhole(text) && naming.resolve(text) != nil) {
      return .file(try Self.file(text, negatives: negatives, like: input))
    }
    let names = text.split(separator: ",").map(String.init)
    return .request(.sequences(names.map { naming.resolve($0) ?? $0 }))
  }

  private static func file(
    _ path: String, negatives: String?, like input: DatasetInput
  ) throws -> DatasetInput {
    switch input {
    case .sequences: return .sequences(positives: path, negatives: negatives)
    case .located(_, let genome): return .located(positives: path, genome: genome)
    case .table: return .table(path)
    case .peaks(let files, let genome):
      guard files.count == 1 else {
        throw ValidationError("a file can't hold out several tasks; give chromosomes or a share")
      }
      return .peaks([PeakFile(task: files[0].task, path: path)], genome: genome)
    }
  }
}

extension NegativeSource: ExpressibleByArgument {}
