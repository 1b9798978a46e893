internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import Networks
internal import Training

// Why a training can't begin, in words.

extension TrainingOptions {
  /// Refuses to train on too little, and warns of little.
  func check(
    _ prepared: PreparedDataset, objective: Objective, recipe: Recipe, windowLength: Int
  ) throws {
    for side in Side.allCases
    where prepared[side].isEmpty && !(side == .test && splits.measuresNothing) {
      throw NothingToDoError(
        description: "no example is left for \(side.rawValue); give more examples, "
          + "or a larger --validation or --test")
    }
    if objective.hasNegatives { try checkClasses(of: prepared) }
    try checkLoss(recipe.training, objective: objective)
    for side in [Side.validation, .test] where !prepared[side].isEmpty {
      objective.scarcity(of: prepared[side], for: side.rawValue).map {
        shared.console.note("\($0); give more examples or a larger --\(side.rawValue)")
      }
    }
    for network in recipe.networks {
      try check(network, prepared, windowLength: windowLength)
    }
    if let problem = try recipe.sizeProblem(
      taskCount: prepared.train[0].labels.count, length: windowLength)
    {
      throw NothingToDoError(description: problem)
    }
  }

  /// Refuses keys of a recipe that the loss of the objective doesn't have.
  private func checkLoss(_ training: TrainingConfiguration, objective: Objective) throws {
    let isOfClasses = objective == .binary || objective == .categorical
    for (key, isGiven, isUsed, use) in [
      ("labelSmoothing", training.labelSmoothing ?? 0 > 0, isOfClasses, "classes"),
      ("classWeights", training.classWeights != nil, isOfClasses, "classes"),
      ("dispersion", training.dispersion ?? 0 > 0, objective == .count, "--objective count"),
    ] where isGiven && !isUsed {
      throw ValidationError(
        "the recipe's \(key.quoted) is for \(use), and the labels are others; leave it out")
    }
  }

  private func checkClasses(of prepared: PreparedDataset) throws {
    guard prepared.train.contains(where: \.isPositive) else {
      throw NothingToDoError(
        description: "no example to train on is bound, of no task; give some with the label 1")
    }
    try checkNegatives(of: prepared)
  }

  /// Refuses sequences that the network can't read.
  private func check(
    _ network: NetworkConfiguration, _ prepared: PreparedDataset, windowLength: Int
  ) throws {
    let shortest = try network.shortest(in: windowLength)
    let least = network.length ?? shortest
    let readers = network.length == nil ? [.train] : Side.allCases
    let lengths = Set(readers.flatMap { prepared[$0] }.map { max($0.bases.count, least) })
    guard !network.needsOneLength || lengths.count == 1 else {
      throw NothingToDoError(
        description: "the sequences have \(lengths.count) different lengths, "
          + "and this network learns from one; give --length")
    }
  }

  /// Refuses to train where the negatives are missing that training or calibration needs.
  private func checkNegatives(of prepared: PreparedDataset) throws {
    var shuffler = DinucleotideShuffler()
    let makesNone =
      !prepared.makesFreshNegatives
      || !prepared.train.contains { $0.isPositive && shuffler.canShuffle($0.bases) }
    for side in [Side.train, .validation] where !prepared[side].contains(where: \.isNegative) {
      if side == .train, prepared.makesFreshNegatives, !makesNone { continue }
      throw NothingToDoError(
        description:
          "no example for \(side.rawValue) is known not to be bound, and no positive has a "
          + "shuffle that differs from it; give negatives")
    }
  }
}

extension NetworkConfiguration {
  /// The length of the shortest sequence that the network reads, if windows are as long.
  ///
  /// - Throws: `NothingToDoError` if they are shorter.
  func shortest(in windowLength: Int) throws -> Int {
    var anyLength = self
    anyLength.length = nil
    let shortest = try anyLength.minimumLength()
    guard windowLength >= shortest else {
      throw NothingToDoError(
        description:
          "sequences of \(windowLength) bases are too short for the network, which reads "
          + "\(shortest) at least; give longer ones, with --length around peaks, or a network with narrower "
          + "filters or less pooling")
    }
    return shortest
  }
}
