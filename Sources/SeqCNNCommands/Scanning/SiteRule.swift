internal import ArgumentParser
internal import Genomics
internal import Inference
internal import Models
internal import Networks

/// What makes a window's output a site.
enum SiteRule: Codable, Equatable {
  /// The greatest expected share of sites in no peak, among those that score as high.
  case fdr(Double)
  /// The greatest q-value against shuffles.
  case qValue(Double)
  case pValue(Double)
  /// A prediction: a probability, or a number.
  case threshold(Float)

  /// The rule in words.
  var description: String {
    switch self {
    case .fdr(let rate):
      "a false discovery rate of at most \(rate) and p-values of at most \(PeakOdds.largestPValue)"
    case .qValue(let value): "q-values of at most \(value)"
    case .pValue(let value): "p-values of at most \(value)"
    case .threshold(let value): "predictions of at least \(value)"
    }
  }
}

/// What `scan` calls sites.
struct SiteRuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The greatest false discovery rate: the expected share of sites in no peak, among all that score as high. \
      Needs a model that was trained with --genome.
      """, valueName: "rate"))
  var fdr: Double?

  @Option(
    help: ArgumentHelp(
      "The greatest q-value of a site, against shuffles (Benjamini and Hochberg).", valueName: "q"))
  var qValue: Double?

  @Option(
    help: ArgumentHelp(
      """
      The greatest p-value of a site; 1e-4 unless another rule is given, or the model learned k-mers from shuffles alone.
      """, valueName: "p"))
  var pValue: Double?

  @Option(
    help: ArgumentHelp(
      "The least probability of a site (the least number, for regression and scores).",
      valueName: "number"))
  var threshold: Float?

  @Option(
    help: ArgumentHelp(
      "The best sites of each task, so many; of those with p-values up to 0.001 unless another rule "
        + "is given.", valueName: "n"))
  var top: Int?

  func validate() throws {
    if [fdr != nil, qValue != nil, pValue != nil, threshold != nil].count(where: \.self) > 1 {
      throw ValidationError(
        "--fdr, --q-value, --p-value and --threshold are four rules; give one of them")
    }
    try NumberRule.fdr.check(fdr)
    try NumberRule.qValue.check(qValue)
    try NumberRule.pValue.check(pValue)
    try NumberRule.threshold.check(threshold.map(Double.init))
    try NumberRule.top.check(top)
  }

  var isEmpty: Bool {
    fdr == nil && qValue == nil && pValue == nil && threshold == nil && top == nil
  }

  private static let defaultPValue = 1e-4
  private static let pValueOfTop = 1e-3

  /// - Parameters:
  ///   - tasks: Those that are scanned for.
  ///   - sawGenome: Whether the model was trained on a genome.
  /// - Throws: `ValidationError` if the model can't be held to the rule.
  func rule(for model: Model, tasks: [Int], sawGenome: Bool) throws -> SiteRule {
    if let threshold {
      guard model.objective.predictionRange?.contains(threshold) ?? true else {
        throw ValidationError("--threshold is \(threshold); a probability is from 0 to 1")
      }
      return .threshold(threshold)
    }
    guard !model.background.isEmpty else {
      throw ValidationError(
        "the model knows no background scores, and a pipe can't be read twice to find them; give "
          + "--threshold, or the genome in a file")
    }
    if let pValue { return .pValue(pValue) }
    if let qValue { return .qValue(qValue) }
    if let fdr {
      try check(model, tasks: tasks, sawGenome: sawGenome)
      return .fdr(fdr)
    }
    return .pValue(top == nil ? Self.defaultPValue : Self.pValueOfTop)
  }

  /// - Throws: `ValidationError` if it isn't known how often the sites of a task lie in peaks.
  private func check(_ model: Model, tasks: [Int], sawGenome: Bool) throws {
    guard !model.peakOdds.isEmpty else {
      guard model.canMeasurePeakOdds else {
        throw ValidationError(
          "--fdr: the network reads each window anew, too slowly for training to count its false sites on a genome; "
            + "give --p-value, --q-value or --top")
      }
      throw ValidationError(
        "--fdr: the model was never measured on a genome, so nothing tells how many of its sites are false; "
          + (sawGenome
            ? "train it with a part of the genome for --test, such as the default share"
            : "train it with --genome, beside --peaks or --positives")
          + ", or give --p-value, --q-value or --top")
    }
    for task in tasks where !model.peakOdds[task].isKnown {
      throw ValidationError(
        "--fdr: the \(model.peakOdds[task].peaks) peaks of \(model.tasks[task].escapedForTerminal) that training "
          + "held out are too few to say how many sites are false (\(PeakOdds.fewestPeaks) are enough); give "
          + "--p-value, --q-value or --top")
    }
  }
}
