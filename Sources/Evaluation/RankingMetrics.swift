/// Scores with their classes, sorted once, so that weighted metrics cost one pass.
///
/// Tied scores count as one threshold.
struct RankedScores {
  /// Indices into the scores, from the highest score down.
  let order: [Int]
  /// For each place in `order`, whether its score differs from the next one's.
  let endsTie: [Bool]
  let isPositive: [Bool]

  init(scores: [Float], isPositive: [Bool]) {
    precondition(scores.count == isPositive.count)
    let order = scores.indices.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
    }
    self.order = order
    endsTie = order.indices.map {
      $0 == order.count - 1 || scores[order[$0]] != scores[order[$0 + 1]]
    }
    self.isPositive = isPositive
  }

  /// The points of the ROC and precision–recall curves, as weighted counts of true and false
  /// positives at each threshold, from the highest down.
  func thresholds(weights: [Double]? = nil) -> [(truePositives: Double, falsePositives: Double)] {
    var points: [(Double, Double)] = []
    forEachThreshold(weights: weights) { points.append(($0, $1)) }
    return points
  }

  /// The areas under the ROC curve and (as average precision) the precision–recall curve; `nil`
  /// if a class has no examples.
  func areas(weights: [Double]? = nil) -> (auroc: Double, auprc: Double)? {
    var (previousTrue, previousFalse) = (0.0, 0.0)
    var (rectangle, precisionSum) = (0.0, 0.0)
    forEachThreshold(weights: weights) { positives, negatives in
      rectangle += (negatives - previousFalse) * (positives + previousTrue) / 2
      if positives + negatives > 0 {
        precisionSum += (positives - previousTrue) * positives / (positives + negatives)
      }
      (previousTrue, previousFalse) = (positives, negatives)
    }
    guard previousTrue > 0, previousFalse > 0 else { return nil }
    return (rectangle / (previousTrue * previousFalse), precisionSum / previousTrue)
  }

  private func forEachThreshold(weights: [Double]?, _ body: (Double, Double) -> Void) {
    var (positives, negatives) = (0.0, 0.0)
    for (place, index) in order.enumerated() {
      let weight = weights?[index] ?? 1
      if isPositive[index] { positives += weight } else { negatives += weight }
      if endsTie[place] { body(positives, negatives) }
    }
  }
}

/// The area under the ROC curve: the chance that a random positive scores above a random negative,
/// ties counting half (Hanley & McNeil 1982).
///
/// - Returns: `nil` if a class has no examples.
public func auroc(scores: [Float], isPositive: [Bool]) -> Double? {
  RankedScores(scores: scores, isPositive: isPositive).areas()?.auroc
}

/// The average precision: the mean of the precision at each positive's rank, the usual estimate of
/// the area under the precision–recall curve (as scikit-learn's `average_precision_score`).
///
/// - Returns: `nil` if a class has no examples.
public func auprc(scores: [Float], isPositive: [Bool]) -> Double? {
  RankedScores(scores: scores, isPositive: isPositive).areas()?.auprc
}

/// The points of a ROC curve: false positive rate, true positive rate.
public func rocCurve(scores: [Float], isPositive: [Bool]) -> [(x: Double, y: Double)] {
  let points = RankedScores(scores: scores, isPositive: isPositive).thresholds()
  guard let last = points.last, last.truePositives > 0, last.falsePositives > 0 else { return [] }
  return [(0, 0)]
    + points.map {
      ($0.falsePositives / last.falsePositives, $0.truePositives / last.truePositives)
    }
}

/// The points of a precision–recall curve: recall, precision.
public func precisionRecallCurve(scores: [Float], isPositive: [Bool]) -> [(x: Double, y: Double)] {
  let points = RankedScores(scores: scores, isPositive: isPositive).thresholds()
  guard let last = points.last, last.truePositives > 0 else { return [] }
  return points.map {
    (
      $0.truePositives / last.truePositives,
      $0.truePositives / ($0.truePositives + $0.falsePositives)
    )
  }
}
