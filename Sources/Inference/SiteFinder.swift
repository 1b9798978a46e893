public import Genomics

/// A window that scores at least a threshold, and that no overlapping window outscores.
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
/// Of equal overlapping windows the first is the site. Held are only the windows above the
/// threshold that overlap the latest such window, directly or through others.
public struct SiteFinder: Sendable {
  private struct Window {
    let start: Int
    let output: Float
    let isReverse: Bool
  }

  private let windowLength: Int
  private let threshold: Float
  private var cluster: [Window] = []

  public init(windowLength: Int, threshold: Float) {
    self.windowLength = windowLength
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
      if let last = cluster.last, start - last.start >= windowLength {
        sites += takeSites(on: stretch.sequence)
      }
      cluster.append(
        Window(
          start: start, output: output,
          isReverse: stretch.scores.isReverse[window * taskCount + task]))
    }
    if stretch.isLast { sites += takeSites(on: stretch.sequence) }
    return sites
  }

  /// The windows of the cluster that no overlapping one beats; empties it.
  private mutating func takeSites(on sequence: String) -> [Site] {
    defer { cluster = [] }
    let isBeatenBefore = beaten(cluster.indices, by: >=)
    let isBeatenAfter = beaten(cluster.indices.reversed(), by: >)
    return cluster.indices.filter { !isBeatenBefore[$0] && !isBeatenAfter[$0] }.map { index in
      let window = cluster[index]
      return Site(
        interval: GenomicInterval(
          sequence, start: window.start, end: window.start + windowLength),
        strand: window.isReverse ? .reverse : .forward, output: window.output)
    }
  }

  /// For each window whether one that comes before it in an order, and overlaps it, beats it.
  private func beaten(_ order: some Sequence<Int>, by beats: (Float, Float) -> Bool) -> [Bool] {
    var result = [Bool](repeating: false, count: cluster.count)
    var stack: [Window] = []
    for index in order {
      let window = cluster[index]
      while let top = stack.last, !beats(top.output, window.output) { stack.removeLast() }
      if let top = stack.last { result[index] = abs(top.start - window.start) < windowLength }
      stack.append(window)
    }
    return result
  }
}
