import Glibc

/// What HOMER's header says of a motif besides its names: `>CONSENSUS NAME THRESHOLD …`, between tabs.
public struct HOMERHeader: Equatable, Sendable {
  /// The least score of a site: the sum of natural logarithms of probabilities over 0.25.
  public let threshold: Double
  let consensus: String
  /// The fields from the threshold on, as the file has them: log p-value, a number that isn't used, numbers of sites.
  let fields: [String]

  /// - Parameter fields: The fields of the header from the threshold on.
  /// - Returns: `nil` if the first one is no number.
  init?(consensus: String, fields: [String]) {
    guard let threshold = fields.first.flatMap(Double.init), threshold.isFinite else { return nil }
    (self.consensus, self.threshold, self.fields) = (consensus, threshold, fields)
  }
}

/// The p-value of the least score of a motif whose file tells no threshold.
private let homerPValue = 1e-4

/// HOMER's format (Heinz et al. 2010): a header and a row of probabilities per position, between tabs.
///
/// A second name stands behind a space in the field of the name. A motif from another format gets the threshold whose
/// p-value on uniform background is 1e-4, or its highest score if that isn't as rare.
func homerText(_ motif: Motif) -> String {
  let consensus = motif.homer?.consensus ?? motif.probabilities.consensus
  let fields = motif.homer?.fields ?? [motif.homerThreshold, "0", "0"]
  let header = ([word(consensus), motif.heading(separator: " ")] + fields).joined(separator: "\t")
  let rows = motif.probabilityTexts(decimals: 3).map { $0.joined(separator: "\t") + "\n" }
  return ">\(header)\n" + rows.joined()
}

extension Motif {
  fileprivate var homerThreshold: String {
    let table = PValueTable(self, below: homerPValue)
    let bits = table.bits(of: min(table.threshold, table.highest))
    return "\((bits * M_LN2 * 1e6).rounded() / 1e6)"
  }
}
