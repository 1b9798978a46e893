internal import Genomics
internal import Inference
internal import Models
internal import Networks

/// The table of `predict`.
struct PredictionTable {
  private let model: Model
  private let scorer: SequenceScorer
  private let hasRegions: Bool
  /// `nil` unless it is asked for.
  private let spread: PredictionSpread?

  init(
    _ model: Model, reduction: WindowReduction, hasRegions: Bool, spread: PredictionSpread? = nil
  ) {
    self.model = model
    self.hasRegions = hasRegions
    self.spread = spread
    scorer = SequenceScorer(model, reduction: reduction)
  }

  private static let windowColumns = ["window_start", "window_end", "strand", "evalue"]

  var header: String {
    let tasks = model.tasks.map(\.tableField)
    let own = (spread == nil ? [] : ["spread"]) + Self.windowColumns
    let windows =
      tasks.count == 1 ? own : tasks.flatMap { task in own.map { "\(task).\($0)" } }
    let columns =
      ["name"] + (hasRegions ? ["chrom", "start", "end"] : []) + tasks + windows + ["reason"]
    return columns.joined(separator: "\t") + "\n"
  }

  /// The rows of records, each of which is counted. While long sequences are read, a line tells how far that is.
  func rows(
    of records: [ScoringInput.Record], options: SharedOptions, ledger: inout Ledger
  ) -> String {
    let (sequences, threads) = (records.map(\.sequence), options.threads)
    let windows = sequences.reduce(0) { $0 + scorer.windowCount(of: $1) }
    let progress = SharedProgress(
      options.console.progress("predict", unit: "windows", total: windows))
    let scores = scorer.scores(of: sequences, threads: threads) { progress.add($0) }
    progress.finish()
    var spreads = spreads(of: records, scores, threads: threads).makeIterator()
    var text = ""
    for (record, score) in zip(records, scores) {
      let region = record.region.map { [$0.sequence, "\($0.start)", "\($0.end)"] } ?? []
      var fields = ([record.name] + region).map(\.tableField)
      switch score {
      case .success(let score):
        ledger.use()
        let spread = spread.flatMap { _ in spreads.next() }
        fields += self.fields(of: score, from: record.stretch?.start ?? 0, spread) + [""]
      case .failure(let problem):
        let reason = record.problem ?? problem.description
        ledger.drop(reason)
        let columns = 1 + Self.windowColumns.count + (spread == nil ? 0 : 1)
        let missing = model.tasks.count * columns
        fields += [String](repeating: "NA", count: missing) + [reason]
      }
      text += fields.joined(separator: "\t") + "\n"
    }
    return text
  }

  /// How far the networks disagree about the best window of each task, for the records that have a score.
  private func spreads(
    of records: [ScoringInput.Record], _ scores: [Result<SequenceScore, UnscorableSequence>],
    threads: Int
  ) -> [[Float]] {
    guard let spread else { return [] }
    let read = zip(records, scores).compactMap { record, score in
      (try? score.get()).map { (record.sequence, $0) }
    }
    let tasks = model.tasks.indices
    let byTask = tasks.map { task in
      spread.spreads(of: read.map { $0[$1.windows[task].place] }, threads: threads)
    }
    return read.indices.map { row in tasks.map { byTask[$0][row][$0] } }
  }

  private func fields(of score: SequenceScore, from start: Int, _ spread: [Float]?) -> [String] {
    score.predictions.map { "\($0)" }
      + score.windows.indices.flatMap { task -> [String] in
        let window = score.windows[task].place
        return (spread.map { ["\($0[task])"] } ?? []) + [
          "\(start + window.lowerBound)", "\(start + window.upperBound)",
          score.windows[task].strand.rawValue,
          score.expectedByChance(task: task, model: model).map { "\($0)" } ?? "NA",
        ]
      }
  }
}
