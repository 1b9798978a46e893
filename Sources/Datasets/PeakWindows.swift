public import Genomics

/// The peaks of one task.
public struct PeakSet: Sendable {
  public let task: String
  public let peaks: [Peak]

  public init(task: String, peaks: [Peak]) {
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
public func examples(
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
public func window(
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
  /// A window is 1 for a task where its central base lies in one of the task's peaks (so for the task
  /// whose peak it was cut around), 0 where it shares no base with any of them, and not measured
  /// where it only touches one. A window that several sets give is one example.
  ///
  /// - Parameters:
  ///   - ledgers: One for each set; the peaks are counted as in `examples(around:…)`.
  public init(
    peakSets: [PeakSet], length: Int, genome: some BaseSource, naming: (String) -> String?,
    ledgers: inout [Ledger]
  ) throws {
    precondition(ledgers.count == peakSets.count, "\(ledgers.count) ledgers")
    let covered = peakSets.map { set in
      IntervalSet(
        set.peaks.compactMap { peak in naming(peak.interval.sequence).map(peak.interval.renamed) })
    }
    var merged: [Example] = []
    var indices: [GenomicInterval: Int] = [:]
    for (task, set) in peakSets.enumerated() {
      let cut = try Datasets.examples(
        around: set.peaks, length: length, genome: genome, naming: naming, ledger: &ledgers[task])
      for var example in cut {
        guard let window = example.interval else { continue }
        if let index = indices[window] {
          merged[index].labels[task] = 1
          continue
        }
        example.labels = covered.map { label(of: window, covered: $0) }
        example.labels[task] = 1
        indices[window] = merged.count
        merged.append(example)
      }
    }
    self.init(tasks: peakSets.map(\.task), examples: merged)
  }
}

private func label(of window: GenomicInterval, covered: IntervalSet) -> Float {
  let center = window.start + window.length / 2
  if covered.overlaps(GenomicInterval(window.sequence, start: center, end: center + 1)) { return 1 }
  return covered.overlaps(window) ? .nan : 0
}

extension GenomicInterval {
  /// The same positions of a sequence of another name.
  func renamed(_ name: String) -> GenomicInterval {
    GenomicInterval(name, start: start, end: end)
  }
}
