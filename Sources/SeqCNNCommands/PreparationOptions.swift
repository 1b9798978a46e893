internal import ArgumentParser
internal import Datasets
internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO

/// Where negatives come from when the input holds none.
struct NegativesOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case dinucleotide, genomic
  }

  @Option(
    help: ArgumentHelp(
      """
      Make the negatives: dinucleotide shuffles of the positives, or genomic windows of the same \
      length and GC content. By default genomic ones with --peaks, else those of the input, else \
      shuffles. Regression has none.
      """, valueName: "dinucleotide|genomic"))
  var makeNegatives: Kind?

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
    if makeNegatives == .genomic, input.peaks.isEmpty {
      throw ValidationError("genomic negatives need a genome; give --peaks and --genome")
    }
    let areGenomic = makeNegatives != .dinucleotide && !input.peaks.isEmpty
    if !areGenomic, exclude != nil || negativeRatio != 1 {
      throw ValidationError(
        "--exclude and --negative-ratio go with genomic negatives, those of --peaks")
    }
  }

  /// The plan for the negatives.
  func plan(seed: UInt64) -> PreparationPlan {
    var plan = PreparationPlan()
    plan.negatives = makeNegatives.flatMap { NegativeSource(rawValue: $0.rawValue) }
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
      "What the result is measured on: a share (0.2 by default), chromosomes, or a file.",
      valueName: "what"))
  var test: String?

  func validate() throws {
    for (name, text) in [("validation", validation), ("test", test)] {
      if let share = text.flatMap(Double.init), !(0..<1).contains(share) {
        throw ValidationError("--\(name) is \(share); a share is from 0 to below 1")
      }
    }
  }

  /// What an option asks for.
  enum Choice {
    case request(SplitRequest)
    case file(DatasetInput)
  }

  /// Reads an option: a number is a share, an existing file a file, anything else chromosomes.
  static func choice(_ text: String?, input: DatasetInput, genome: Genome?) throws -> Choice {
    guard let text else { return .request(.automatic) }
    if let share = Double(text) { return .request(.fraction(share)) }
    if FileManager.default.fileExists(atPath: text) {
      switch input {
      case .sequences: return .file(.sequences(positives: text, negatives: nil))
      case .table: return .file(.table(text))
      case .peaks(let files, let genome):
        guard files.count == 1 else {
          throw ValidationError("a file can't hold out several tasks; give chromosomes or a share")
        }
        return .file(.peaks([PeakFile(task: files[0].task, path: text)], genome: genome))
      }
    }
    let naming = SequenceNaming(known: genome?.sequences.map(\.name) ?? [])
    let names = text.split(separator: ",").map(String.init)
    return .request(.sequences(names.map { naming.resolve($0) ?? $0 }))
  }
}
