internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Reports
internal import Tensors

/// Writes the files of `explain` of one task after the other.
struct ExplanationFiles {
  private let rows: [ExplainedRecords.Row]
  private let hasRegions: Bool
  /// The number of sequences to draw.
  private let maps: Int

  /// The stems and endings of files of which there may be several.
  static let numbered = [
    ("sequences", ".npz"), ("sequences", ".tsv"), ("contributions", ".npz"),
    ("contributions", ".tsv"), ("contributions", ".bw"), ("map", ".svg"),
  ]

  init(_ explained: ExplainedRecords, hasRegions: Bool, maps: Int) {
    (rows, self.hasRegions, self.maps) = (explained.rows, hasRegions, maps)
  }

  /// - Parameters:
  ///   - task: Its place among the explanations of a row.
  ///   - suffix: What names of files have before their ending.
  func write(
    _ task: Int, named name: String, suffix: String, in directory: borrowing OutputDirectory,
    _ outputs: inout OutputTransaction
  ) throws {
    let explanations = rows.map { $0.explanations[task] }
    try writeArray(
      "sequences\(suffix).npz", of: explanations, in: directory, &outputs, scalars: \.oneHot)
    try writeArray(
      "contributions\(suffix).npz", of: explanations, in: directory, &outputs,
      scalars: \.hypothetical.scalars)
    try writeBases(task, to: "contributions\(suffix).tsv", in: directory, &outputs)
    try writeSequences(task, to: "sequences\(suffix).tsv", in: directory, &outputs)
    let best = rows.indices.sorted {
      (explanations[$1].output, $0) < (explanations[$0].output, $1)
    }
    for (rank, index) in best.prefix(maps).enumerated() {
      let row = rows[index]
      var map = try directory.file(named: "map\(rank + 1)\(suffix).svg")
      try map.write(
        contributionMapSVG(
          codes: explanations[index].bases.codes,
          contributions: explanations[index].contributions,
          title: suffix.isEmpty ? row.name : "\(row.name), \(name)",
          firstPosition: row.start(of: task) + 1))
      outputs.add(try map.finish())
    }
  }

  /// Writes an array `[sequence, 4, position]`, which modisco reads.
  ///
  /// - Parameter scalars: Those of an explanation, `[position][4]`.
  private func writeArray(
    _ name: String, of explanations: [Explanation], in directory: borrowing OutputDirectory,
    _ outputs: inout OutputTransaction, scalars: (Explanation) -> [Float]
  ) throws {
    let longest = explanations.lazy.map(\.place.count).max() ?? 0
    var archive = NPZWriter(try directory.file(named: name))
    try archive.begin("arr_0", shape: [explanations.count, 4, longest])
    for explanation in explanations {
      try archive.append(scalars(explanation), length: longest, filler: 0)
    }
    try archive.end()
    outputs.add(try archive.finish())
  }

  private func writeBases(
    _ task: Int, to name: String, in directory: borrowing OutputDirectory,
    _ outputs: inout OutputTransaction
  ) throws {
    var table = try directory.file(named: name)
    try table.write(header(["position", "base", "contribution"]))
    for row in rows {
      let explanation = row.explanations[task]
      let (place, first) = (place(of: row), row.start(of: task) + 1)
      var lines = ""
      for (index, value) in explanation.contributions.enumerated() {
        let letter = baseLetters[Int(explanation.bases.codes[index])]
        lines += "\(place)\(first + index)\t\(letter)\t\(value)\n"
      }
      try table.write(lines)
    }
    outputs.add(try table.finish())
  }

  private func writeSequences(
    _ task: Int, to name: String, in directory: borrowing OutputDirectory,
    _ outputs: inout OutputTransaction
  ) throws {
    var table = try directory.file(named: name)
    try table.write(header(["start", "end", "output", "reference_output", "sum"]))
    for row in rows {
      let (explanation, start) = (row.explanations[task], row.start(of: task))
      let fields: [String] = [
        "\(start)", "\(start + explanation.place.count)", "\(explanation.output)",
        explanation.referenceOutput.map { "\($0)" } ?? "NA", "\(Float(explanation.sum))",
      ]
      try table.write(place(of: row) + fields.joined(separator: "\t") + "\n")
    }
    outputs.add(try table.finish())
  }

  private func header(_ columns: [String]) -> String {
    (["name"] + (hasRegions ? ["chrom"] : []) + columns).joined(separator: "\t") + "\n"
  }

  /// The first columns of a row, with the tabs behind them.
  private func place(of row: ExplainedRecords.Row) -> String {
    ([row.name] + (row.stretch.map { [$0.sequence] } ?? [])).map { $0.tableField + "\t" }.joined()
  }
}

extension Explanation {
  /// `[position][4]`, 0 for an unknown base.
  fileprivate var oneHot: [Float] {
    bases.codes.flatMap { code in (0..<4).map { $0 == Int(code) ? 1 : 0 } }
  }
}
