public import Genomics
internal import Parallel

/// A motif by what A, C, G and T contribute at each position.
public struct ContributionMotif: Equatable, Sendable {
  public let name: String
  public let contributions: [SIMD4<Float>]

  /// - Precondition: There is a position, and a contribution that isn't 0.
  public init(name: String, contributions: [SIMD4<Float>]) {
    precondition(contributions.contains { $0 != .zero }, "a motif without contributions")
    (self.name, self.contributions) = (name, contributions)
  }

  public var width: Int { contributions.count }

  /// What the bases contribute on a strand, the root of the sum of squares 1.
  fileprivate func template(_ strand: Strand) -> [SIMD4<Float>] {
    let norm = contributions.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
    let scaled = contributions.map { $0 / norm }
    return strand == .forward ? scaled : scaled.reverseComplement()
  }
}

/// A place where a motif makes contributions.
public struct ContributionHit: Equatable, Sendable {
  /// The motif's number.
  public let motif: Int
  /// The first base on the forward strand.
  public let start: Int
  public let strand: Strand
  /// The sum of the contributions that the motif makes there.
  public let strength: Float
  /// The cosine of the contributions there and the motif.
  public let similarity: Float
  /// The least share of hits that shuffled sequences would have too, at which this one is called.
  public internal(set) var qValue: Double = 1
}

/// Explains the contributions of a sequence by few places of motifs (sparse reconstruction, as Fi-NeMo does):
///
///     least over c >= 0 of  1/2 |a - Σ_j c_j t_j|² + penalty · Σ_j |a|_j c_j
///
/// `a` are the contributions, `t_j` what a motif of norm 1 has for the bases that are at place `j`, on either strand, and
/// `|a|_j` is the norm of the contributions there. So a place is used only if the cosine there is above the penalty, and
/// of places that overlap those that explain most are.
public struct ContributionReconstruction: Sendable {
  private let motifs: [ContributionMotif]
  private let templates: [(motif: Int, strand: Strand, columns: [SIMD4<Float>])]
  private let penalty: Float

  /// The least cosine of a place that may be used.
  public static let defaultPenalty: Float = 0.6

  public init(
    _ motifs: [ContributionMotif], penalty: Float = ContributionReconstruction.defaultPenalty
  ) {
    (self.motifs, self.penalty) = (motifs, penalty)
    templates = motifs.enumerated().flatMap { index, motif in
      [Strand.forward, .reverse].map { (index, $0, motif.template($0)) }
    }
  }

  /// The hits in some sequences, by their first base.
  ///
  /// - Parameter null: Shuffled sequences with their contributions, for q-values: by motif, how many of the null's hits
  ///   are as strong, per base, over how many of the sequences' are.
  public func hits(
    in sequences: [ContributedSequence], null: [ContributedSequence], threads: Int
  ) -> [[ContributionHit]] {
    let found = hits(in: sequences, threads: threads)
    let chance = hits(in: null, threads: threads)
    let bases = sequences.reduce(0) { $0 + $1.bases.count }
    let nullBases = null.reduce(0) { $0 + $1.bases.count }
    let factor = Double(bases) / Double(max(1, nullBases))
    let scales = motifs.indices.map { motif in
      HitScale(
        found.joined().filter { $0.motif == motif }.map { abs($0.strength) },
        null: chance.joined().filter { $0.motif == motif }.map { abs($0.strength) },
        factor: factor)
    }
    return found.map { hits in
      hits.map { hit in
        var hit = hit
        hit.qValue = scales[hit.motif].qValue(of: abs(hit.strength))
        return hit
      }
    }
  }

  /// The hits in some sequences, by their first base, without q-values.
  public func hits(in sequences: [ContributedSequence], threads: Int) -> [[ContributionHit]] {
    concurrentMap(sequences.count, threads: threads) { hits(in: sequences[$0]) }
  }

  /// The hits in a sequence, without q-values.
  ///
  /// Coordinate descent: each place in turn takes the coefficient that is best beside the others' (Friedman et al.
  /// 2010), until none changes.
  func hits(in sequence: ContributedSequence) -> [ContributionHit] {
    var residual = zip(sequence.bases.codes, sequence.contributions).map {
      $0 == EncodedSequence.unknown ? 0 : $1
    }
    let places = places(in: sequence, residual)
    var coefficients = [Float](repeating: 0, count: places.count)
    let tolerance = 1e-4 * (residual.map { abs($0) }.max() ?? 0)
    for _ in 0..<Self.mostSweeps {
      var largest: Float = 0
      for (index, place) in places.enumerated() {
        let old = coefficients[index]
        let new = max(0, old + (place.product(with: residual) - place.cost) / place.energy)
        guard new != old else { continue }
        place.subtract(new - old, from: &residual)
        coefficients[index] = new
        largest = max(largest, abs(new - old))
      }
      guard largest > tolerance else { break }
    }
    return zip(places, coefficients).filter { $0.1 > tolerance }.map { place, coefficient in
      ContributionHit(
        motif: templates[place.template].motif, start: place.start,
        strand: templates[place.template].strand,
        strength: coefficient * place.values.reduce(0, +), similarity: place.similarity)
    }.sorted { ($0.start, $0.motif) < ($1.start, $1.motif) }
  }

  private static let mostSweeps = 200

  /// A motif laid on a place of a sequence.
  private struct Place {
    let template: Int
    let start: Int
    /// What the motif has for the bases that are there.
    let values: [Float]
    /// The sum of their squares.
    let energy: Float
    /// What a unit of the coefficient costs.
    let cost: Float
    let similarity: Float

    func product(with residual: [Float]) -> Float {
      var sum: Float = 0
      for offset in values.indices { sum += values[offset] * residual[start + offset] }
      return sum
    }

    func subtract(_ coefficient: Float, from residual: inout [Float]) {
      for offset in values.indices { residual[start + offset] -= coefficient * values[offset] }
    }
  }

  /// The places whose cosine is above the penalty while nothing else is explained: only those are tried.
  private func places(in sequence: ContributedSequence, _ contributions: [Float]) -> [Place] {
    var places: [Place] = []
    for (index, template) in templates.enumerated() {
      let width = template.columns.count
      guard sequence.bases.count >= width else { continue }
      for start in 0...sequence.bases.count - width {
        let values = (0..<width).map { offset -> Float in
          let code = sequence.bases.codes[start + offset]
          return code == EncodedSequence.unknown ? 0 : template.columns[offset][Int(code)]
        }
        var (product, energy, norm): (Float, Float, Float) = (0, 0, 0)
        for (offset, value) in values.enumerated() {
          product += value * contributions[start + offset]
          energy += value * value
          norm += contributions[start + offset] * contributions[start + offset]
        }
        let cost = penalty * norm.squareRoot()
        guard product > cost, energy > 0 else { continue }
        places.append(
          Place(
            template: index, start: start, values: values, energy: energy, cost: cost,
            similarity: product / norm.squareRoot()))
      }
    }
    return places
  }
}

/// How many hits are as strong by chance.
private struct HitScale {
  private let strengths: [Float]
  private let qValues: [Double]

  /// - Parameter factor: The bases of the sequences over those of the null.
  init(_ strengths: [Float], null: [Float], factor: Double) {
    let (sorted, null) = (strengths.sorted(by: >), null.sorted(by: >))
    var (rates, least) = ([Double](repeating: 1, count: sorted.count), 1.0)
    for rank in sorted.indices.reversed() {
      let chance = null.partitioningIndex { $0 < sorted[rank] }
      least = min(least, factor * Double(chance) / Double(rank + 1))
      rates[rank] = least
    }
    (self.strengths, qValues) = (sorted, rates)
  }

  func qValue(of strength: Float) -> Double {
    qValues[max(0, strengths.partitioningIndex { $0 < strength } - 1)]
  }
}
