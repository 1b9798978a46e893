internal import Genomics
internal import Inference
internal import Models
internal import Networks

/// The table of `predict`.
struct PredictionTable {
  private let model: Model
  private let scorer: SequenceScorer
  private let hasRegions: Bool

  init(_ model: Model, reduction: WindowReduction, hasRegions: Bool) {
    self.model = model
    self.hasRegions = hasRegions
    scorer = SequenceScorer(model, reduction: reduction)
  }

  private static let windowColumns = ["window_start", "window_end", "strand", "evalue"]

  var header: String {
    let tasks = model.tasks.map(\.tableField)
    let windows =
      tasks.count == 1
      ? Self.windowColumns : tasks.flatMap { task in Self.windowColumns.map { "\(task).\($0)" } }
    let columns =
      ["name"] + (hasRegions ? ["chrom", "start", "end"] : []) + tasks + windows + ["reason"]
    return columns.joined(separator: "\t") + "\n"
  }

  /// The rows of records, each of which is counted.
  func rows(of records: [ScoringInput.Record], threads: Int, ledger: inout Ledger) -> String {
    let scores = scorer.scores(of: records.map(\.bases), threads: threads)
    var text = ""
    for (record, score) in zip(records, scores) {
      let region = record.region.map { [$0.sequence, "\($0.start)", "\($0.end)"] } ?? []
      var fields = ([record.name] + region).map(\.tableField)
      switch score {
      case .success(let score):
        ledger.use()
        fields += self.fields(of: score, from: record.stretch?.start ?? 0) + [""]
      case .failure(let problem):
        let reason = record.problem ?? problem.description
        ledger.drop(reason)
        let missing = model.tasks.count * (1 + Self.windowColumns.count)
        fields += [String](repeating: "NA", count: missing) + [reason]
      }
      text += fields.joined(separator: "\t") + "\n"
    }
    return text
  }

  private func fields(of score: SequenceScore, from start: Int) -> [String] {
    score.predictions.map { "\($0)" }
      + score.windows.indices.flatMap { task -> [String] in
        let window = score.windows[task].place
        return [
          "\(start + window.lowerBound)", "\(start + window.upperBound)",
          score.windows[task].strand.rawValue,
          score.expectedByChance(task: task, model: model).map { "\($0)" } ?? "NA",
        ]
      }
  }
}
