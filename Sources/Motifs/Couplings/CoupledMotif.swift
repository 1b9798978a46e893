internal import Genomics

/// A motif whose positions depend on each other in pairs: a Boltzmann machine on aligned sites, or Potts model.
///
/// The probability of a site `x` is `exp(Σ_i h_i(x_i) + Σ_{i<j} J_ij(x_i, x_j)) / Z`. Without couplings `J` it is a
/// matrix of independent positions.
public struct CoupledMotif: Equatable, Sendable {
  public var name: String
  /// `h`: one element per position, for A, C, G and T.
  public let fields: [SIMD4<Double>]
  /// `J_ij(·, b)` at `(i · width + j) · 4 + b`, for both orders of each pair; 0 if `i` is `j`.
  public let couplings: [SIMD4<Double>]
  /// The natural logarithm of `Z`.
  public var logPartition: Double
  /// The number of sites that it was fitted to.
  public let siteCount: Int
  /// The base frequencies that sites are compared with.
  public var background: Background

  /// - Parameter pairs: `J_ij(a, b)` of each pair `i < j`, in the order (0, 1), (0, 2), …, (1, 2), …; 16 numbers each, `b` within `a`.
  /// - Precondition: There is a position; as many couplings as pairs.
  public init(
    name: String, fields: [SIMD4<Double>], pairs: [Double], logPartition: Double, siteCount: Int,
    background: Background = .uniform
  ) {
    let width = fields.count
    precondition(
      width > 0 && pairs.count == 8 * width * (width - 1), "\(pairs.count) couplings of \(width)")
    self.name = name
    self.fields = fields
    couplings = expandedCouplings(pairs[...], width: width)
    (self.logPartition, self.siteCount, self.background) = (logPartition, siteCount, background)
  }

  /// The motif of independent positions: fields are the logarithms of probabilities, couplings 0.
  public init(
    independent probabilities: ProbabilityMatrix, name: String, siteCount: Int,
    background: Background = .uniform
  ) {
    let width = probabilities.width
    self.init(
      name: name,
      fields: probabilities.columns.map { column in
        SIMD4((0..<4).map { portableLogarithm(max(column[$0], .leastNormalMagnitude)) })
      },
      pairs: [Double](repeating: 0, count: 8 * width * (width - 1)), logPartition: 0,
      siteCount: siteCount, background: background)
  }

  public var width: Int { fields.count }

  /// The couplings of the pairs `i < j`, as `init` takes them.
  public var pairs: [Double] {
    (0..<width).flatMap { i in
      (i + 1..<max(i + 1, width)).flatMap { j in
        (0..<4).flatMap { a in (0..<4).map { b in self.couplings[(i * width + j) * 4 + b][a] } }
      }
    }
  }

  /// The logarithm of a site's probability times `Z`.
  ///
  /// - Precondition: As many codes as positions, none of them unknown.
  public func logWeight(_ site: ArraySlice<UInt8>) -> Double {
    precondition(site.count == width, "a site of \(site.count) bases")
    let first = site.startIndex
    var sum = 0.0
    for i in 0..<width {
      let a = Int(site[first + i])
      sum += fields[i][a]
      for j in 0..<i { sum += couplings[(i * width + j) * 4 + Int(site[first + j])][a] }
    }
    return sum
  }

  /// The log-odds of a site against the background, in bits; `nil` if a base is unknown.
  public func logOdds(_ site: ArraySlice<UInt8>) -> Double? {
    guard !site.contains(EncodedSequence.unknown) else { return nil }
    let logBackground = site.reduce(0) {
      $0 + portableLogarithm(background.frequencies[Int($1)])
    }
    return (logWeight(site) - logPartition - logBackground) / portableLogarithm(2)
  }

  /// The logits of the four bases in a place, given the others.
  func conditional(at i: Int, in site: [UInt8]) -> SIMD4<Double> {
    var logits = fields[i]
    for j in 0..<width where j != i { logits += couplings[(i * width + j) * 4 + Int(site[j])] }
    return logits
  }

  /// How strongly each pair of positions is coupled: the norm of its couplings, each row and column of which has the mean 0, less what
  /// the positions' mean strengths explain (Ekeberg et al. 2013, Physical Review E 87:012707; Dunn, Wahl & Gloor 2008).
  ///
  /// - Returns: Pairs `i < j`, the strongest first.
  public func strengths() -> [(i: Int, j: Int, strength: Double)] {
    var norms = [Double](repeating: 0, count: width * width)
    for i in 0..<width {
      for j in 0..<width where i != j { norms[i * width + j] = centredNorm(i, j) }
    }
    let others = Double(max(1, width - 1))
    let means = (0..<width).map { i in
      norms[i * width..<(i + 1) * width].reduce(0, +) / others
    }
    let mean = means.reduce(0, +) / Double(width)
    var strengths: [(i: Int, j: Int, strength: Double)] = []
    for i in 0..<width {
      for j in i + 1..<max(i + 1, width) {
        let expected = mean > 0 ? means[i] * means[j] / mean : 0
        strengths.append((i, j, norms[i * width + j] - expected))
      }
    }
    return strengths.sorted { ($1.strength, $0.i, $0.j) < ($0.strength, $1.i, $1.j) }
  }

  private func centredNorm(_ i: Int, _ j: Int) -> Double {
    let block = (0..<4).map { couplings[(i * width + j) * 4 + $0] }
    let rows = block.reduce(SIMD4(repeating: 0), +) / 4
    let mean = rows.sum() / 4
    let squares = block.reduce(0.0) { sum, column in
      let centred = column - rows - SIMD4(repeating: column.sum() / 4 - mean)
      return sum + (centred * centred).sum()
    }
    return squares.squareRoot()
  }
}

/// Couplings in both orders of each pair, from those of the pairs `i < j`.
func expandedCouplings(_ pairs: ArraySlice<Double>, width: Int) -> [SIMD4<Double>] {
  var couplings = [SIMD4<Double>](repeating: SIMD4(repeating: 0), count: 4 * width * width)
  var index = pairs.startIndex
  for i in 0..<width {
    for j in i + 1..<max(i + 1, width) {
      for a in 0..<4 {
        for b in 0..<4 {
          couplings[(i * width + j) * 4 + b][a] = pairs[index]
          couplings[(j * width + i) * 4 + a][b] = pairs[index]
          index += 1
        }
      }
    }
  }
  return couplings
}
