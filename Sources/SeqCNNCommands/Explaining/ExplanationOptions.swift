public import ArgumentParser
internal import Genomics
internal import Inference
public import Models
internal import Networks

/// How a command explains sequences.
struct ExplanationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The method.", valueName: AttributionMethod.allCases.map(\.rawValue).joined(separator: "|")))
  var method = AttributionMethod.deepLIFT

  @Option(help: ArgumentHelp("Compare each sequence with so many shuffles of it.", valueName: "n"))
  var references = SequenceExplainer.defaultReferences

  @Option(
    help: ArgumentHelp(
      "Explain this task; a model's only one needn't be named.", valueName: "name"))
  var task: String?

  @OptionGroup var seed: SeedOption

  /// Refuses numbers out of range.
  ///
  /// Not `validate`, which the parser calls before it reports an option that it doesn't know.
  func check() throws {
    try NumberRule.references.check(references)
  }

  func explainer(of model: Model) -> SequenceExplainer {
    SequenceExplainer(model, by: method, references: references, seed: seed.seed)
  }

  /// The numbers of the tasks: all, unless one is named.
  ///
  /// - Throws: `ValidationError` for a name that no task has.
  func tasks(of model: Model) throws -> [Int] {
    guard let task else { return Array(model.tasks.indices) }
    guard let index = model.tasks.firstIndex(of: task) else {
      throw ValidationError(
        "--task is \(task.quoted), which the model doesn't have; take one of "
          + model.tasks.prefix(10).joined(separator: ", ").escapedForTerminal)
    }
    return [index]
  }

  /// The number of the only task, or of the one that is named.
  ///
  /// - Throws: `ValidationError` if there are several and none is named, or none has the name.
  func task(of model: Model) throws -> Int {
    let tasks = try tasks(of: model)
    guard tasks.count == 1 else {
      throw ValidationError(
        "the model has \(tasks.count) tasks; name one with --task, such as "
          + model.tasks[0].quoted)
    }
    return tasks[0]
  }
}

extension AttributionMethod: ExpressibleByArgument {}
