internal import Genomics
internal import GenomicsIO
internal import Glibc
internal import Inference
internal import Motifs
internal import Tensors

/// The lines of BED that hits are written as. What a motif, a score and a strand say is put into words
/// once: there are hundreds of scores, and millions of hits.
struct MotifHitText: Sendable {
  static let header = "#chrom\tstart\tend\tname\tscore\tstrand\tlogodds\tpvalue\n"

  private let widths: [Int]
  /// By motif: the name, between tabs.
  private var names = Texts()
  /// By motif, score from the threshold on, and strand: the columns from `score` on. A hit reads one
  /// place of memory here, since the cache doesn't hold them all.
  private var columns = Texts()
  /// By motif: the index of the columns of score 0, if that had any.
  private var firstColumns: [Int] = []

  /// - Parameter names: Of the motifs that the tables are of.
  init(names: [String], tables: [PValueTable], threads: Int) {
    widths = tables.map(\.width)
    let columns = concurrentMap(tables.count, threads: threads) { Texts(of: tables[$0]) }
    for (motif, name) in names.enumerated() {
      self.names.append("\t\(name.tableField)\t")
      firstColumns.append(self.columns.count - 2 * tables[motif].threshold)
      self.columns.append(columns[motif])
    }
  }

  func lines(of hits: [MotifHit], in sequence: String) -> [UInt8] {
    let prefix = Array("\(sequence.tableField)\t".utf8)
    var lines: [UInt8] = []
    lines.reserveCapacity(hits.count * (prefix.count + 64))
    for hit in hits {
      lines += prefix
      lines.append(decimal: hit.start)
      lines.append(UInt8(ascii: "\t"))
      lines.append(decimal: hit.start + widths[hit.motif])
      names.write(hit.motif, to: &lines)
      let strand = hit.strand == .forward ? 0 : 1
      columns.write(firstColumns[hit.motif] + 2 * hit.score + strand, to: &lines)
    }
    return lines
  }
}

/// Texts one after the other: text `i` is `bytes[ends[i]..<ends[i + 1]]`.
private struct Texts: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = [0]

  init() {}

  /// The columns from `score` on of each score that is a hit, on either strand.
  init(of table: PValueTable) {
    for score in stride(from: table.threshold, through: table.highest, by: 1) {
      let pValue = table.pValue(of: score)
      let bedScore = min(1000, Int((-10 * log10(pValue)).rounded()))
      let values = "\(Float(table.bits(of: score)))\t\(Float(pValue))\n"
      for strand in [Strand.forward, .reverse] {
        append("\(bedScore)\t\(strand.rawValue)\t\(values)")
      }
    }
  }

  var count: Int { ends.count - 1 }

  mutating func append(_ text: String) {
    bytes += text.utf8
    ends.append(bytes.count)
  }

  mutating func append(_ texts: Texts) {
    ends += texts.ends.dropFirst().map { bytes.count + $0 }
    bytes += texts.bytes
  }

  func write(_ index: Int, to output: inout [UInt8]) {
    output.append(bytes.span.extracting(ends[index]..<ends[index + 1]))
  }
}
