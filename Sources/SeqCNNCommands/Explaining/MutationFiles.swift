internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Reports
internal import Tensors

/// The files of `mutate`, written sequence by sequence: memory holds one at a time.
struct MutationFiles: ~Copyable {
  private let tasks: [String]
  /// The number of sequences to draw.
  private let maps: Int
  private var table: OutputFile
  private var archive: NPZWriter
  /// The sequences once more, as the shape of the arrays is known only at the end: for each its length in 8
  /// bytes, a code per base, and the deltas.
  private var spool: Spool
  private var outputs = OutputTransaction()
  private var report: MutationReport
  private var count = 0
  private var longest = 0

  init(
    in directory: borrowing OutputDirectory, tasks: [String], hasRegions: Bool, maps: Int,
    origin: OutputOrigin
  ) throws {
    let columns = ["name"] + (hasRegions ? ["chrom"] : []) + ["position", "ref", "alt"]
    var table = try directory.file(named: "mutations.tsv")
    try table.write((columns + tasks.map(\.tableField)).joined(separator: "\t") + "\n")
    let archive = NPZWriter(try directory.file(named: "mutations.npz"))
    let spool = try Spool(beside: directory.path(of: "mutations.npz"))
    (self.tasks, self.maps) = (tasks, maps)
    report = MutationReport(origin: origin, tasks: tasks)
    self.table = table
    self.archive = archive
    self.spool = spool
  }

  /// Takes a sequence.
  mutating func add(
    _ mutations: Mutagenesis, of record: ScoringInput.Record,
    in directory: borrowing OutputDirectory
  ) throws {
    count += 1
    longest = max(longest, mutations.sequence.count)
    try archive.requireRoom(arrays: tasks.count + 1, scalars: scalarsOfArray)
    try table.write(Self.lines(mutations, of: record))
    try spool.write(Self.bytes(of: mutations))
    let first = (record.stretch?.start ?? 0) + 1
    report.add(mutations, name: record.name, firstPosition: first, isDrawn: count <= maps)
    guard count <= maps else { return }
    for (task, name) in tasks.enumerated() {
      let (number, title) =
        tasks.count > 1
        ? ("\(count).\(task + 1)", "\(record.name), \(name)") : ("\(count)", record.name)
      var map = try directory.file(named: "map\(number).svg")
      try map.write(
        mutationMapSVG(
          codes: record.bases.codes, deltas: mutations.deltas(of: task), title: title,
          firstPosition: first))
      outputs.add(try map.finish())
    }
  }

  /// Ends the writing.
  ///
  /// - Returns: All files.
  consuming func finish(in directory: borrowing OutputDirectory) throws -> OutputTransaction {
    let taskCount = tasks.count
    for task in 0..<taskCount {
      try writeArray(taskCount > 1 ? "delta.\(task + 1)" : "delta", filler: .nan) { saved in
        stride(from: task, to: saved.deltas.count, by: taskCount).map { saved.deltas[$0] }
      }
    }
    try writeArray("sequence", filler: 0) { saved in
      saved.codes.flatMap { code in (0..<4).map { $0 == Int(code) ? 1 : 0 } }
    }
    var outputs = outputs
    try directory.replaceNumbered("map", ending: ".svg", in: &outputs)
    outputs.add(try table.finish())
    outputs.add(try archive.finish())
    let page = report.page
    for (name, text) in [("report.html", page.html()), ("report.tsv", page.numbers())] {
      var file = try directory.file(named: name)
      try file.write(text)
      outputs.add(try file.finish())
    }
    return outputs
  }

  private var scalarsOfArray: Int { count * 4 * longest }

  /// Writes an array `[sequence, 4, position]`.
  ///
  /// - Parameter scalars: Those of a sequence, `[position, 4]`.
  private mutating func writeArray(
    _ name: String, filler: Float, scalars: (Saved) -> [Float]
  ) throws {
    try spool.rewind()
    try archive.begin(name, shape: [count, 4, longest])
    while let saved = try nextSaved() {
      try archive.append(scalars(saved), length: longest, filler: filler)
    }
    try archive.end()
  }

  private struct Saved {
    let codes: [UInt8]
    /// `[position, 4, task]`.
    let deltas: [Float]
  }

  private static func bytes(of mutations: Mutagenesis) -> [UInt8] {
    let codes = mutations.sequence.codes
    return (0..<8).map { UInt8(truncatingIfNeeded: codes.count >> (8 * $0)) } + codes
      + mutations.deltas.scalars.withUnsafeBytes(Array.init)
  }

  private mutating func nextSaved() throws -> Saved? {
    guard let head = try spool.read(8) else { return nil }
    let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length > 0, let codes = try spool.read(length).map(Array.init),
      let bytes = try spool.read(4 * 4 * length * tasks.count)
    else { return Saved(codes: [], deltas: []) }
    return Saved(
      codes: codes,
      deltas: bytes.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map {
          bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
        }
      })
  }

  /// The lines of the table of one sequence.
  private static func lines(_ mutations: Mutagenesis, of record: ScoringInput.Record) -> String {
    let place = ([record.name] + (record.stretch.map { [$0.sequence] } ?? []))
      .map { $0.tableField + "\t" }.joined()
    let first = (record.stretch?.start ?? 0) + 1
    let tasks = mutations.deltas.shape[2]
    var lines = ""
    for (position, code) in mutations.sequence.codes.enumerated() {
      for base in 0..<4 where base != Int(code) {
        let row = (4 * position + base) * tasks
        let deltas = mutations.deltas.scalars[row..<row + tasks].map { "\t\($0)" }.joined()
        lines +=
          "\(place)\(first + position)\t\(baseLetters[Int(code)])\t\(baseLetters[base])\(deltas)\n"
      }
    }
    return lines
  }
}
