internal import Genomics
internal import GenomicsIO
internal import Glibc
internal import Inference
internal import Motifs

/// The lines of BED that hits are written as. What a motif and a score say is put into words once:
/// there are hundreds of scores, and millions of hits.
struct MotifHitText: Sendable {
  static let header = "#chrom\tstart\tend\tname\tscore\tstrand\tlogodds\tpvalue\n"

  /// Texts one after the other: text `i` is `bytes[ends[i]..<ends[i + 1]]`.
  private struct Texts {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]

    var count: Int { ends.count - 1 }

    mutating func append(_ text: String) {
      bytes += text.utf8
      ends.append(bytes.count)
    }

    func append(_ index: Int, to line: inout [UInt8]) {
      line.append(bytes.span.extracting(ends[index]..<ends[index + 1]))
    }
  }

  /// A motif: its width, and where its scores stand among the texts.
  private struct Entry {
    let width: Int
    /// The index of the text of score 0, if that had one.
    let firstText: Int
  }

  private var entries: [Entry] = []
  /// By motif: what stands between the end and the BED score.
  private var names = Texts()
  /// By motif and score: the BED score, and what follows the strand.
  private var bedScores = Texts()
  private var values = Texts()

  /// - Parameter names: Of the motifs that the tables are of.
  init(names: [String], tables: [PValueTable]) {
    for (name, table) in zip(names, tables) {
      self.names.append("\t\(name.tableField)\t")
      entries.append(
        Entry(width: table.width, firstText: values.count - table.threshold))
      for score in stride(from: table.threshold, through: table.highest, by: 1) {
        let pValue = table.pValue(of: score)
        bedScores.append("\(min(1000, Int((-10 * log10(pValue)).rounded())))")
        values.append("\t\(Float(table.bits(of: score)))\t\(Float(pValue))\n")
      }
    }
  }

  func lines(of hits: [MotifHit], in sequence: String) -> [UInt8] {
    let prefix = Array("\(sequence.tableField)\t".utf8)
    var lines: [UInt8] = []
    lines.reserveCapacity(hits.count * (prefix.count + 64))
    for hit in hits {
      let entry = entries[hit.motif]
      lines += prefix
      lines.append(decimal: hit.start)
      lines.append(UInt8(ascii: "\t"))
      lines.append(decimal: hit.start + entry.width)
      names.append(hit.motif, to: &lines)
      bedScores.append(entry.firstText + hit.score, to: &lines)
      lines.append(UInt8(ascii: "\t"))
      lines.append(hit.strand == .forward ? UInt8(ascii: "+") : UInt8(ascii: "-"))
      values.append(entry.firstText + hit.score, to: &lines)
    }
    return lines
  }
}
