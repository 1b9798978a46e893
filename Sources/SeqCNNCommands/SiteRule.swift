internal import ArgumentParser
internal import Inference
internal import Models
internal import Networks

/// What makes a window's output a site.
enum SiteRule: Codable, Equatable {
  case fdr(Double)
  case pValue(Double)
  /// A prediction: a probability, or a number.
  case threshold(Float)

  /// The rule in words.
  var description: String {
    switch self {
    case .fdr(let rate): "a false discovery rate of at most \(rate)"
    case .pValue(let value): "p-values of at most \(value)"
    case .threshold(let value): "predictions of at least \(value)"
    }
  }
}

/// What `scan` calls sites.
struct SiteRuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The greatest q-value of a site: false discovery rate over the windows of the scan.",
      valueName: "rate"))
  var fdr: Double?

  @Option(
    help: ArgumentHelp(
      "The greatest p-value of a site; 1e-4 unless another rule is given.", valueName: "p"))
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
    if [fdr != nil, pValue != nil, threshold != nil].count(where: \.self) > 1 {
      throw ValidationError("--fdr, --p-value and --threshold are three rules; give one of them")
    }
    try NumberRule.fdr.check(fdr)
    try NumberRule.pValue.check(pValue)
    try NumberRule.threshold.check(threshold.map(Double.init))
    try NumberRule.top.check(top)
  }

  var isEmpty: Bool { fdr == nil && pValue == nil && threshold == nil && top == nil }

  private static let defaultPValue = 1e-4
  private static let pValueOfTop = 1e-3

  /// - Throws: `ValidationError` if the model can't be held to the rule.
  func rule(for model: Model) throws -> SiteRule {
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
    if let fdr { return .fdr(fdr) }
    return .pValue(top == nil ? Self.defaultPValue : Self.pValueOfTop)
  }
}
