public import Datasets
internal import Evaluation
public import Models
public import Networks
internal import Tensors

extension Ensemble {
  /// Joins what was trained: the k-mer table's scores and the mean of the networks', each divided by
  /// its standard deviation over the validation examples, are added, and the sum is calibrated there
  /// (`PlattScaling`), each task by itself.
  ///
  /// - Parameters:
  ///   - validation: Examples that no member was fitted to; none of regression, whose outputs are the
  ///     networks' mean in the labels' unit.
  ///   - settlesKmers: Whether the share of the k-mer table is the one with the largest area under the
  ///     precision-recall curve of the validation examples; a table that has no share in any task is left out.
  ///   - labelScales: For each task the scale of the labels that a regression has learned as standardized.
  public init(
    joining networks: [Network], kmers: KmerTable?, objective: Objective, validation: [Example],
    settlesKmers: Bool = false, labelScales: [LabelScale] = [], threads: Int
  ) {
    guard objective.givesProbabilities else {
      self.init(averaging: networks, labelScales: labelScales)
      return
    }
    let tasks = networks[0].taskCount
    let bases = validation.map(\.bases)
    let members = networks.map { $0.outputs(bases, threads: threads) }
    let table = kmers?.outputs(bases, threads: threads)
    let shares = kmers == nil ? [0] : settlesKmers ? Joint.shares : [1]
    let joints = (0..<tasks).map { task in
      Joint(members, table, shares: shares, examples: validation, task: task)
    }
    let kmers = joints.allSatisfy { $0.kmerWeight == 0 } ? nil : kmers
    let rows = networks.count + (kmers == nil ? 0 : 1)
    var weights = Tensor(zeros: [rows, tasks])
    var intercept = Tensor(zeros: [tasks])
    for (task, joint) in joints.enumerated() {
      for row in 0..<rows {
        weights.scalars[row * tasks + task] =
          row < networks.count ? joint.networkWeight : joint.kmerWeight
      }
      intercept.scalars[task] = joint.intercept
    }
    self.init(networks: networks, kmers: kmers, weights: weights, intercept: intercept)
  }

  /// The mean of networks, in the unit of the labels.
  private init(averaging networks: [Network], labelScales: [LabelScale]) {
    let tasks = networks[0].taskCount
    let share = 1 / Float(networks.count)
    var weights = [Float](repeating: share, count: networks.count * tasks)
    var intercept = [Float](repeating: 0, count: tasks)
    for (task, scale) in labelScales.enumerated() where scale.deviation > 0 {
      for member in networks.indices {
        weights[member * tasks + task] = Float(scale.deviation * Double(share))
      }
      intercept[task] = Float(scale.mean)
    }
    self.init(
      networks: networks, kmers: nil,
      weights: Tensor(shape: [networks.count, tasks], scalars: weights),
      intercept: Tensor(shape: [tasks], scalars: intercept))
  }
}

/// How the members of a task are added up.
private struct Joint {
  let networkWeight: Float
  let kmerWeight: Float
  let intercept: Float

  /// The shares of the k-mer table that are tried, next to networks that count 1.
  static let shares: [Float] = [0, 0.1, 0.2, 0.4]
  /// Of shares whose areas differ by no more the least counts: k-mers add up what repeats scatter, which a scan
  /// meets far more often than the validation examples show.
  private static let negligible = 0.001
  /// With fewer positives to tell shares apart the least one counts: a table of few peaks is mostly noise.
  private static let fewestPositives = 20

  /// - Parameters:
  ///   - shares: What the k-mer table's scores may count, next to networks that count 1; the best one does.
  ///   - members: The networks' outputs for the examples, `[example, task]`.
  ///   - table: Those of the k-mer table, if there is one.
  init(_ members: [Tensor], _ table: Tensor?, shares: [Float], examples: [Example], task: Int) {
    let tasks = members[0].shape[1]
    let measured = examples.indices.filter { !examples[$0].labels[task].isNaN }
    func column(_ outputs: Tensor) -> [Float] {
      measured.map { outputs.scalars[$0 * tasks + task] }
    }
    let share = 1 / Float(members.count)
    let mean = members.map(column).reduce([Float](repeating: 0, count: measured.count)) {
      zip($0, $1).map { $0 + $1 * share }
    }
    let kmerScores = table.map(column) ?? [Float](repeating: 0, count: measured.count)
    let (networkScale, wholeScale) = (scale(of: mean), scale(of: kmerScores))
    let isPositive = measured.map { examples[$0].labels[task] > 0.5 }
    func sums(_ share: Float) -> [Float] {
      zip(mean, kmerScores).map { networkScale * $0 + share * wholeScale * $1 }
    }
    var chosen = shares[0]
    if shares.count > 1, isPositive.count(where: \.self) >= Self.fewestPositives {
      let areas = shares.map { auprc(scores: sums($0), isPositive: isPositive) ?? 0 }
      let enough = (areas.max() ?? 0) - Self.negligible
      chosen = zip(shares, areas).first { $1 >= enough }?.0 ?? chosen
    }
    let kmerScale = chosen * wholeScale
    let map = PlattScaling(
      scores: sums(chosen), isPositive: isPositive,
      weights: measured.map { examples[$0].weight })
    networkWeight = Float(map.slope) * networkScale * share
    kmerWeight = Float(map.slope) * kmerScale
    intercept = Float(map.intercept)
  }
}

/// One over the standard deviation; 0 if there is none.
func scale(of scores: [Float]) -> Float {
  let count = Double(max(1, scores.count))
  let mean = scores.reduce(0) { $0 + Double($1) } / count
  let variance = scores.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
  return variance > 0 ? Float(1 / variance.squareRoot()) : 0
}
