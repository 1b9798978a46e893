internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Networks
internal import Reports
internal import Tensors

struct MutateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutate",
    abstract: "Find what every substitution in a sequence does.",
    discussion: """
      EXAMPLES
        seqcnn mutate --model ctcf/model.safetensors --fasta sites.fa --output sites
        seqcnn mutate --model ctcf/model.safetensors --regions peaks.bed \\
          --genome hg38.fa.gz --output peaks

      Each base in turn is replaced by each other one. The folder holds
        mutations.tsv  name, (chrom with --regions), position (from 1), ref, alt,
                       and a column a task: the output with alt less that with ref,
                       a difference of logits for classification
        mutations.npz  delta (N, 4, L), one a task named delta.1, delta.2 … where
                       there are several, and sequence (N, 4, L), one-hot; bases
                       A, C, G, T
        map1.svg …     a map of each of the first --maps sequences (map1.1.svg … a
                       task): a letter a base, as high as its replacement lowers
                       the output at most, over a heat map of all substitutions
      Sequences and regions are read as by `predict`. Of several lengths the shorter
      ones are filled up at their end, with NaN in delta and 0 in sequence.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ScoringInput

  @Option(help: ArgumentHelp("The folder of results.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("Draw so many sequences.", valueName: "n"))
  var maps = 10

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    guard output != "-" else {
      throw ValidationError("--output is \"-\", but several files are made; name a folder for them")
    }
    try OutputName.checkFolder(output, option: "--output")
    guard maps >= 0 else { throw ValidationError("--maps is \(maps); take 0 or more") }
  }

  func run() throws {
    let model = try Model(path: model)
    let directory = try OutputDirectory(path: output, replacing: force.force)
    var table = try OutputFile(
      path: directory.path(of: "mutations.tsv"), replacing: true)
    let columns = ["name"] + (input.hasWindows ? ["chrom"] : []) + ["position", "ref", "alt"]
    try table.write((columns + model.tasks.map(\.tableField)).joined(separator: "\t") + "\n")
    var all: [Mutagenesis] = []
    try input.forEachRecord(for: model, label: "mutate", console: shared.console) { record in
      let mutations = Mutagenesis(
        of: record.bases, by: model.ensemble, threads: shared.threads)
      try table.write(Self.lines(mutations, of: record))
      all.append(mutations)
      guard all.count <= maps else { return }
      for task in model.tasks.indices {
        let number = model.tasks.count > 1 ? "\(all.count).\(task + 1)" : "\(all.count)"
        let title = model.tasks.count > 1 ? "\(record.name), \(model.tasks[task])" : record.name
        var map = try OutputFile(path: directory.path(of: "map\(number).svg"), replacing: true)
        try map.write(
          mutationMapSVG(
            codes: record.bases.codes, deltas: mutations.deltas(of: task), title: title,
            firstPosition: (record.window?.start ?? 0) + 1))
        try map.commit()
      }
    }
    try table.commit()
    try write(all, taskCount: model.tasks.count, to: directory.path(of: "mutations.npz"))
  }

  /// The lines of the table of one sequence.
  private static func lines(_ mutations: Mutagenesis, of record: ScoringInput.Record) -> String {
    let letters = ["A", "C", "G", "T", "N"]
    let place = ([record.name] + (record.window.map { [$0.sequence] } ?? []))
      .map { $0.tableField + "\t" }.joined()
    let first = (record.window?.start ?? 0) + 1
    let tasks = mutations.reference.count
    var lines = ""
    for (position, code) in mutations.sequence.codes.enumerated() {
      for base in 0..<4 where base != Int(code) {
        let row = (4 * position + base) * tasks
        let deltas = mutations.deltas.scalars[row..<row + tasks].map { "\t\($0)" }.joined()
        lines += "\(place)\(first + position)\t\(letters[Int(code)])\t\(letters[base])\(deltas)\n"
      }
    }
    return lines
  }

  private func write(_ all: [Mutagenesis], taskCount: Int, to path: String) throws {
    let length = all.reduce(0) { max($0, $1.sequence.count) }
    let shape = [all.count, 4, length]
    var archive = try NPZWriter(path: path, replacing: true)
    for task in 0..<taskCount {
      var scalars = [Float](repeating: .nan, count: all.count * 4 * length)
      for (index, mutations) in all.enumerated() {
        for (place, delta) in mutations.deltas(of: task).enumerated() {
          scalars[(4 * index + place % 4) * length + place / 4] = delta
        }
      }
      let name = taskCount > 1 ? "delta.\(task + 1)" : "delta"
      try archive.write(name, shape: shape, scalars: scalars)
    }
    var bases = [Float](repeating: 0, count: all.count * 4 * length)
    for (index, mutations) in all.enumerated() {
      for (position, code) in mutations.sequence.codes.enumerated() where code < 4 {
        bases[(4 * index + Int(code)) * length + position] = 1
      }
    }
    try archive.write("sequence", shape: shape, scalars: bases)
    try archive.commit()
  }
}
