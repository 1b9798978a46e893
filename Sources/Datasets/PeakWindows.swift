package import Genomics

/// The peaks of one task.
package struct PeakSet: Sendable {
  package let task: String
  package let peaks: [Peak]

  package init(task: String, peaks: [Peak]) {
    self.task = task
    self.peaks = peaks
  }
}

/// Cuts a window around the centre of each peak, labelled 1.
///
/// The base at the peak's centre stands at offset `length / 2`. A peak is dropped, and counted, where
/// the genome has no such sequence, the window runs off its end, more than half of the window's bases
/// are unknown, or an earlier peak gave the same window.
///
/// - Parameters:
///   - length: The number of bases of a window, above 0.
///   - naming: The genome's name of a sequence that the peaks name.
///   - ledger: Counts each peak.
package func examples(
  around peaks: [Peak], length: Int, genome: some BaseSource, naming: (String) -> String?,
  ledger: inout Ledger
) throws -> [Example] {
  precondition(length > 0, "windows of \(length) bases")
  var windows: [GenomicInterval] = []
  var strengths: [Double?] = []
  var seen: Set<GenomicInterval> = []
  for peak in peaks {
    guard
      let window = window(
        around: peak, length: length, genome: genome, naming: naming, ledger: &ledger)
    else { continue }
    if seen.insert(window).inserted {
      windows.append(window)
      strengths.append(peak.signalValue ?? peak.score)
    } else {
      ledger.drop("same window as an earlier peak")
    }
  }
  var bases = [EncodedSequence?](repeating: nil, count: windows.count)
  try genome.forEachWindow(windows) { index, codes in
    let sequence = EncodedSequence(codes: Array(codes))
    if !sequence.isMostlyUnknown { bases[index] = sequence }
  }
  let examples = windows.indices.compactMap { index in
    bases[index].map {
      Example(window: windows[index], bases: $0, labels: [1], strength: strengths[index])
    }
  }
  ledger.use(examples.count)
  ledger.drop("more than half of the bases unknown", count: windows.count - examples.count)
  return examples
}

/// The window of `length` bases whose base at offset `length / 2` is a peak's centre, under the
/// genome's name of the sequence.
///
/// - Returns: `nil`, and counts the peak as dropped, where the genome has no such sequence or the
///   window runs off its end.
func window(
  around peak: Peak, length: Int, genome: some BaseSource, naming: (String) -> String?,
  ledger: inout Ledger
) -> GenomicInterval? {
  guard let name = naming(peak.interval.sequence), genome.length(of: name) != nil else {
    ledger.drop("no such sequence in the genome")
    return nil
  }
  let window = GenomicInterval.centered(on: peak.center, length: length, in: name)
  guard genome.contains(window) else {
    ledger.drop("window off the end of the sequence")
    return nil
  }
  return window
}

extension Dataset {
  /// The windows around the peaks of every set, a task a set.
  ///
  /// A window is 1 for a task where it holds the centre of one of the task's peaks (so for the task
  /// whose peak it was cut around), 0 if it shares no base with any of them, and not measured
  /// if it has only other bases of one: the site may stand outside. A window that several sets give is one example.
  ///
  /// The strength of several tasks' peaks is minus the rank among those of the task, from 0, so that they
  /// compare; that of a window that several sets give is the highest.
  ///
  /// - Parameters:
  ///   - ledgers: One for each set; the peaks are counted as in `examples(around:…)`.
  package init(
    peakSets: [PeakSet], length: Int, genome: some BaseSource, naming: (String) -> String?,
    ledgers: inout [Ledger]
  ) throws {
    precondition(ledgers.count == peakSets.count, "\(ledgers.count) ledgers")
    let places = peakSets.map { set in
      TaskPlaces(
        set.peaks.compactMap { peak in
          naming(peak.interval.sequence).map { (peak.interval.renamed($0), peak.center) }
        })
    }
    var merged: [Example] = []
    var indices: [GenomicInterval: Int] = [:]
    for (task, set) in peakSets.enumerated() {
      let cut = try Datasets.examples(
        around: set.peaks, length: length, genome: genome, naming: naming, ledger: &ledgers[task])
      let strengths = peakSets.count > 1 ? minusRanks(of: cut.map(\.strength)) : cut.map(\.strength)
      for (var example, strength) in zip(cut, strengths) {
        guard let window = example.interval else { continue }
        if let index = indices[window] {
          merged[index].labels[task] = 1
          merged[index].strength = [merged[index].strength, strength].compactMap(\.self).max()
          continue
        }
        example.strength = strength
        example.labels = places.map { $0.label(of: window) }
        example.labels[task] = 1
        indices[window] = merged.count
        merged.append(example)
      }
    }
    self.init(tasks: peakSets.map(\.task), examples: merged)
  }
}

/// Minus the rank of each strength, the largest and of equals the first being 0.
private func minusRanks(of strengths: [Double?]) -> [Double?] {
  let known = strengths.indices.filter { strengths[$0] != nil }
  let order = known.sorted { (-strengths[$0]!, $0) < (-strengths[$1]!, $1) }
  var ranks = [Double?](repeating: nil, count: strengths.count)
  for (rank, index) in order.enumerated() { ranks[index] = -Double(rank) }
  return ranks
}

/// Where the peaks of a task stand.
private struct TaskPlaces {
  private let peaks, centers: IntervalSet

  init(_ places: [(peak: GenomicInterval, center: Int)]) {
    peaks = IntervalSet(places.map(\.peak))
    centers = IntervalSet(
      places.map { GenomicInterval($0.peak.sequence, start: $0.center, end: $0.center + 1) })
  }

  func label(of window: GenomicInterval) -> Float {
    centers.overlaps(window) ? 1 : peaks.overlaps(window) ? .nan : 0
  }
}
