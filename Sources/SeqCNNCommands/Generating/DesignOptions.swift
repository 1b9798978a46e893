internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

/// What is wanted of designed sequences.
struct DesignAimOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Models whose outputs are to be high.", valueName: "safetensors"))
  var model: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The tasks of --model that are to be high; all, unless given.", valueName: "name"))
  var task: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Models whose outputs are to be low.", valueName: "safetensors"))
  var avoid: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Tasks of --model that are to be low.", valueName: "name"))
  var avoidTask: [String] = []

  @Option(
    help: ArgumentHelp(
      "The output that is high enough, a logit for classification; edits end there.",
      valueName: "x"))
  var goal: Float?

  @Option(
    help: ArgumentHelp(
      "The output that is low enough for what is avoided; the median of background, unless given.",
      valueName: "x"))
  var ceiling: Float?

  func validate() throws {
    try NumberRule.goal.check(goal.map(Double.init))
    try NumberRule.ceiling.check(ceiling.map(Double.init))
  }

  /// The models, those that are avoided last.
  func models(console: Console) throws -> [Model] {
    try (model + avoid).map { try console.model(path: $0, readsSide: false) }
  }

  /// What is wanted of the models.
  func aims(for models: [Model]) throws -> DesignAims {
    let own = models.prefix(model.count)
    for name in task + avoidTask where !own.contains(where: { $0.tasks.contains(name) }) {
      throw ValidationError(
        "no model has the task \(name.quoted); take "
          + Set(own.flatMap(\.tasks)).sorted().map(\.quoted).joined(separator: " or "))
    }
    guard ceiling == nil || !avoid.isEmpty || !avoidTask.isEmpty else {
      throw ValidationError("--ceiling goes with --avoid or --avoid-task")
    }
    if let both = task.first(where: avoidTask.contains) {
      throw ValidationError("\(both.quoted) is both a --task and an --avoid-task")
    }
    var aims: [DesignAim] = []
    for (index, model) in models.enumerated() {
      for (number, name) in model.tasks.enumerated() {
        let isAvoided = index >= own.count || avoidTask.contains(name)
        guard isAvoided || task.isEmpty || task.contains(name) else { continue }
        aims.append(
          DesignAim(
            model: index, task: number, isWanted: !isAvoided,
            enough: isAvoided ? ceiling ?? model.medianOfBackground(task: number) : goal))
      }
    }
    guard aims.contains(where: \.isWanted) else {
      throw ValidationError("all tasks of --model are avoided; name one that is wanted by --task")
    }
    return DesignAims(aims, for: models)
  }
}

extension Model {
  /// The median output on background sequence; `nil` if the model knows no background.
  fileprivate func medianOfBackground(task: Int) -> Float? {
    guard !background.isEmpty else { return nil }
    let quantiles = background[task].quantiles
    return quantiles[quantiles.count / 2]
  }
}

/// What designed sequences keep to.
struct DesignConstraintOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The share of G and C, from and to.", valueName: "low-high"))
  var gcRange: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Words that stand on neither strand, such as GGTCTC; N stands for any base.",
      valueName: "word"))
  var forbid: [String] = []

  @Option(
    help: ArgumentHelp(
      "Motifs that have no site below --p-value on either strand.", valueName: "motifs"))
  var forbidMotifs: String?

  @Option(help: ArgumentHelp("Sites of --forbid-motifs have a p-value below it.", valueName: "p"))
  var pValue = 1e-4

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Positions that stay as they are in each sequence, counted from 1, such as 41-60.",
      valueName: "first-last"))
  var protect: [String] = []

  @Option(
    help: ArgumentHelp(
      "Parts of the sequences, by name, or of the genome that stay as they are.", valueName: "bed"))
  var protectBed: String?

  @Option(help: ArgumentHelp("The most bases that are changed in a sequence.", valueName: "n"))
  var maxEdits = 12

  func validate() throws {
    try NumberRule.pValue.check(pValue)
    try NumberRule.maxEdits.check(maxEdits)
    _ = try (gcShares, words, protectedRanges)
  }

  /// The share of G and C that `--gc-range` wants.
  var gcShares: ClosedRange<Double>? {
    get throws {
      guard let gcRange else { return nil }
      let ends = gcRange.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
      guard ends.count == 2, let low = ends[0], let high = ends[1], low >= 0, low <= high, high <= 1
      else {
        throw ValidationError(
          "--gc-range is \(gcRange.quoted); take two shares from 0 to 1, such as 0.4-0.6")
      }
      return low...high
    }
  }

  private var words: [EncodedSequence] {
    get throws {
      try forbid.map { text in
        let isPlain = text.uppercased().allSatisfy("ACGTUN".contains)
        guard isPlain, let word = EncodedSequence(text), word.codes.contains(where: { $0 < 4 })
        else {
          throw ValidationError("--forbid is \(text.quoted); take a word of A, C, G, T and N")
        }
        return word
      }
    }
  }

  private var protectedRanges: [Range<Int>] {
    get throws {
      try protect.map { text in
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
          first >= 1, first <= last
        else {
          throw ValidationError(
            "--protect is \(text.quoted); take positions counted from 1, such as 41-60")
        }
        return first - 1..<last
      }
    }
  }

  func constraints(console: Console) throws -> DesignConstraints {
    let motifs = try forbidMotifs.map { try console.motifs(path: $0) } ?? []
    return DesignConstraints(
      gc: try gcShares, words: try words, motifs: motifs.map { PValueTable($0, below: pValue) })
  }

  /// The places of each start that stay as they are.
  func protected(in starts: [DesignStart]) throws -> [Set<Int>] {
    let everywhere = try protectedRanges
    for (text, range) in zip(protect, everywhere) {
      if let short = starts.first(where: { range.upperBound > $0.bases.count }) {
        throw ValidationError(
          "--protect is \(text.quoted), and \(short.name.quoted) has \(short.bases.count) bases; take positions in it"
        )
      }
    }
    let hits = try protectBed.map { PlacedHits(try readPeaks($0)) }
    return starts.map { start in
      let placed =
        hits?.inside(start.place).map {
          $0.interval.start - start.place.start..<$0.interval.end - start.place.start
        } ?? []
      return Set((everywhere + placed).flatMap { $0.clamped(to: 0..<start.bases.count) })
    }
  }
}

/// A sequence that is edited.
struct DesignStart {
  let name: String
  /// Where it stands in the genome, or in the sequence of its name.
  let place: GenomicInterval
  let bases: EncodedSequence
}
