internal import Genomics
internal import Glibc
internal import Inference
internal import Motifs

/// The lines of BED that hits of coupled motifs are written as, with the columns of `MotifHitText`.
struct CoupledHitText: Sendable {
  private let names: [String]
  private let tables: [CoupledScoreTable]

  /// - Parameter names: Of the motifs that the tables are of.
  init(names: [String], tables: [CoupledScoreTable]) {
    self.names = names.map(\.tableField)
    self.tables = tables
  }

  func lines(of hits: [MotifHit], in sequence: String) -> [UInt8] {
    let chromosome = sequence.tableField
    return hits.flatMap { hit -> [UInt8] in
      let table = tables[hit.motif]
      let pValue = table.pValue(of: hit.score)
      let fields: [String] = [
        chromosome, "\(hit.start)", "\(hit.start + table.width)", names[hit.motif],
        "\(min(1000, Int((-10 * log10(pValue)).rounded())))", hit.strand.rawValue,
        "\(Float(table.bits(of: hit.score)))", "\(Float(pValue))",
      ]
      return Array((fields.joined(separator: "\t") + "\n").utf8)
    }
  }
}
