public import Networks
public import Tensors

/// What a model predicts with: networks and a k-mer table, whose outputs are weighted and added.
public struct Ensemble: Sendable {
  /// One or more, which read the same sequences in the same way.
  public let networks: [Network]
  public let kmers: KmerTable?
  /// The weight of each member's output, `[member, task]`: the networks' rows, then the table's.
  public let weights: Tensor
  /// What is added to each task's sum, `[task]`.
  public let intercept: Tensor

  /// - Precondition: Networks that read alike (strands, padding, length, windows); as many tasks and weights everywhere.
  public init(networks: [Network], kmers: KmerTable?, weights: Tensor, intercept: Tensor) {
    let tasks = networks[0].taskCount
    precondition(
      networks.allSatisfy {
        $0.configuration.readsLike(networks[0].configuration) && $0.taskCount == tasks
      } && kmers?.taskCount ?? tasks == tasks,
      "members that don't belong together")
    precondition(
      weights.shape == [networks.count + (kmers == nil ? 0 : 1), tasks]
        && intercept.shape == [tasks],
      "weights of \(weights.shape) and intercepts of \(intercept.shape)")
    self.networks = networks.map { network in
      var network = network
      network.prepare()
      return network
    }
    self.kmers = kmers
    self.weights = weights
    self.intercept = intercept
  }

  /// One network, whose outputs stay as they are.
  public init(_ network: Network) {
    let tasks = network.taskCount
    self.init(
      networks: [network], kmers: nil,
      weights: Tensor(shape: [1, tasks], scalars: [Float](repeating: 1, count: tasks)),
      intercept: Tensor(zeros: [tasks]))
  }

  /// The members, whose networks read longer sequences by other windows.
  func reading(windows: WindowRule) -> Ensemble {
    Ensemble(
      networks: networks.map { $0.reading(windows: windows) }, kmers: kmers, weights: weights,
      intercept: intercept)
  }

  /// The members, whose tasks' outputs are each higher by a number.
  func shifted(by shifts: [Float]) -> Ensemble {
    var intercept = intercept
    for (task, shift) in shifts.enumerated() { intercept.scalars[task] += shift }
    return Ensemble(networks: networks, kmers: kmers, weights: weights, intercept: intercept)
  }

  /// That of the first network; the others may have filters of other widths.
  public var configuration: NetworkConfiguration { networks[0].configuration }
  public var taskCount: Int { networks[0].taskCount }

  /// The length of the shortest sequence that all networks can read.
  public var minimumLength: Int {
    networks.reduce(1) { max($0, $1.minimumLength) }
  }

  /// The weighted sum of the members' outputs, each `[row][task]`.
  public func combined(_ members: [[Float]]) -> [Float] {
    var sum = Array(repeating: intercept.scalars, count: members[0].count / taskCount).flatMap {
      $0
    }
    for (member, outputs) in members.enumerated() {
      sum.addRows(outputs, times: weights(of: member))
    }
    return sum
  }

  /// The weight of a member's output for each task.
  func weights(of member: Int) -> [Float] {
    Array(weights.scalars[member * taskCount..<(member + 1) * taskCount])
  }
}
