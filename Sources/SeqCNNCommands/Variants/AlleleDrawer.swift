internal import Genomics
internal import Inference
internal import Models
internal import Motifs
internal import Reports

/// Draws what the bases of both alleles contribute, with the motifs that are in them.
struct AlleleDrawer {
  let model: Model
  let scorer: VariantScorer
  let seed: UInt64
  let threads: Int

  /// The share of what a motif contributes that has to change for the change to be told.
  private static let leastChange: Float = 0.1
  /// The bases on either side of the middle that are drawn.
  private static let reach = 30

  /// The maps of both alleles, and the motifs that one has and the other hasn't.
  func blocks(of point: VariantPoint, _ tasks: [String]) throws -> [ReportBlock] {
    guard let windows = try scorer.windows(of: point.variant, alternate: point.allele) else {
      return []
    }
    let explainer = SequenceExplainer(model, seed: seed)
    let explained = explainer.explanations(
      of: [windows.reference, windows.alternate], task: point.task, threads: threads
    ).compactMap { try? $0.get() }
    guard explained.count == 2 else { return [] }
    let motifs = model.motifs.filter { $0.task == point.task }.map(\.contributed)
    let hits = ContributionReconstruction(motifs).hits(
      in: explained.map(\.contributed), null: [], threads: threads)
    let task = tasks.count > 1 ? "\(tasks[point.task]): " : ""
    let p = point.pValue.map { ", p = \(figure($0, 4))" } ?? ""
    let change = changeWords(hits, of: motifs, explained)
    let tracks = zip(explained, hits).map { track($0, $1, of: motifs) }
    let heights = tracks.flatMap(\.contributions)
    return [
      .text(
        "\(task)\(point.name), difference \(figure(Double(point.difference), 3))\(p). \(change)"),
      .figures(
        zip(["reference", "alternate"], zip(explained, tracks)).map { name, found in
          var (explanation, track) = found
          track.range = min(0, heights.min() ?? 0)...max(0, heights.max() ?? 0)
          return .contributions(
            track, title: "\(point.name), \(name), output \(fixed(Double(explanation.output), 2))")
        }),
    ]
  }

  /// Which motifs the change makes or breaks, strengthens or weakens: those with a hit over the middle, by what its bases
  /// contribute.
  private func changeWords(
    _ hits: [[ContributionHit]], of motifs: [ContributionMotif], _ explained: [Explanation]
  ) -> String {
    let middle = model.windowLength / 2
    let found = zip(hits, explained).map { own, explanation -> [Int: Float] in
      let contributions = explanation.contributions
      return own.worthNaming(of: motifs).reduce(into: [:]) { sums, hit in
        let place = hit.start..<hit.start + motifs[hit.motif].width
        guard place.lowerBound <= middle, place.upperBound >= middle else { return }
        sums[hit.motif] = max(sums[hit.motif] ?? 0, abs(contributions[place].reduce(0, +)))
      }
    }
    let changes = Set(found.flatMap(\.keys)).sorted().compactMap { motif -> String? in
      let (name, before, after) = (motifs[motif].name, found[0][motif], found[1][motif])
      guard let before else { return "gains \(name)" }
      guard let after else { return "loses \(name)" }
      guard abs(after - before) > Self.leastChange * max(before, after) else { return nil }
      return "\(after > before ? "strengthens" : "weakens") \(name), whose bases contribute "
        + "\(figure(Double(after), 3)) instead of \(figure(Double(before), 3))"
    }
    if !changes.isEmpty { return "The alternate allele \(changes.joined(separator: " and "))." }
    return motifs.isEmpty ? "" : "No motif of the model changes there."
  }

  private func track(
    _ explanation: Explanation, _ hits: [ContributionHit], of motifs: [ContributionMotif]
  ) -> SequenceTrack {
    let middle = explanation.bases.count / 2
    let drawn =
      max(0, middle - Self.reach)..<min(explanation.bases.count, middle + Self.reach + 1)
    var track = SequenceTrack(
      codes: Array(explanation.bases.codes[drawn]),
      contributions: Array(explanation.contributions[drawn]))
    track.firstPosition = drawn.lowerBound - middle
    track.marks = hits.marks(of: motifs, in: drawn)
    return track
  }
}
