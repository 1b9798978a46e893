/// A format that motifs are written in.
public enum MotifFormat: String, CaseIterable, Sendable {
  case meme, jaspar, transfac, homer
  case clusterBuster = "cluster-buster"
  case gimmePFM = "gimme-pfm"
  case gimmePWM = "gimme-pwm"

  /// Motifs as the contents of a file.
  ///
  /// - Parameter header: What a MEME file says before its motifs.
  public func text(_ motifs: [Motif], header: MEMEHeader = MEMEHeader()) -> String {
    switch self {
    case .meme: memeText(motifs, header: header)
    case .jaspar: motifs.map(jasparText).joined()
    case .transfac: motifs.map(transfacText).joined()
    case .homer: motifs.map(homerText).joined()
    case .clusterBuster:
      motifs.map { positionRowsText($0, comments: $0.clusterBuster, rows: $0.countTexts) }.joined()
    case .gimmePFM: motifs.map { positionRowsText($0, rows: $0.countTexts) }.joined()
    case .gimmePWM:
      motifs.map { positionRowsText($0, rows: $0.probabilityTexts(decimals: 3)) }.joined()
    }
  }

  /// Whether the format holds counts, so that a motif of which nobody says the number of sites is written as
  /// probabilities.
  public var holdsCounts: Bool {
    switch self {
    case .jaspar, .transfac, .clusterBuster, .gimmePFM: true
    case .meme, .homer, .gimmePWM: false
    }
  }
}

/// `>NAME` and a row per position, as Cluster-Buster (Frith, Li & Weng 2003) and GimmeMotifs read them.
private func positionRowsText(_ motif: Motif, comments: [String] = [], rows: [[String]]) -> String {
  let lines = [">\(motif.heading())"] + comments + rows.map { $0.joined(separator: "\t") }
  return lines.map { $0 + "\n" }.joined()
}

/// `>ID NAME`, and a row per base, as JASPAR's downloads have them.
private func jasparText(_ motif: Motif) -> String {
  let counts = motif.countTexts
  let width = max(6, counts.joined().map(\.count).max()!)
  let rows = "ACGT".enumerated().map { base, letter in
    let cells = counts.map { String(repeating: " ", count: width - $0[base].count) + $0[base] }
    return "\(letter)  [\(cells.joined(separator: " ")) ]\n"
  }
  return ">\(motif.heading())\n" + rows.joined()
}

extension Motif {
  /// Both names; the second one may have spaces.
  func heading(separator: String = "\t") -> String {
    word(name) + (alternateName.map { separator + words($0) } ?? "")
  }
}
