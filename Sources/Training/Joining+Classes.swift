internal import Glibc
internal import Models
internal import Networks
internal import Tensors

extension Ensemble {
  /// The mean of the networks' logits and the k-mer table's scores, each times a weight that is the same for all classes,
  /// by maximum likelihood on held-out examples (temperature scaling; Guo et al. 2017, section 4.2).
  init(ofClasses networks: [Network], kmers: KmerTable?, by held: [HeldRow]) {
    let scaling = SoftmaxScaling(held)
    let kmers = scaling.kmerWeight > 0 ? kmers : nil
    let (tasks, share) = (
      networks[0].taskCount, Float(scaling.networkWeight) / Float(networks.count)
    )
    let row = [Float](repeating: share, count: tasks)
    let weights =
      networks.flatMap { _ in row }
      + (kmers == nil ? [] : [Float](repeating: Float(scaling.kmerWeight), count: tasks))
    self.init(
      networks: networks, kmers: kmers,
      weights: Tensor(shape: [weights.count / tasks, tasks], scalars: weights),
      intercept: Tensor(zeros: [tasks]))
  }

  /// The mean of the networks' outputs, shifted so that the mean prediction for held-out examples is that of their labels.
  init(ofCounts networks: [Network], by held: [HeldRow]) {
    let tasks = networks[0].taskCount
    let shifts = (0..<tasks).map { task -> Float in
      var (labels, predictions) = (0.0, 0.0)
      for row in held where !row.labels[task].isNaN {
        labels += Double(row.weight) * Double(row.labels[task])
        predictions += Double(row.weight) * exp(Double(row.networks[task]))
      }
      return labels > 0 && predictions > 0 ? Float(log(labels / predictions)) : 0
    }
    self.init(
      networks: networks, kmers: nil,
      weights: Tensor(
        shape: [networks.count, tasks],
        scalars: [Float](repeating: 1 / Float(networks.count), count: networks.count * tasks)),
      intercept: Tensor(shape: [tasks], scalars: shifts))
  }
}

/// The weights of two sets of logits in a softmax, fitted to classes.
package struct SoftmaxScaling: Equatable {
  package private(set) var networkWeight = 1.0
  package private(set) var kmerWeight = 0.0

  private static let steps = 50
  private static let leastWeight = 1e-3

  /// Newton's method on the cross-entropy, halving steps that don't help. Of a class with `n` examples the label is
  /// `(n + 1) / (n + 2)`, as Platt's (1999, section 2.2), so that the weights stay bounded even if all are told right. A weight
  /// of the k-mers below 0 is 0.
  package init(_ rows: [HeldRow]) {
    let problem = Problem(rows)
    guard !problem.examples.isEmpty else { return }
    (networkWeight, kmerWeight) = problem.solved(withKmers: rows[0].kmers != nil)
    if kmerWeight < 0 { (networkWeight, kmerWeight) = problem.solved(withKmers: false) }
    networkWeight = max(Self.leastWeight, networkWeight)
  }

  private struct Problem {
    struct LabeledLogits {
      let logits: [SIMD2<Double>]
      let targets: [Double]
      let weight: Double
    }

    private(set) var examples: [LabeledLogits] = []

    init(_ rows: [HeldRow]) {
      let known = rows.filter { $0.labels.contains(1) && !$0.labels.contains(where: \.isNaN) }
      guard let classes = known.first?.labels.count, classes > 1 else { return }
      let counts = (0..<classes).map { own in Double(known.count { $0.labels[own] == 1 }) }
      examples = known.map { row in
        let count = row.labels.firstIndex(of: 1).map { counts[$0] } ?? 0
        let rest = 1 / (count + 2) / Double(classes - 1)
        return LabeledLogits(
          logits: row.networks.indices.map {
            SIMD2(Double(row.networks[$0]), Double(row.kmers?[$0] ?? 0))
          }, targets: row.labels.map { $0 == 1 ? (count + 1) / (count + 2) : rest },
          weight: Double(row.weight))
      }
    }

    func solved(withKmers: Bool) -> (Double, Double) {
      var best = SIMD2(1.0, 0.0)
      var loss = self.loss(best)
      for _ in 0..<SoftmaxScaling.steps {
        let step = newtonStep(best, withKmers: withKmers)
        var (share, next, nextLoss) = (1.0, best, loss)
        repeat {
          next = best - share * step
          nextLoss = self.loss(next)
          share /= 2
        } while nextLoss > loss && share > 1e-6
        guard nextLoss < loss else { break }
        (best, loss) = (next, nextLoss)
      }
      return (best.x, best.y)
    }

    private func logarithms(_ example: LabeledLogits, _ weights: SIMD2<Double>) -> [Double] {
      logSoftmax(example.logits.map { ($0 * weights).sum() })
    }

    private func loss(_ weights: SIMD2<Double>) -> Double {
      examples.reduce(0) { sum, example in
        zip(logarithms(example, weights), example.targets).reduce(sum) {
          $0 - example.weight * $1.1 * $1.0
        }
      }
    }

    private func newtonStep(_ weights: SIMD2<Double>, withKmers: Bool) -> SIMD2<Double> {
      // A trace of curvature keeps the step finite where all probabilities are near 0 or 1.
      var (gradient, curvature) = (SIMD2(0.0, 0.0), SIMD3(1e-9, 0.0, 1e-9))
      for example in examples {
        let shares = logarithms(example, weights).map(exp)
        var (mean, squares) = (SIMD2(0.0, 0.0), SIMD3(0.0, 0.0, 0.0))
        for (place, logits) in example.logits.enumerated() {
          gradient += example.weight * (shares[place] - example.targets[place]) * logits
          mean += shares[place] * logits
          squares +=
            shares[place] * SIMD3(logits.x * logits.x, logits.x * logits.y, logits.y * logits.y)
        }
        curvature +=
          example.weight * (squares - SIMD3(mean.x * mean.x, mean.x * mean.y, mean.y * mean.y))
      }
      guard withKmers else { return SIMD2(gradient.x / curvature.x, 0) }
      let determinant = curvature.x * curvature.z - curvature.y * curvature.y
      return SIMD2(
        curvature.z * gradient.x - curvature.y * gradient.y,
        curvature.x * gradient.y - curvature.y * gradient.x) / determinant
    }
  }
}
