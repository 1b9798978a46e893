internal import Datasets
internal import Genomics
internal import Layers
public import Networks
internal import Tensors

extension Network {
  /// A network as training by an objective starts.
  ///
  /// Of counts and levels the outputs begin with what the labels are in the mean: an output of 0 would be a mean of 1, and the
  /// same for all levels. Of levels all outputs are one number less a threshold each.
  init(
    _ configuration: NetworkConfiguration, objective: Objective, learning examples: [Example],
    taskCount: Int, seed: UInt64
  ) throws {
    try self.init(configuration, taskCount: taskCount, seed: seed)
    let means = (0..<taskCount).map { task in
      LabelScale(examples.lazy.map { $0.labels[task] }).mean
    }
    switch objective {
    case .count: outputBias = means.map { Float(portableLogarithm(max($0, Self.leastMean))) }
    case .ordinal:
      outputBias = means.map { mean in
        let share = min(max(mean, Self.leastMean), 1 - Self.leastMean)
        return Float(portableLogarithm(share / (1 - share)))
      }
      visitParameters { path, _, parameter in
        if path == "output.weight" {
          for index in parameter.scalars.indices { parameter.scalars[index] = 1 }
        }
      }
    case .binary, .number, .categorical, .score: break
    }
  }

  private static let leastMean = 1e-3
}

extension Recipe {
  /// The recipe for an objective: without negatives no known motifs can be chosen; a network of levels makes one number,
  /// from which all levels are told.
  public func forObjective(_ objective: Objective) -> Recipe {
    var recipe = self
    if !objective.hasNegatives { recipe.ensemble.knownMotifs = 0 }
    guard objective == .ordinal else { return recipe }
    if !recipe.network.endsInOneNumber { recipe.network.layers.append(.dense(units: 1)) }
    recipe.training.rates = (recipe.training.rates ?? [:]).merging(["output.weight": 0]) { $1 }
    return recipe
  }
}

extension NetworkConfiguration {
  /// Whether the last layer before the output makes one number.
  fileprivate var endsInOneNumber: Bool {
    (layers.last?.layer as? Dense.Configuration)?.units == 1
  }
}
