public import Datasets
public import Models
public import Networks
internal import Tensors

/// What members make of examples that they weren't fitted to.
public struct HeldOutputs: Sendable {
  private let examples: [Example]
  /// The networks' outputs, each `[example, task]`.
  private let networks: [Tensor]
  /// Those of the k-mer table, if there is one.
  private let kmers: Tensor?

  /// - Parameter examples: With negatives.
  public init(of networks: [Network], kmers: KmerTable?, examples: [Example], threads: Int) {
    let bases = examples.map(\.bases)
    self.examples = examples
    self.networks = networks.map { $0.outputs(bases, threads: threads) }
    self.kmers = kmers?.outputs(bases, threads: threads)
  }

  /// The scores of the examples that a task was measured for.
  func scores(task: Int) -> HeldScores {
    let measured = examples.indices.filter { !examples[$0].labels[task].isNaN }
    func column(_ outputs: Tensor) -> [Float] {
      measured.map { outputs.scalars[$0 * outputs.shape[1] + task] }
    }
    let share = 1 / Float(networks.count)
    let none = [Float](repeating: 0, count: measured.count)
    return HeldScores(
      networkCount: networks.count,
      networks: networks.map(column).reduce(none) { zip($0, $1).map { $0 + $1 * share } },
      kmers: kmers.map(column) ?? none,
      labels: measured.map { examples[$0].labels[task] },
      weights: measured.map { examples[$0].weight })
  }
}

extension HeldOutputs {
  /// The outputs for all tasks of the examples, in single rows: the mean of the networks' and those of the k-mers.
  var rows: [HeldRow] {
    let tasks = examples.first?.labels.count ?? 0
    func row(_ outputs: Tensor, _ index: Int) -> [Float] {
      Array(outputs.scalars[index * tasks..<(index + 1) * tasks])
    }
    let share = 1 / Float(networks.count)
    return examples.enumerated().map { index, example in
      let sum = networks.reduce([Float](repeating: 0, count: tasks)) { sum, network in
        zip(sum, row(network, index)).map { $0 + share * $1 }
      }
      return HeldRow(
        networks: sum, kmers: kmers.map { row($0, index) }, labels: example.labels,
        weight: example.weight)
    }
  }
}

/// The outputs for all tasks of a held-out example.
package struct HeldRow: Sendable {
  let networks: [Float]
  /// `nil` if there is no table.
  let kmers: [Float]?
  let labels: [Float]
  let weight: Float

  package init(networks: [Float], kmers: [Float]?, labels: [Float], weight: Float) {
    (self.networks, self.kmers, self.labels, self.weight) = (networks, kmers, labels, weight)
  }
}

/// The scores of held-out examples for one task.
struct HeldScores {
  /// The number of networks.
  let networkCount: Int
  /// The mean of the networks' outputs.
  private(set) var networks: [Float]
  private(set) var kmers: [Float]
  private(set) var labels: [Float]
  private(set) var weights: [Float]

  init(
    networkCount: Int, networks: [Float], kmers: [Float], labels: [Float], weights: [Float]
  ) {
    (self.networkCount, self.networks, self.kmers) = (networkCount, networks, kmers)
    (self.labels, self.weights) = (labels, weights)
  }

  /// Of classes, whether each example is bound.
  var isPositive: [Bool] { labels.map { $0 > 0.5 } }

  /// - Precondition: There are parts.
  init(joining parts: [HeldScores]) {
    self.init(
      networkCount: parts[0].networkCount, networks: parts.flatMap(\.networks),
      kmers: parts.flatMap(\.kmers), labels: parts.flatMap(\.labels),
      weights: parts.flatMap(\.weights))
  }
}
