internal import Genomics
internal import Inference
internal import Models
internal import Networks
internal import Tensors

/// What a scan found out beside its sites, and what is called one: all that the shards of a scan must agree
/// in, and their windows counted.
struct SiteCaller: Codable, Equatable {
  let rule: SiteRule
  let top: Int?
  let objective: Objective
  /// The names of the tasks that were scanned for.
  let tasks: [String]
  let windowLength: Int
  /// The bases that a site has.
  let siteWidth: Int
  /// For each task the share of bound windows that probabilities hold for.
  let priors: [Double]
  /// One per task, or none.
  let background: [ScoreDistribution]
  /// One per task, or none.
  let peakOdds: [PeakOdds]
  /// A caution about the sites; `nil` if there is no reason for one.
  let warning: String?
  /// The length of the longest sequence of the genome, which decides the kind of index.
  var longestSequence: Int

  init(rule: SiteRule, top: Int?, model: Model, tasks: [Int], warning: String?) {
    self.rule = rule
    self.warning = warning
    self.top = top
    objective = model.objective
    self.tasks = tasks.map { model.tasks[$0] }
    windowLength = model.windowLength
    siteWidth = SitePlacer(model).width
    priors = tasks.map { model.priors[$0] }
    background = model.background.isEmpty ? [] : tasks.map { model.background[$0] }
    peakOdds =
      model.background.isEmpty || model.peakOdds.isEmpty ? [] : tasks.map { model.peakOdds[$0] }
    longestSequence = 0
  }

  /// How many sites there are, and why they are fewer than `--top` asks for.
  ///
  /// - Parameter counts: Those of each task.
  /// - Returns: What to say of them, and what to add if there are too few.
  private func words(onSites counts: [Int]) -> (result: String, shortfall: String?) {
    let result = "\(grouped(counts.reduce(0, +))) sites"
    guard let top, let fewest = counts.min(), fewest < top else { return (result, nil) }
    let whose =
      counts.count > 1 ? " of \(tasks[counts.firstIndex(of: fewest) ?? 0].escapedForTerminal)" : ""
    let why = "--top \(grouped(top)): there are only \(grouped(fewest)) sites\(whose)"
    if case .pValue(1) = rule {
      return (result, "\(why); of windows whose sites share a base only the best counts")
    }
    return (
      result,
      "\(why) with \(rule.description); a laxer rule, such as a larger --p-value, gives more"
    )
  }

  /// The least output of each task that may turn out to be a site's; none if there can't be one.
  var leastOutputs: [Float] {
    switch rule {
    case .threshold(let threshold):
      tasks.map { _ in objective.output(ofPrediction: threshold) }
    // A q-value is never below its p-value.
    case .pValue(let value), .qValue(let value):
      background.map { $0.leastScore(ofPValue: value) ?? .infinity }
    case .fdr:
      background.map { $0.leastScore(ofPValue: PeakOdds.largestPValue) ?? .infinity }
    }
  }

  /// What is said of a finished scan, a line each.
  ///
  /// - Parameters:
  ///   - windows: Those that were scored.
  ///   - summary: The first line, from the words on how many sites there are.
  func words(
    on tallies: [SiteTally], _ calls: SiteCalls, windows: Int, hasTrack: Bool,
    summary: (String) -> String
  ) -> [String] {
    let (result, shortfall) = words(onSites: tallies.map(\.count))
    return [summary(result)] + words(onPeaks: tallies, calls)
      + words(onChance: tallies, windows: windows) + (hasTrack ? wordsOnTracks : [])
      + [shortfall].compactMap(\.self)
  }

  /// How many sites chance gives, if nothing tells how many lie in peaks: a line per task; none if there are no
  /// p-values.
  ///
  /// - Parameter windows: Those that were scored.
  private func words(onChance tallies: [SiteTally], windows: Int) -> [String] {
    guard peakOdds.isEmpty else { return [] }
    return zip(zip(tasks, background), tallies).compactMap { task, tally in
      guard tally.count > 0 else { return nil }
      let expected = task.1.expectedSites(
        scoring: tally.leastOutput, windows: windows, placesPerWindow: windowLength - siteWidth + 1)
      return
        "\(task.0.escapedForTerminal): as long a shuffled sequence has about "
        + "\(grouped(Int(expected.rounded()))) sites that score as high as the last of these; a genome holds repeats "
        + "and sites of other proteins besides, and how many sites lie in peaks was never measured"
    }
  }

  /// How many sites are expected in no peak, and what share of the peaks has one: a line per task; none if that
  /// isn't known.
  private func words(onPeaks tallies: [SiteTally], _ calls: SiteCalls) -> [String] {
    zip(tasks, peakOdds).enumerated().map { index, task in
      let (name, odds, tally) = (task.0.escapedForTerminal, task.1, tallies[index])
      guard odds.isKnown else {
        return
          "\(name): the \(odds.peaks) peaks that training held out are too few to say how many sites "
          + "are false"
      }
      guard tally.count > 0 else {
        guard case .fdr = rule, let least = calls.falseShares[index].least else {
          return "\(name): no site"
        }
        return "\(name): no site; the lowest rate that any reaches is \(figure(least, 2))"
      }
      let share = tally.expectedFalse / Double(tally.count)
      let recovered = odds.recoveredShare(from: tally.leastOutput)
      let isComplete =
        background[index].leastScore(ofPValue: PeakOdds.largestPValue).map {
          $0 <= tally.leastOutput
        }
        ?? false
      return
        "\(name): \(grouped(Int(tally.expectedFalse.rounded()))) of \(grouped(tally.count)) sites are "
        + "expected in no peak (\(percent(share))) if peaks are as frequent as where training held them out; of those "
        + "\(odds.peaks) peaks \(isComplete ? "" : "at least ")\(percent(recovered)) have a "
        + "site that scores as high" + (share > 0.5 ? hint(odds, tally) : "")
    }
  }

  /// Advice where many sites are false.
  private func hint(_ odds: PeakOdds, _ tally: SiteTally) -> String {
    let surest = odds.probability(ofOutput: tally.greatestOutput)
    return surest >= 0.9
      ? "; --fdr 0.1 calls the surest"
      : "; the surest lies in a peak with a probability of \(figure(surest, 2))"
  }
}

extension SiteCaller {
  /// Which task the tracks hold, if there are several, and the balance of windows that probabilities hold for: a line, or none.
  private var wordsOnTracks: [String] {
    let alone = tasks.count > 1 ? " of \(tasks[0].escapedForTerminal) alone (--tasks chooses)" : ""
    guard objective.givesProbabilities else {
      return alone.isEmpty ? [] : ["tracks hold the predictions\(alone)"]
    }
    return [
      "tracks hold the \(predictionWords(task: 0))\(alone); `scan --prior` sets another share"
    ]
  }

  /// What the predictions of a task are: of a probability with the share of bound windows that it holds for.
  func predictionWords(task: Int) -> String {
    objective.givesProbabilities
      ? "probability where \(percent(priors[task])) of windows are bound" : "predictions"
  }
}
