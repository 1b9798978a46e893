public import Datasets
internal import Evaluation
public import Models
public import Networks
internal import Tensors

extension Ensemble {
  /// Joins what was trained: the k-mer table's scores and the mean of the networks', each divided by
  /// its standard deviation over held-out examples, are added, and the sum is calibrated there
  /// (`PlattScaling`), each task by itself. Of numbers the two are averaged, by the share of the table whose squared
  /// error is least there.
  ///
  /// - Parameters:
  ///   - held: What members like these make of examples that they weren't fitted to, part by part: all settle scales and
  ///     calibration, the first part the share of the k-mer table.
  ///   - settlesKmers: Whether the share of the k-mer table is the one with the largest area under the
  ///     precision-recall curve; a table that has no share in any task is left out.
  ///   - labelScales: For each task the scale of the labels that a regression has learned as standardized.
  public init(
    joining networks: [Network], kmers: KmerTable?, by held: [HeldOutputs], objective: Objective,
    settlesKmers: Bool = false, labelScales: [LabelScale] = []
  ) {
    switch objective {
    case .binary: break
    case .categorical:
      self.init(ofClasses: networks, kmers: kmers, by: held.flatMap(\.rows))
      return
    case .count:
      self.init(ofCounts: networks, by: held.flatMap(\.rows))
      return
    case .number, .ordinal, .score:
      self.init(averaging: networks, kmers: kmers, by: held, labelScales: labelScales)
      return
    }
    let tasks = networks[0].taskCount
    let shares = kmers == nil ? [0] : settlesKmers ? Joint.shares : [1]
    let joints = (0..<tasks).map { task in
      Joint(held.map { $0.scores(task: task) }, shares: shares)
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

  /// The mean of networks and k-mers, in the unit of the labels.
  private init(
    averaging networks: [Network], kmers: KmerTable?, by held: [HeldOutputs],
    labelScales: [LabelScale]
  ) {
    let tasks = networks[0].taskCount
    let shares = (0..<tasks).map { task in
      kmers == nil ? 0 : HeldScores(joining: held.map { $0.scores(task: task) }).kmerShare
    }
    let kmers = shares.contains { $0 > 0 } ? kmers : nil
    let rows = networks.count + (kmers == nil ? 0 : 1)
    var weights = Tensor(zeros: [rows, tasks])
    var intercept = Tensor(zeros: [tasks])
    for task in 0..<tasks {
      // Labels that don't vary weren't standardized.
      let scale = labelScales.isEmpty || labelScales[task].deviation == 0 ? nil : labelScales[task]
      let unit = scale?.deviation ?? 1
      for row in 0..<rows {
        let share = row < networks.count ? (1 - shares[task]) / Float(networks.count) : shares[task]
        weights.scalars[row * tasks + task] = Float(unit * Double(share))
      }
      intercept.scalars[task] = Float(scale?.mean ?? 0)
    }
    self.init(networks: networks, kmers: kmers, weights: weights, intercept: intercept)
  }
}

extension HeldScores {
  /// The share of the k-mer table in a weighted mean with the networks, of steps of a tenth, that has the least squared
  /// error; the least of several.
  fileprivate var kmerShare: Float {
    func error(_ share: Float) -> Double {
      labels.indices.reduce(0) { sum, index in
        let error = Double((1 - share) * networks[index] + share * kmers[index] - labels[index])
        return sum + error * error
      }
    }
    return (0...10).map { Float($0) / 10 }.min { error($0) < error($1) } ?? 0
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
  ///   - parts: The scores of held-out examples, part by part.
  init(_ parts: [HeldScores], shares: [Float]) {
    let all = HeldScores(joining: parts)
    let (networkScale, wholeScale) = (scale(of: all.networks), scale(of: all.kmers))
    func sums(_ scores: HeldScores, _ share: Float) -> [Float] {
      zip(scores.networks, scores.kmers).map { networkScale * $0 + share * wholeScale * $1 }
    }
    var chosen = shares[0]
    let settling = parts[0]
    if shares.count > 1, settling.isPositive.count(where: \.self) >= Self.fewestPositives {
      let areas = shares.map {
        auprc(scores: sums(settling, $0), isPositive: settling.isPositive) ?? 0
      }
      let enough = (areas.max() ?? 0) - Self.negligible
      chosen = zip(shares, areas).first { $1 >= enough }?.0 ?? chosen
    }
    let kmerScale = chosen * wholeScale
    let map = PlattScaling(
      scores: sums(all, chosen), isPositive: all.isPositive, weights: all.weights)
    networkWeight = Float(map.slope) * networkScale * (1 / Float(parts[0].networkCount))
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
