internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// A figure of each alternate allele: an entry of INFO, a column of a table.
struct VariantColumn: Sendable {
  let field: VCFInfoField
  let value: @Sendable (ScoredVariant.Outcome) -> String?

  private init(
    _ key: String, _ type: VCFInfoField.ValueType, _ description: String,
    value: @escaping @Sendable (ScoredVariant.Outcome) -> String?
  ) {
    field = VCFInfoField(
      key: key, number: "A", type: type, description: "seqcnn: \(description)")
    self.value = value
  }

  /// All figures: those of each task, and why there are none.
  ///
  /// - Parameter prefix: The beginning of all keys. With several tasks their names follow; where two
  ///   are the same as a key, the later one gets a number.
  static func all(of model: Model, prefix: String, withPlacements: Bool) -> [VariantColumn] {
    zip(taskPrefixes(model.tasks, prefix: prefix), model.tasks).enumerated().flatMap {
      task, names in
      let task = TaskColumns(
        task: task, name: names.1, prefix: names.0, objective: model.objective,
        prior: model.priors[task])
      return task.outputs("", "", \.centred) + (withPlacements ? task.placements : [])
        + (model.ensemble.networks[0].motifs == nil ? [] : task.filters)
    } + [
      VariantColumn("\(prefix)_SKIPPED", .string, "why the alternate allele was not scored") {
        guard case .unscored(let reason) = $0 else { return nil }
        return reason.rawValue
      }
    ]
  }

  private static func taskPrefixes(_ tasks: [String], prefix: String) -> [String] {
    guard tasks.count > 1 else { return [prefix] }
    var taken: Set<String> = []
    return tasks.map { task in
      let name = String(task.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      let spellings = sequence(first: 1) { $0 + 1 }.lazy.map { number in
        number == 1 ? "\(prefix)_\(name)" : "\(prefix)_\(name)_\(number)"
      }
      return spellings.first { taken.insert($0).inserted }!
    }
  }

  /// The columns of one task.
  private struct TaskColumns {
    let task: Int
    let name: String
    let prefix: String
    let objective: Objective
    /// The share of bound windows that probabilities hold for.
    let prior: Double

    /// What an output stands for.
    private var prediction: String {
      objective.givesProbabilities ? "probability (prior \(Float(prior)))" : "prediction"
    }

    /// The predictions with both alleles and the difference of their outputs.
    func outputs(
      _ suffix: String, _ which: String,
      _ outputs: @escaping @Sendable (AlleleScore) -> AlleleOutputs?
    ) -> [VariantColumn] {
      let (task, objective) = (task, objective)
      func column(
        _ key: String, _ what: String, number: @escaping @Sendable (AlleleOutputs) -> Float
      ) -> VariantColumn {
        VariantColumn("\(prefix)_\(key)\(suffix)", .float, what) {
          guard case .scored(let score) = $0 else { return nil }
          return outputs(score).map { "\(number($0))" }
        }
      }
      let output = objective.outputName
      return [
        column("REF", "\(prediction) for \(name) with the reference allele\(which)") {
          objective.prediction($0.reference[task])
        },
        column("ALT", "\(prediction) for \(name) with the alternate allele\(which)") {
          objective.prediction($0.alternate[task])
        },
        column("DELTA", "\(output) for \(name), alternate less reference allele\(which)") {
          $0.difference(task: task)
        },
      ]
    }

    var placements: [VariantColumn] {
      outputs("_MAX", ", the largest output of all windows that contain it") {
        $0.placements?.maximum
      }
        + outputs("_MEAN", ", the mean output of all windows that contain it") {
          $0.placements?.mean
        }
    }

    /// The strongest filter, and what it does.
    var filters: [VariantColumn] {
      let task = task
      func column(
        _ key: String, _ type: VCFInfoField.ValueType, _ what: String,
        text: @escaping @Sendable (FilterChange) -> String
      ) -> VariantColumn {
        VariantColumn("\(prefix)_\(key)", type, what) {
          guard case .scored(let score) = $0 else { return nil }
          return score.filters[task].map(text)
        }
      }
      return [
        column(
          "FILTER", .string,
          "filter whose change makes most of the difference for \(name), as in motifs.meme; "
            + "+ gained, - lost with the alternate allele"
        ) { "\($0.isGained ? "+" : "-")filter\($0.filter + 1)" },
        column(
          "FILTER_DELTA", .float, "what that filter's change adds to the difference for \(name)"
        ) {
          "\($0.effect)"
        },
      ]
    }
  }
}
