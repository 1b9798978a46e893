import Genomics

/// Reads the report of AlignACE (Roth et al. 1998): a line `Motif NUMBER`, a site per line with the number of its
/// sequence, its start and its strand, a line of `*` and the score. The motif is `Motif_NUMBER`, made of all sites.
struct AlignACEReader {
  private(set) var motifs: [Motif] = []
  private(set) var passedOver: [PassedOverMotif] = []

  static func recognizes(_ lines: [String]) -> Bool {
    lines.first { $0.contains { !$0.isWhitespace } }?.hasPrefix("AlignACE") ?? false
  }

  /// - Throws: `JASPARError` if no motif can be used.
  init(_ lines: [String], file: String) throws {
    var name: String?
    var sites: [(line: Int, bases: String)] = []
    for (index, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count == 2, words[0] == "Motif" {
        (name, sites) = ("Motif_\(words[1])", [])
      } else if words.starts(with: ["MAP", "Score:"]), let motif = name {
        add(motif, sites, file: file)
        name = nil
      } else if words.count == 4, words.dropFirst().allSatisfy({ Int($0) != nil }) {
        sites.append((index + 1, words[0].uppercased()))
      }
    }
    guard !motifs.isEmpty else {
      throw passedOver.first?.error ?? JASPARError(file: file, .noMotif) as any Failure
    }
  }

  private mutating func add(_ name: String, _ sites: [(line: Int, bases: String)], file: String) {
    guard !sites.isEmpty else { return }
    do throws(MatrixFault) {
      motifs.append(Motif(name: name, alternateName: nil, counts: try counts(of: sites)))
    } catch {
      let error = JASPARError(file: file, line: error.line, error.problem)
      passedOver.append(PassedOverMotif(name: name, error: error))
    }
  }
}
