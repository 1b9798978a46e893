internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs
internal import Networks

extension ModelMotifs {
  static let fileNames = ["motifs.meme", "motifs.tsv", "motifs.npz"]

  /// Writes the files of the motifs; none if there are no motifs.
  func write(
    tasks: [String], origin: OutputOrigin, to directory: borrowing OutputDirectory,
    in outputs: inout OutputTransaction
  ) throws {
    guard !motifs.isEmpty else { return }
    var meme = try directory.file(named: "motifs.meme")
    try meme.write(
      memeText(motifs.map(\.motif), background: .uniform, comment: origin.comment))
    outputs.add(try meme.finish())
    var table = try directory.file(named: "motifs.tsv")
    try table.write(self.table(tasks: tasks))
    outputs.add(try table.finish())
    var archive = NPZWriter(try directory.file(named: "motifs.npz"))
    for motif in motifs {
      try archive.write(
        motif.motif.name, shape: [4, motif.pattern.width],
        scalars: (0..<4).flatMap { base in motif.pattern.contributions.map { $0[base] } })
    }
    outputs.add(try archive.finish())
  }

  private func table(tasks: [String]) -> String {
    let columns = [
      "motif", "task", "sign", "sites", "share", "measured", "with_hit", "negatives",
      "negatives_with_hit", "score_fall", "output_fall", "width", "consensus", "match",
      "match_name", "pvalue", "evalue", "qvalue",
    ]
    let lines = motifs.map { motif -> String in
      let (effect, best) = (motif.effect, motif.match.best)
      let name = motif.match.motif.map {
        [$0.name.tableField, ($0.alternateName ?? ".").tableField]
      }
      let fields: [String] =
        [
          motif.motif.name, tasks[motif.task].tableField, motif.pattern.isPositive ? "+" : "-",
          "\(motif.pattern.sites.count)", precise(motif.pattern.share),
          "\(effect.positives.measured)", "\(effect.positives.withHit)",
          effect.negatives.map { "\($0.measured)" } ?? ".",
          effect.negatives.map { "\($0.withHit)" } ?? ".",
          effect.scoreFall.map { precise($0) } ?? ".",
          effect.outputFall.map { precise($0) } ?? ".", "\(motif.motif.width)",
          motif.motif.probabilities.consensus,
        ] + (name ?? ["no match", "."])
        + [best.match.pValue, best.eValue, best.qValue].map { precise($0) }
      return fields.joined(separator: "\t") + "\n"
    }
    return columns.joined(separator: "\t") + "\n" + lines.joined()
  }

  private static let mostShown = 5

  /// The motifs that matter most, a line each.
  func summary(of model: Model) -> [String] {
    let isOfSeveral = model.tasks.count > 1
    let shown = motifs.prefix(Self.mostShown).map { motif in
      let task = isOfSeveral ? "\(model.tasks[motif.task].escapedForTerminal): " : ""
      return "\(task)\(motif.motif.name): \(motif.motif.probabilities.consensus), "
        + "\(motif.match)".escapedForTerminal + ", "
        + motif.effectWords(measure: model.objective.measureName)
    }
    guard !shown.isEmpty else {
      return [
        "no motif: no stretch contributes more than those of shuffled sequences, or too few are alike"
      ]
    }
    let rest = motifs.count - shown.count
    return shown + (rest > 0 ? ["\(rest) more motifs in motifs.meme"] : [])
  }

  /// How the motifs were found, in words.
  func note(of model: Model) -> String {
    let sources = model.objective.hasClasses ? "positives" : "sequences"
    let sequences = "up to \(grouped(plan.sequences)) training \(sources)"
    let left = leftOut.reduce(0, +)
    return
      "What each base contributes to the output of the whole model was found in \(sequences), and stretches that "
      + "contribute more than those of shuffled sequences were grouped. A motif's rank is how much the "
      + "\(model.objective.measureName) on up to \(grouped(plan.heldOut)) held-out sequences falls when its hits are "
      + "replaced by shuffled bases."
      + (left > 0 ? " \(left) motifs that matter less are left out." : "")
      + (plan.tasks.count < model.tasks.count && model.objective != .ordinal
        ? " Motifs were looked for in the first \(plan.tasks.count) of \(model.tasks.count) tasks, to spare time."
        : "")
  }
}

extension MotifEffect.Share {
  fileprivate var words: String {
    "\(withHit == 0 ? "none" : grouped(withHit)) of \(grouped(measured))"
  }
}

extension MotifEffect {
  /// How many held-out sequences have a hit.
  fileprivate var words: String {
    guard let negatives else { return "in \(positives.words) held-out sequences" }
    return "in \(positives.words) held-out positives and \(negatives.words) negatives"
  }
}

extension ModelMotif {
  /// What the model loses without it.
  func effectWords(measure: String) -> String {
    guard effect.positives.measured > 0 else { return "no sequence was held out to measure it on" }
    let places = effect.words
    guard let fall = effect.scoreFall, effect.outputFall != nil else { return places }
    let change =
      fall >= 0
      ? "\(measure) falls by \(fixed(fall, 4))" : "\(measure) rises by \(fixed(-fall, 4))"
    return "\(places); without it the \(change)"
  }

  /// What is known of it, a sentence each.
  func notes(measure: String) -> [String] {
    let match = match
    return [
      pattern.isPositive ? "Raises the output." : "Lowers the output.",
      "\(grouped(pattern.sites.count)) sites in training sequences.",
      effectWords(measure: measure).capitalizedFirst + ".",
      match.motif == nil
        ? "No motif of \(match.database) is like it (the best has E = \(figure(match.best.eValue, 2)))."
        : "Matches \(match) of \(match.database): p = \(figure(match.best.match.pValue, 2)), "
          + "E = \(figure(match.best.eValue, 2)).",
    ]
  }
}
