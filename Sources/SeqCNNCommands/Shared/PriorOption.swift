internal import ArgumentParser
internal import Genomics
internal import Models
internal import Networks

/// What commands take that print probabilities.
struct PriorOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The share of sequences that are bound for which probabilities hold; the one that the model was calibrated \
      with unless given, one half as a rule.
      """, valueName: "share"))
  var prior: Double?

  func validate() throws { try NumberRule.prior.check(prior) }

  /// The model with the prior that was asked for.
  ///
  /// - Throws: `ValidationError` if the model gives no probabilities.
  func applied(to model: Model) throws -> Model {
    guard let prior else { return model }
    guard model.objective.givesProbabilities else {
      throw ValidationError(
        "--prior: the model predicts \(model.objective.rawValue) and no probabilities; leave it out"
      )
    }
    return model.assuming(prior: prior)
  }
}

/// For which shares of bound sequences the probabilities of some tasks hold, in words: `0.5`, or `A 0.5, B 0.12`.
func priorWords(_ priors: [Double], tasks: [String]) -> String {
  guard Set(priors).count > 1 else { return "\(Float(priors[0]))" }
  return zip(tasks, priors).map { "\($0.escapedForTerminal) \(Float($1))" }
    .joined(separator: ", ")
}

extension Model {
  /// For which share of bound sequences the probabilities hold, in words; `nil` if there are none.
  var priorNote: String? {
    guard objective.givesProbabilities else { return nil }
    return "probabilities hold if this share of the sequences is bound: "
      + "\(priorWords(priors, tasks: tasks)); --prior sets another"
  }
}
