internal import ArgumentParser
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

  /// The first of the motifs with a name, and a word on the others.
  func chosen(_ candidates: [Motif], named name: String) -> Motif {
    let (chosen, others) = (candidates[0], candidates.dropFirst().map(\.name))
    if !others.isEmpty {
      note(
        "\(name.quoted) is \(chosen.name.escapedForTerminal) here; so are called \(others.shortList.escapedForTerminal) too, "
          + "which their first names take")
    }
    return chosen
  }

  /// Warns if p-values rest on few motifs.
  func noteFew(_ count: Int, option: String) {
    guard count < MotifComparer.fewMotifs else { return }
    note(
      "warning: p-values rest on the columns of \(count) motif(s), too few to be reliable; give a database of "
        + "\(MotifComparer.fewMotifs) or more with \(option)")
  }
}

extension MotifFile {
  /// The motifs with one of the names, in the order of the file; all, if no name is given.
  ///
  /// - Throws: `ValidationError` for a name that no motif has; why its motif can't be used.
  func motifs(named names: [String]) throws -> [Motif] {
    guard !names.isEmpty else { return motifs }
    for name in names where !motifs.contains(where: { $0.isNamed(name) }) {
      if let fault = passedOver.first(where: { $0.name == name }) { throw fault.error }
      throw ValidationError(
        "the file has no motif \(name.quoted); give a name that stands behind MOTIF, such as "
          + motifs[0].name.quoted)
    }
    return motifs.filter { candidate in names.contains(where: candidate.isNamed) }
  }
}

extension Motif {
  /// Whether it is its first or its second name.
  func isNamed(_ text: String) -> Bool { name == text || alternateName == text }
}
