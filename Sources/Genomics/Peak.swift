/// A region that an experiment found bound.
public struct Peak: Equatable, Sendable {
  /// Where a peak's centre comes from.
  public enum CenterSource: String, Equatable, Sendable {
    case summit, midpoint
  }

  public let interval: GenomicInterval
  public let name: String?
  public let strand: Strand
  /// BED column 5; scores above 1000 are normal.
  public let score: Double?
  /// narrowPeak and broadPeak column 7: the enrichment, in the caller's own unit.
  public let signalValue: Double?
  /// The summit's offset from the interval's start (narrowPeak column 10); `nil` if the file
  /// has none or says -1.
  public let summitOffset: Int?

  public init(
    interval: GenomicInterval, name: String? = nil, strand: Strand = .unspecified,
    score: Double? = nil, signalValue: Double? = nil, summitOffset: Int? = nil
  ) {
    self.interval = interval
    self.name = name
    self.strand = strand
    self.score = score
    self.signalValue = signalValue
    self.summitOffset = summitOffset
  }

  /// The 0-based position a window is centred on: the summit, else the midpoint (rounded down).
  public var center: Int {
    interval.start + (summitOffset ?? interval.length / 2)
  }

  public var centerSource: CenterSource { summitOffset == nil ? .midpoint : .summit }
}
