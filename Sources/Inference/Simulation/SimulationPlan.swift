public import Genomics

/// How sequences are simulated.
public struct SimulationPlan: Sendable {
  public var lesson: Lesson
  public var motifs: [SimulatedMotif]
  public var alphabet: Alphabet
  /// The number of letters of each sequence.
  public var length = 150
  /// The share of G and C in the background, if letters are nucleotides.
  public var gc = 0.5
  /// The number of sites where a lesson has several of a motif.
  public var sites = 3
  /// The number of letters between the two sites of `spacing`.
  public var gap = 8
  /// Whether sites stand on either strand; only if letters pair.
  public var readsBothStrands = false
  public var seed: UInt64 = 1

  public init(_ lesson: Lesson, motifs: [SimulatedMotif], alphabet: Alphabet = .dna) {
    (self.lesson, self.motifs, self.alphabet) = (lesson, motifs, alphabet)
  }

  /// How probable each letter is in the background.
  public var background: [Double] {
    guard alphabet.hasComplement else { return Self.aminoAcids }
    return [(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2]
  }

  /// The shares of the amino acids in UniProtKB/Swiss-Prot, in the order of `Alphabet.protein`.
  private static let aminoAcids: [Double] = {
    let percents = [
      8.25, 1.38, 5.46, 6.72, 3.86, 7.07, 2.27, 5.91, 5.80, 9.65, 2.41, 4.06, 4.74, 3.93, 5.53,
      6.65, 5.36, 6.86, 1.10, 2.92,
    ]
    let sum = percents.reduce(0, +)
    return percents.map { $0 / sum }
  }()

  /// The places among which the sites of `density` stand if they are dense: the middle third.
  var middle: Range<Int> { length / 3..<length - length / 3 }

  /// The least length that the longest sites fit into.
  public var leastLength: Int {
    let widths = motifs.map(\.longest)
    return switch lesson {
    case .single: widths[0]
    case .count: sites * widths[0]
    case .density: 3 * sites * widths[0]
    case .multiple, .xor: widths.reduce(0, +)
    case .spacing: widths.reduce(0, +) + gap + 1
    }
  }

  /// - Throws: `SimulationProblem` if the plan can't be followed.
  func check() throws(SimulationProblem) {
    guard lesson.motifCounts ~= motifs.count else {
      throw .motifCount(motifs.count, lesson: lesson)
    }
    let names = motifs.map(\.name)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw .motifTwice(names[twice])
    }
    guard lesson != .count || sites > 1 else { throw .fewSites(sites) }
    guard length >= leastLength else {
      throw .shortSequences(length: length, least: leastLength)
    }
    if !alphabet.hasComplement, let matrix = motifs.first(where: \.isMatrix) {
      throw .nucleotideMotif(matrix.name, alphabet: alphabet)
    }
  }
}

extension SimulatedMotif {
  fileprivate var isMatrix: Bool {
    if case .matrix = source { true } else { false }
  }
}

/// Why a plan of a simulation can't be followed.
public enum SimulationProblem: Failure, Equatable {
  case motifCount(Int, lesson: Lesson)
  case motifTwice(String)
  case fewSites(Int)
  case shortSequences(length: Int, least: Int)
  case nucleotideMotif(String, alphabet: Alphabet)

  public var kind: FailureKind { .badData }

  public var description: String {
    switch self {
    case .motifCount(let count, let lesson):
      "\(count) motif(s) for the lesson \(lesson.rawValue); give "
        + (lesson.motifCounts.count == 1
          ? "\(lesson.motifCounts.lowerBound)" : "\(lesson.motifCounts.lowerBound) or more")
    case .motifTwice(let name): "two motifs are \(name.quoted); give each motif once"
    case .fewSites(let sites):
      "sequences with \(sites) site(s) and with one are alike; take 2 or more"
    case .shortSequences(let length, let least):
      "the sites don't fit into \(length) letters; take \(least) or more"
    case .nucleotideMotif(let name, let alphabet):
      "\(name.quoted) is a motif of nucleotides, the alphabet is \(alphabet.name); give a pattern"
    }
  }
}
