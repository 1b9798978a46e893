/// What a simulated sequence is labelled by.
public enum Lesson: String, CaseIterable, Codable, Sendable {
  /// Whether a site of a motif is there.
  case single
  /// Whether there are several sites of a motif or one.
  case count
  /// Whether several sites of a motif stand in the middle third or anywhere.
  case density
  /// Which of several motifs have a site; a task each.
  case multiple
  /// Whether two motifs stand at one distance or at another.
  case spacing
  /// Whether one of two motifs has a site, but not both.
  case xor

  /// The numbers of motifs that it takes.
  public var motifCounts: ClosedRange<Int> {
    switch self {
    case .single, .count, .density: 1...1
    case .spacing, .xor: 2...2
    case .multiple: 2...1000
    }
  }
}
