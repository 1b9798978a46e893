internal import Foundation
internal import Networks

extension Model {
  /// The model whose probabilities hold for another share of positives.
  ///
  /// By Bayes' rule each logit rises by the difference of the log odds of both shares (Saerens, Latinne & Decaestecker
  /// 2002). Whatever depends on outputs moves with them: p-values and the odds of lying in a peak stay as they were.
  ///
  /// - Parameter prior: The share, above 0 and below 1.
  /// - Precondition: The model gives probabilities.
  public func assuming(prior: Double) -> Model {
    precondition(objective.givesProbabilities && prior > 0 && prior < 1, "a prior of \(prior)")
    let shifts = priors.map { Float(logOdds(prior) - logOdds($0)) }
    var model = Model(
      ensemble: ensemble.shifted(by: shifts), objective: objective, tasks: tasks,
      windowLength: windowLength, lengths: lengths, provenance: provenance,
      background: zip(background, shifts).map { $0.shifted(by: $1) })
    (model.atChance, model.fileDigest) = (atChance, fileDigest)
    model.peakOdds = zip(peakOdds, shifts).map { $0.shifted(by: $1) }
    model.priors = tasks.map { _ in prior }
    return model
  }
}

private func logOdds(_ share: Double) -> Double { log(share / (1 - share)) }
