internal import Genomics
internal import Models
internal import Networks
internal import Tensors

/// Scores the windows of a genome of which those with high outputs count.
///
/// Outputs that reach a threshold are those of the window read alone, to the last bit. Where an ensemble has a screen,
/// that tells which windows could; the others keep an approximation, which is below the threshold too.
struct WindowSearch: Sendable {
  /// Windows to be scored at a time.
  static let windowsPerBlock = MotifScreen.windowsPerBlock
  /// Windows between two that are wanted that cost less than to start anew behind them.
  private static let bridgedWindows = 64
  /// The largest difference between outputs of windows in turn and alone, relative to the output or to 1.
  private static let rounding: Float = 1e-3

  private let ensemble: Ensemble
  private let screen: EnsembleScreen
  /// One per task.
  private let thresholds: [Float]
  /// Whether outputs below the thresholds are wanted to rounding.
  private let wantsAll: Bool

  /// - Returns: `nil` if the ensemble has no screen.
  init?(_ ensemble: Ensemble, thresholds: [Float], wantsAll: Bool) {
    precondition(thresholds.count == ensemble.taskCount, "\(thresholds.count) thresholds")
    guard let screen = EnsembleScreen(ensemble) else { return nil }
    self.ensemble = ensemble
    self.screen = screen
    self.thresholds = thresholds
    self.wantsAll = wantsAll
  }

  /// The outputs of each window of `length` bases, `[window][task]`; not a number where more than half of a window is
  /// unknown.
  ///
  /// - Precondition: There are 1 to `windowsPerBlock` windows, of `minimumLength` bases or more.
  func outputs(_ codes: [UInt8], length: Int) -> [Float] {
    let unknown = UnknownBases(of: codes, length: length)
    var outputs =
      wantsAll
      ? ensemble.windowScores(codes, length: length, strandsFrom: .infinity).outputs
      : screen.outputs(codes, length: length)
    let isWanted = unknown.counts.indices.map { window in
      // The screen doesn't read unknown bases, and nobody wants windows that have no output.
      guard unknown.counts[window] == 0 || wantsAll else { return !unknown.hides(window) }
      return reaches(outputs[window * thresholds.count..<(window + 1) * thresholds.count])
    }
    for run in runs(of: isWanted) {
      let exact = ensemble.windowOutputsAlone(
        Array(codes[run.lowerBound..<run.upperBound + length - 1]), length: length)
      outputs.replaceSubrange(
        run.lowerBound * thresholds.count..<run.upperBound * thresholds.count, with: exact)
    }
    unknown.hide(in: &outputs, taskCount: thresholds.count)
    return outputs
  }

  /// Whether the output of a task may reach its threshold.
  private func reaches(_ outputs: ArraySlice<Float>) -> Bool {
    zip(outputs, thresholds.indices).contains { output, task in
      let error = wantsAll ? Self.rounding * max(1, abs(output)) : screen.errors[task]
      return output + error >= thresholds[task]
    }
  }

  /// The windows that are wanted, joined where few lie between them.
  private func runs(of isWanted: [Bool]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for window in isWanted.indices where isWanted[window] {
      if let last = runs.last, window - last.upperBound <= Self.bridgedWindows {
        runs[runs.count - 1] = last.lowerBound..<window + 1
      } else {
        runs.append(window..<window + 1)
      }
    }
    return runs
  }
}
