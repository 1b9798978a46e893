internal import Genomics

/// Where negatives come from.
public enum NegativeSource: String, Codable, CaseIterable, Sendable {
  /// The input holds them.
  case given
  /// Shuffles of the positives that keep each one's dinucleotides.
  case dinucleotide
  /// Such shuffles with a tandem repeat in each (`TandemRepeat`): what a scan meets, where there is no genome to draw from.
  case repeats
  /// Windows of the genome, matched in GC content.
  case genomic
  /// Windows of the genome as it is, repeats and all: what a scan meets.
  case random

  /// What stands against the positives, in words.
  var note: String { "negatives: \(words)" }

  fileprivate var words: String {
    switch self {
    case .given: "those of the input"
    case .dinucleotide: "dinucleotide shuffles of the positives"
    case .repeats: "shuffles of the positives with a tandem repeat in each"
    case .genomic: "genomic windows, matched in GC content"
    case .random: "random windows of the genome"
    }
  }

  /// Whether the negatives are windows of the genome.
  public var readsGenome: Bool { self == .genomic || self == .random }
}

/// Where the negatives of a data set come from: one source, or several that give a share each.
public struct NegativeMix: Hashable, Sendable {
  /// A source, and its share of the negatives.
  public struct Part: Hashable, Sendable {
    public let source: NegativeSource
    /// Above 0; the shares of a mix sum to 1.
    public let share: Double
  }

  public let parts: [Part]

  public init(_ source: NegativeSource) {
    parts = [Part(source: source, share: 1)]
  }

  /// Reads `KIND[:SHARE],…`, such as `random:4,dinucleotide`: four random windows for each shuffle. A share is 1 unless given.
  ///
  /// - Throws: `NegativesError` if the text isn't of that form, a kind is named twice, or `given` is one of several.
  public init(_ text: String) throws {
    func refuse(_ problem: String) -> NegativesError { NegativesError(description: problem) }
    var parts: [Part] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let source = NegativeSource(rawValue: String(halves[0])) else {
        let known = NegativeSource.allCases.map(\.rawValue).joined(separator: ", ")
        throw refuse("\(String(halves[0]).quoted) is no kind of negatives; there are \(known)")
      }
      guard let share = halves.count == 1 ? 1 : Double(halves[1]), share > 0, share.isFinite else {
        throw refuse(
          "\(String(halves[1]).quoted) is no share; give a number above 0, as in random:4")
      }
      guard !parts.contains(where: { $0.source == source }) else {
        throw refuse("\(source.rawValue) is named twice")
      }
      parts.append(Part(source: source, share: share))
    }
    guard parts.count == 1 || !parts.contains(where: { $0.source == .given }) else {
      throw refuse("given can't be one of several kinds")
    }
    let sum = parts.reduce(0) { $0 + $1.share }
    self.parts = parts.map { Part(source: $0.source, share: $0.share / sum) }
  }

  /// The source of all negatives; `nil` of a mix.
  public var sole: NegativeSource? { parts.count == 1 ? parts[0].source : nil }

  public func contains(_ source: NegativeSource) -> Bool {
    parts.contains { $0.source == source }
  }

  /// Whether another mix has the same sources with the same shares, in any order.
  package func isAlike(_ other: NegativeMix) -> Bool { Set(parts) == Set(other.parts) }

  /// Whether some negatives are windows of the genome.
  public var readsGenome: Bool { parts.contains { $0.source.readsGenome } }

  /// Whether the negatives are drawn before training, in numbers of one's choice.
  package var areDrawn: Bool { readsGenome || contains(.repeats) }

  /// Whether some negatives are what a scan meets.
  package var knowsScans: Bool { contains(.random) || contains(.repeats) }

  /// What stands against the positives, in words.
  public var note: String {
    guard sole == nil else { return parts[0].source.note }
    return "negatives: "
      + parts.map { "\(Int(($0.share * 100).rounded())) % \($0.source.words)" }
      .joined(separator: ", ")
  }

  /// As `init(_:)` reads it.
  public var text: String {
    sole?.rawValue
      ?? parts.map { "\($0.source.rawValue):\($0.share)" }.joined(separator: ",")
  }
}
