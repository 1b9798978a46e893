/// The strand of a feature, as BED writes it.
public enum Strand: String, CaseIterable, Sendable {
  case forward = "+"
  case reverse = "-"
  case unspecified = "."
}
