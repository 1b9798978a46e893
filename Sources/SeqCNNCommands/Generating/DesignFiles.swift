internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models

/// The files of `design`.
struct DesignFiles {
  private let made: [(start: DesignStart, design: DesignedSequence)]
  private let aims: [DesignAim]
  private let diversity: SetDiversity
  /// A name for each aim: its task, with a number if several have the same.
  private let names: [String]

  init(
    _ made: [(start: DesignStart, design: DesignedSequence)], aims: DesignAims, models: [Model]
  ) {
    self.made = made
    self.aims = aims.aims
    diversity = SetDiversity(of: made.map(\.design.bases))
    let tasks = aims.aims.map { models[$0.model].tasks[$0.task] }
    names = zip(aims.aims, tasks).map { aim, task in
      tasks.count { $0 == task } > 1 ? "\(task).\(aim.model + 1)" : task
    }
  }

  /// Writes all files.
  func written(in directory: borrowing OutputDirectory) throws -> OutputTransaction {
    var outputs = OutputTransaction()
    for (name, text) in [
      ("designs.fa", fasta), ("designs.tsv", table), ("edits.tsv", edits),
    ] {
      var file = try directory.file(named: name)
      try file.write(text)
      outputs.add(try file.finish())
    }
    return outputs
  }

  private var fasta: String {
    made.map { start, design in
      let outputs = zip(names, design.outputs).map { "\($0.tableField)=\(figure(Double($1), 4))" }
      return ">\(start.name.tableField) edits=\(design.edits.count) "
        + outputs.joined(separator: " ") + "\n\(design.bases.text)\n"
    }.joined()
  }

  private var table: String {
    let columns =
      ["name", "length", "edits"]
      + names.flatMap { ["\($0.tableField).start", "\($0.tableField).design"] }
      + ["reached", "gc", "nearest"]
    let rows = made.enumerated().map { index, row -> String in
      let design = row.design
      let outputs = zip(design.startOutputs, design.outputs).flatMap { [$0, $1] }
      let fields: [String] =
        [row.start.name.tableField, "\(design.bases.count)", "\(design.edits.count)"]
        + outputs.map { precise(Double($0)) }
        + [
          design.isReached ? "yes" : "no", precise(design.bases.gcFraction ?? 0),
          diversity.nearest[index].map { precise($0) } ?? "NA",
        ]
      return fields.joined(separator: "\t") + "\n"
    }
    return columns.joined(separator: "\t") + "\n" + rows.joined()
  }

  private var edits: String {
    let rows = made.flatMap { start, design in
      design.edits.map { edit in
        let letters = [edit.from, edit.to].map {
          String(decoding: [Alphabet.dna.letter(of: $0)], as: UTF8.self)
        }
        return
          ([start.name.tableField, "\(edit.position + 1)"] + letters + [precise(edit.worth)])
          .joined(separator: "\t") + "\n"
      }
    }
    return "name\tposition\tfrom\tto\tworth\n" + rows.joined()
  }

  /// What became of the sequences, in words.
  var summary: [String] {
    let count = made.count
    let edits = made.map(\.design.edits.count)
    let mean = Double(edits.reduce(0, +)) / Double(count)
    let outputs = aims.indices.map { aim in
      let medians = [made.map(\.design.startOutputs[aim]), made.map(\.design.outputs[aim])].map {
        figure(Double($0.sorted()[count / 2]), 2)
      }
      return "\(names[aim].quoted): the median output \(medians[0]) became \(medians[1]), "
        + (aims[aim].isWanted ? "wanted" : "avoided")
    }
    let differing = diversity.mean.map {
      "two designs differ in \(percent($0)) of their bases in the mean"
    }
    let reached = made.count(where: \.design.isReached)
    let isBounded = aims.allSatisfy { $0.enough != nil }
    return [
      "\(grouped(count)) designs with \(fixed(mean, 1)) edits in the mean, "
        + "\(edits.max() ?? 0) at most"
        + (isBounded ? "; \(grouped(reached)) reach what is enough" : "")
    ] + outputs + (differing.map { [$0] } ?? [])
  }
}
