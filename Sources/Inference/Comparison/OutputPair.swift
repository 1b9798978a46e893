public import Datasets
internal import Foundation
public import Genomics
public import GenomicsIO
public import Models
internal import Networks

/// Two outputs that are compared on one scale: those of two tasks of a model, or of two models.
public struct OutputPair: Sendable {
  /// What the numbers that are compared stand for.
  public enum Scale: String, CaseIterable, Codable, Sendable {
    /// The log odds of being bound where as many windows are bound as not. The difference of two is the log odds of
    /// being bound in the first condition alone, rather than in the second alone.
    case logOdds = "log-odds"
    /// -log10 of the p-value against shuffled windows of one genome: for outputs that are no log odds, or were
    /// calibrated against different negatives.
    case rank
  }

  /// One of the two.
  public struct Output: Sendable {
    /// The number of its model, and of the task there.
    public let model, task: Int
    public let name: String

    public init(model: Int, task: Int, name: String) {
      (self.model, self.task, self.name) = (model, task, name)
    }
  }

  /// One model for both outputs, or one for each, with the background of one genome. A model that reads tracks has none.
  public let models: [Model]
  /// What each model reads beside sequences, in its order.
  let tracks: [[SideTrack]]
  /// The first and the second.
  public let outputs: [Output]
  public let scale: Scale

  /// - Parameter models: With their background distributions, as `measuring` makes them.
  /// - Precondition: Two outputs of the models; models that give probabilities, if log odds are compared, else with
  ///   background.
  package init(
    models: [Model], beside tracks: [[SideTrack]]? = nil, outputs: [Output], scale: Scale
  ) {
    precondition(outputs.count == 2 && outputs.allSatisfy { models.indices.contains($0.model) })
    self.models = scale == .logOdds ? models.map { $0.assuming(prior: 0.5) } : models
    self.tracks = tracks ?? models.map { _ in [] }
    (self.outputs, self.scale) = (outputs, scale)
    precondition(scale == .logOdds || knowsPValues, "ranks without a background")
  }

  /// Whether background tells how high an output is by chance.
  public var knowsPValues: Bool { models.allSatisfy { !$0.background.isEmpty } }

  /// The pair of two outputs whose background is shuffled windows of a genome. A shuffle has no place, so that nothing
  /// tells the background of a model that reads tracks.
  ///
  /// - Parameter tracks: What each model reads beside sequences, in its order.
  /// - Throws: What reading the genome throws; `NoBackgroundError`.
  public static func measuring(
    models: [Model], beside tracks: [[SideTrack]]? = nil, outputs: [Output], scale: Scale,
    genome: Genome, threads: Int
  ) throws -> OutputPair {
    let measured = try models.map { model in
      guard model.sideNames.isEmpty else { return model }
      let windows = try backgroundWindows(
        of: genome, length: model.windowLength, seed: 1, threads: threads)
      guard !windows.isEmpty else { throw NoBackgroundError(windowLength: model.windowLength) }
      return model.with(
        background: backgroundDistributions(
          of: model.ensemble, sources: windows, from: .genome, length: model.windowLength, seed: 1,
          threads: threads))
    }
    return OutputPair(models: measured, beside: tracks, outputs: outputs, scale: scale)
  }

  /// The place on the scale of the model's output for one of the two.
  func value(_ output: Float, of member: Output) -> Double {
    switch scale {
    case .logOdds: Double(output)
    case .rank: -log10(pValue(output, of: member))
    }
  }

  /// The chance that a shuffled window has so high an output.
  ///
  /// - Precondition: The background is known.
  func pValue(_ output: Float, of member: Output) -> Double {
    models[member.model].background[member.task].pValue(of: output)
  }
}

/// A genome without windows that background could be made of.
public struct NoBackgroundError: Failure, Equatable {
  public let windowLength: Int
  public var kind: FailureKind { .badData }
  public var description: String {
    "the genome has no window of \(windowLength) bases of which half is known, so nothing tells how "
      + "background scores; give a genome with more known bases"
  }
}
