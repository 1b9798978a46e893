import Genomics

/// The columns of a database's motifs on both strands, those merged that are nearly alike.
///
/// Columns are alike if each base's probability falls into the same of 100 steps between its least and greatest in
/// the database, as in memelite's `tomtom`. The first one stands for all of them.
struct DatabaseColumns {
  /// One column of each kind, in the order in which they occur.
  let distinct: [SIMD4<Double>]
  /// How many columns of the database each stands for.
  let counts: [Int]
  /// By target, where its columns begin among the places of a strand.
  let starts: [Int]
  /// For each column of the motifs, one motif after the other, the index of its kind.
  let forward: [Int]
  /// The same, each motif read on its other strand.
  let reverse: [Int]

  private static let steps = 100.0

  /// - Parameter motifs: At least one.
  init(_ motifs: [[SIMD4<Double>]]) {
    starts = motifs.reduce(into: [0]) { $0.append($0.last! + $1.count) }
    let columns = motifs.flatMap(\.self) + motifs.flatMap { $0.reverseComplement() }
    let (least, greatest) = columns.dropFirst().reduce((columns[0], columns[0])) {
      (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
    }
    let range = (greatest - least).replacing(with: 1, where: greatest .== least)
    var kinds: [SIMD4<Double>: Int] = [:]
    var distinct: [SIMD4<Double>] = []
    var counts: [Int] = []
    let indices = columns.map { column in
      let step = ((column - least) / range * (Self.steps - 1)).rounded(.toNearestOrEven)
      let kind = kinds[step, default: distinct.count]
      if kind == distinct.count {
        kinds[step] = kind
        distinct.append(column)
        counts.append(0)
      }
      counts[kind] += 1
      return kind
    }
    (self.distinct, self.counts) = (distinct, counts)
    forward = Array(indices.prefix(columns.count / 2))
    reverse = Array(indices.suffix(columns.count / 2))
  }
}
