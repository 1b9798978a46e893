internal import Genomics
internal import GenomicsIO
internal import Glibc
internal import Inference
internal import Motifs
internal import Parallel
internal import Tensors

/// The lines of BED that hits are written as. What a motif, a score and a strand say is put into words
/// once: there are hundreds of scores, and millions of hits.
struct MotifHitText: Sendable {
  static let header = "#chrom\tstart\tend\tname\tscore\tstrand\tlogodds\tpvalue\n"

  private let widths: [Int]
  /// The motifs' names, between tabs.
  private let names: [[UInt8]]
  /// By motif and score from the threshold on: a slot with the length of a text, the place of the strand in
  /// it and the text, the columns from `score` on for a forward hit. A hit reads one place here, since the
  /// cache doesn't hold them all.
  private var slots: [UInt8] = []
  /// By motif: the slot of score 0, if that had one.
  private var firstSlots: [Int] = []

  /// Room for four digits, a strand and two numbers as Float has them.
  private static let slotSize = 40

  /// - Parameter names: Of the motifs that the tables are of.
  init(names: [String], tables: [PValueTable], threads: Int) {
    widths = tables.map(\.width)
    self.names = names.map { Array("\t\($0.tableField)\t".utf8) }
    let slots = concurrentMap(tables.count, threads: threads) { Self.slots(of: tables[$0]) }
    for (table, own) in zip(tables, slots) {
      firstSlots.append(self.slots.count / Self.slotSize - table.threshold)
      self.slots += own
    }
  }

  /// The slots of each score that is a hit.
  private static func slots(of table: PValueTable) -> [UInt8] {
    var slots: [UInt8] = []
    for score in stride(from: table.threshold, through: table.highest, by: 1) {
      let pValue = table.pValue(of: score)
      let bedScore = "\(min(1000, Int((-10 * log10(pValue)).rounded())))\t"
      let values = "\t\(Float(table.bits(of: score)))\t\(Float(pValue))\n"
      let text = Array("\(bedScore)\(Strand.forward.rawValue)\(values)".utf8)
      precondition(text.count <= slotSize - 2, "a text of \(text.count) bytes")
      slots += [UInt8(text.count), UInt8(bedScore.utf8.count)]
      slots += text
      slots += repeatElement(0, count: slotSize - 2 - text.count)
    }
    return slots
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
      lines += names[hit.motif]
      let slot = (firstSlots[hit.motif] + hit.score) * Self.slotSize
      let strandPlace = lines.count + Int(slots[slot + 1])
      lines.append(slots.span.extracting(slot + 2..<slot + 2 + Int(slots[slot])))
      if hit.strand == .reverse { lines[strandPlace] = UInt8(ascii: "-") }
    }
    return lines
  }
}
