internal import Genomics
internal import Motifs

extension Console {
  private static let mostNotes = 10

  /// Reads the motifs of a file, and says which are passed over.
  func motifs(path: String) throws -> [Motif] {
    let file = try MotifFile(path: path)
    noteReading(of: file)
    return file.motifs
  }

  /// Says which motifs are passed over, and how doubtful ones were read.
  func noteReading(of file: MotifFile) {
    let passedOver = file.passedOver.map { fault in
      "passed over\(fault.name.map { " motif \($0.quoted)" } ?? ""): \(fault.error)"
    }
    for lines in [file.notes, passedOver] {
      for line in lines.prefix(Self.mostNotes) { note(line) }
      if lines.count > Self.mostNotes {
        note("… and \(lines.count - Self.mostNotes) more like that")
      }
    }
    guard !passedOver.isEmpty else { return }
    note(
      "\(grouped(passedOver.count)) of \(grouped(file.motifs.count + passedOver.count)) motifs passed over"
    )
  }

  /// Warns if p-values rest on few motifs.
  func noteFew(_ count: Int, option: String) {
    guard count < MotifComparer.fewMotifs else { return }
    note(
      "warning: p-values rest on the columns of \(count) motif(s), too few to be reliable; give a database of "
        + "\(MotifComparer.fewMotifs) or more with \(option)")
  }
}
