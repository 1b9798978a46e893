/// A named pattern of bases that a protein binds.
public struct Motif: Equatable, Sendable {
  /// The identifier, such as `MA0139.2`.
  public var name: String
  /// A second name for people, such as `CTCF`.
  public var alternateName: String?
  public let probabilities: ProbabilityMatrix
  /// The counts of A, C, G and T at each position, as a file gives them; `nil` if it gives probabilities.
  public let counts: [SIMD4<Double>]?
  /// The probabilities of A, C, G and T at each position, as a file gives them: they sum to 1 ± 0.1.
  let givenProbabilities: [SIMD4<Double>]?
  /// The number of sites that the probabilities were estimated from; `nil` if nobody says.
  public var siteCount: Int?
  /// How many motifs as good as this one chance alone would give.
  public var eValue: Double?
  /// A page about the motif.
  public var url: String?
  /// The number of sites and the E-value as a file of MEME writes them.
  var meme: MEMEFigures?
  /// What a file in HOMER's format says besides.
  public var homer: HOMERHeader?
  /// What a file in TRANSFAC's format says besides.
  var transfac: TRANSFACEntry?
  /// The lines on weight and gap of a file in Cluster-Buster's format.
  var clusterBuster: [String] = []

  public init(
    name: String, alternateName: String? = nil, probabilities: ProbabilityMatrix,
    siteCount: Int? = nil, eValue: Double? = nil, url: String? = nil
  ) {
    self.name = name
    self.alternateName = alternateName
    self.probabilities = probabilities
    (counts, givenProbabilities) = (nil, nil)
    self.siteCount = siteCount
    self.eValue = eValue
    self.url = url
  }

  /// The motif of a file that gives probabilities.
  ///
  /// - Precondition: `ProbabilityMatrix` accepts the columns.
  init(
    name: String, alternateName: String?, givenProbabilities columns: [SIMD4<Double>],
    siteCount: Int? = nil, eValue: Double? = nil, url: String? = nil
  ) {
    self.name = name
    self.alternateName = alternateName
    probabilities = ProbabilityMatrix(normalizing: columns)
    (counts, givenProbabilities) = (nil, columns)
    self.siteCount = siteCount
    self.eValue = eValue
    self.url = url
  }

  /// The motif of a file that counts bases. Its number of sites is the least sum of a position's counts.
  ///
  /// - Precondition: There is a position; no count is negative, and each position has one above 0.
  init(name: String, alternateName: String?, counts: [SIMD4<Double>]) {
    self.name = name
    self.alternateName = alternateName
    probabilities = ProbabilityMatrix(normalizing: counts)
    (self.counts, givenProbabilities) = (counts, nil)
    siteCount = max(1, Int(min(counts.map { $0.sum() }.min()!, 1e15).rounded()))
  }

  public var width: Int { probabilities.width }

  /// Whether the numbers are those of a file.
  var isOfFile: Bool { counts != nil || givenProbabilities != nil }

  /// The finite log-odds that FIMO scores with: a motif that doesn't say how many sites it is made
  /// of counts as 20.
  public func logOdds(background: Background = .uniform, pseudocount: Double = 0.1)
    -> LogOddsMatrix
  {
    smoothed(toward: background, pseudocount: pseudocount).logOdds(background: background)
  }

  /// The probabilities that FIMO scores with.
  func smoothed(toward background: Background, pseudocount: Double) -> ProbabilityMatrix {
    probabilities.smoothed(
      toward: background, siteCount: siteCount ?? 20, pseudocount: pseudocount)
  }
}
