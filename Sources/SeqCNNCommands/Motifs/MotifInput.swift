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
  /// The motifs with one of the names, in the order of the file; all, if no name is given. Letters of another case count as
  /// the same if no motif has the name as it is.
  ///
  /// - Throws: `ValidationError` for a name that no motif has; why its motif can't be used.
  func motifs(named names: [String]) throws -> [Motif] {
    guard !names.isEmpty else { return motifs }
    var chosen = Set<Int>()
    for name in names {
      let indices = motifs.indices(named: name)
      chosen.formUnion(indices)
      guard indices.isEmpty else { continue }
      if let fault = passedOver.first(where: { $0.name == name }) { throw fault.error }
      throw ValidationError(
        "the file has no motif \(name.quoted); give a name that stands behind MOTIF, such as "
          + motifs[0].name.quoted)
    }
    return chosen.sorted().map { motifs[$0] }
  }
}

extension [Motif] {
  /// Those whose first or second name is a text; if there are none, those whose name differs in the case of letters alone.
  func indices(named text: String) -> [Int] {
    let exact = indices.filter { self[$0].name == text || self[$0].alternateName == text }
    let lower = text.lowercased()
    return exact.isEmpty
      ? indices.filter {
        self[$0].name.lowercased() == lower || self[$0].alternateName?.lowercased() == lower
      } : exact
  }
}
