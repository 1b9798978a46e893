internal import Genomics

/// Divides examples into parts for cross-validation.
///
/// Where every example has coordinates and no sequence (chromosome) holds more than its share, whole
/// sequences are dealt out; otherwise groups of overlapping windows and near-duplicates are. So no
/// window of one fold overlaps one of another. Groups come in random order, those with the most
/// positives first, each to the fold with the fewest positives, so that folds are alike.
///
/// - Parameters:
///   - count: The number of folds, 2 or more.
///   - areClasses: Whether a fold needs a positive if there are any, and so a negative.
/// - Returns: Indices of examples, ascending, for each fold; each example is in one.
/// - Throws: `SplitError.fewerThanFolds`, `SplitError.tooFewForFolds`.
public func folds(
  of examples: [Example], count: Int, areClasses: Bool, seed: UInt64
) throws -> [[Int]] {
  precondition(count >= 2, "\(count) folds")
  let classes: [(name: String, holds: (Example) -> Bool)] =
    areClasses ? [("positives", \.isPositive), ("negatives", \.isNegative)] : []
  let needed = classes.filter { examples.contains(where: $0.holds) }
  for kind in needed + [("examples", { _ in true })] {
    let own = examples.count(where: kind.holds)
    guard own >= count else {
      throw SplitError.fewerThanFolds(folds: count, kind: kind.name, count: own)
    }
  }
  var random = RandomStream(seed: seed, .folds)
  var groups = foldGroups(of: examples, folds: count).map { group in
    (examples: group, positives: areClasses ? group.count { examples[$0].isPositive } : 0)
  }
  random.shuffle(&groups)
  let order = groups.indices.sorted {
    (-groups[$0].positives, -groups[$0].examples.count, $0)
      < (-groups[$1].positives, -groups[$1].examples.count, $1)
  }
  let folds = deal(order.map { groups[$0] }, into: count)
  guard
    folds.allSatisfy({ fold in
      !fold.isEmpty && needed.allSatisfy { kind in fold.contains { kind.holds(examples[$0]) } }
    })
  else { throw SplitError.tooFewForFolds(folds: count, examples: examples.count) }
  return folds.map { $0.sorted() }
}

/// Deals groups of examples out, one after the other: those with positives each to the fold with the fewest
/// positives, the others to the one with the fewest examples.
private func deal(_ groups: [(examples: [Int], positives: Int)], into count: Int) -> [[Int]] {
  var folds = [(examples: [Int], positives: Int)](repeating: ([], 0), count: count)
  for group in groups {
    let emptiest = folds.indices.min { first, second in
      let (a, b) = (folds[first], folds[second])
      return group.positives > 0
        ? (a.positives, a.examples.count, first) < (b.positives, b.examples.count, second)
        : (a.examples.count, first) < (b.examples.count, second)
    }
    guard let emptiest else { continue }
    folds[emptiest].examples += group.examples
    folds[emptiest].positives += group.positives
  }
  return folds.map(\.examples)
}

/// The examples that stay in one fold together.
private func foldGroups(of examples: [Example], folds: Int) -> [[Int]] {
  let sequences = examples.compactMap(\.interval?.sequence)
  if sequences.count == examples.count {
    let groups = Dictionary(grouping: examples.indices) { sequences[$0] }
      .values.sorted { $0[0] < $1[0] }
    if groups.allSatisfy({ $0.count * folds <= examples.count }) { return groups }
  }
  var sets = DisjointSets(count: examples.count)
  sets.uniteNearDuplicates(of: examples.map(\.bases))
  sets.uniteOverlapping(examples.map(\.interval))
  return sets.sets()
}
