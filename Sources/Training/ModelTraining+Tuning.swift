internal import Datasets
internal import Networks

extension ModelTraining {
  /// A search for the recipe that the model is to be trained by; the training examples are cross-validated.
  ///
  /// - Parameters:
  ///   - space: What may be changed in the recipe.
  ///   - windowLength: The length of the sequences.
  /// - Throws: What dividing the examples throws; `TrainingError`.
  public func search(_ space: SearchSpace, trials: Int, folds: Int, windowLength: Int) throws
    -> TuningSearch
  {
    let examples = selected(prepared.train)
    return try TuningSearch(
      recipe, space: space, trials: trials, folds: parts(of: examples, count: folds),
      final: TuningPart(
        training: examples, scored: prepared.validation, kmers: nil, threads: threads),
      windowLength: windowLength, objective: objective,
      makesShuffles: prepared.makesFreshNegatives, seed: seed)
  }

  /// Each fold to be scored on, and the others to train on, with the k-mer table that the model is to
  /// have, trained on these.
  private func parts(of examples: [Example], count: Int) throws -> [TuningPart] {
    let folds = try Datasets.folds(
      of: examples, count: count, areClasses: objective.hasClasses, seed: seed)
    return folds.map { fold in
      let scored = fold.map { examples[$0] }
      let others = Set(examples.indices).subtracting(fold).sorted().map { examples[$0] }
      return TuningPart(
        training: others,
        scored: prepared.makesFreshNegatives
          ? scored + shuffledNegatives(of: scored.filter(\.isPositive), seed: seed) : scored,
        kmers: kmerTable(others), threads: threads)
    }
  }
}
