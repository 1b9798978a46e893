/// A named pattern of bases that a protein binds.
public struct Motif: Equatable, Sendable {
  /// The identifier, such as `MA0139.2`.
  public var name: String
  /// A second name for people, such as `CTCF`.
  public var alternateName: String?
  public var probabilities: ProbabilityMatrix
  /// The number of sites that the probabilities were estimated from; `nil` if nobody says.
  public var siteCount: Int?
  /// How many motifs as good as this one chance alone would give.
  public var eValue: Double?
  /// A page about the motif.
  public var url: String?

  public init(
    name: String, alternateName: String? = nil, probabilities: ProbabilityMatrix,
    siteCount: Int? = nil, eValue: Double? = nil, url: String? = nil
  ) {
    self.name = name
    self.alternateName = alternateName
    self.probabilities = probabilities
    self.siteCount = siteCount
    self.eValue = eValue
    self.url = url
  }

  public var width: Int { probabilities.width }

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
