public import Genomics

/// A window that scores at least a threshold, and that no window near it outscores.
public struct Site: Equatable, Sendable {
  public let interval: GenomicInterval
  public let strand: Strand
  /// The network's output: a logit, or a number.
  public let output: Float

  package init(interval: GenomicInterval, strand: Strand, output: Float) {
    self.interval = interval
    self.strand = strand
    self.output = output
  }
}

/// Finds the sites of one task among the outputs of consecutive windows.
///
/// Of equal windows near each other the first is the site. Held are only windows near the latest
/// one above the threshold that none since has outscored: at most `reach`.
public struct SiteFinder: Sendable {
  private struct Window {
    let start: Int
    let output: Float
    let isReverse: Bool
    /// Whether an overlapping window before it scores as much.
    let isBeaten: Bool
  }

  private let windowLength: Int
  private let reach: Int
  private let threshold: Float
  /// In order of position; the outputs never rise.
  private var pending: ArraySlice<Window> = []

  /// - Parameter reach: How many bases on from a window the windows begin that are compared with
  ///   it, itself included; all that overlap it, if none is given.
  public init(windowLength: Int, reach: Int? = nil, threshold: Float) {
    self.windowLength = windowLength
    self.reach = reach ?? windowLength
    self.threshold = threshold
  }

  /// Takes the next stretch of windows.
  ///
  /// - Parameters:
  ///   - task: The output to look at, of `taskCount`.
  /// - Returns: The sites that no later window can change, in order of position.
  public mutating func add(_ stretch: ScannedStretch, task: Int, of taskCount: Int) -> [Site] {
    var sites: [Site] = []
    let outputs = stretch.scores.outputs
    for window in 0..<outputs.count / taskCount {
      let output = outputs[window * taskCount + task]
      guard output >= threshold else { continue }
      let start = stretch.start + window
      sites += takeSites(before: start - reach + 1, on: stretch.sequence)
      while let last = pending.last, last.output < output { pending.removeLast() }
      pending.append(
        Window(
          start: start, output: output,
          isReverse: stretch.scores.isReverse[window * taskCount + task],
          isBeaten: !pending.isEmpty))
    }
    let next = stretch.start + outputs.count / taskCount
    return sites
      + takeSites(before: stretch.isLast ? .max : next - reach + 1, on: stretch.sequence)
  }

  /// Removes the windows that start before a position; those that nothing beats are sites.
  private mutating func takeSites(before position: Int, on sequence: String) -> [Site] {
    var sites: [Site] = []
    while let window = pending.first, window.start < position {
      pending.removeFirst()
      guard !window.isBeaten else { continue }
      sites.append(
        Site(
          interval: GenomicInterval(
            sequence, start: window.start, end: window.start + windowLength),
          strand: window.isReverse ? .reverse : .forward, output: window.output))
    }
    return sites
  }
}
