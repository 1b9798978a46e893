/// How several positions become one number per filter.
public enum Pooling: String, NamedCase, Sendable {
  /// The largest value.
  case max
  /// The mean.
  case mean
  /// The sum.
  case sum
  /// The largest value, and after all filters' maxima, the mean of each.
  case maxAndMean

  /// The number of features that come of one filter.
  public var featuresPerFilter: Int { self == .maxAndMean ? 2 : 1 }

  package var hasMaxima: Bool { self == .max || self == .maxAndMean }
  package var hasMeans: Bool { self == .mean || self == .maxAndMean }
}
