internal import Genomics
internal import GenomicsIO
internal import Inference

/// The table of simulated sequences and the places of their sites, written as they are made.
struct SimulationFiles: ~Copyable {
  private var sequences: OutputFile
  private var sites: OutputFile
  private let motifs: [String]
  private let tasks: [String]

  init(sequences: consuming OutputFile, sites: consuming OutputFile, _ simulation: Simulation) {
    self.sequences = sequences
    self.sites = sites
    motifs = simulation.plan.motifs.map(\.name.tableField)
    tasks = simulation.tasks.map(\.tableField)
  }

  mutating func writeHeader() throws {
    try sequences.write((["id", "seq"] + tasks).joined(separator: "\t") + "\n")
    try sites.write("#sequence\tstart\tend\tmotif\tscore\tstrand\n")
  }

  mutating func write(_ sequence: SimulatedSequence) throws {
    let labels = sequence.labels.map { "\($0)" }
    try sequences.write(
      ([sequence.name, sequence.text] + labels).joined(separator: "\t") + "\n")
    for site in sequence.sites {
      let fields = [
        sequence.name, "\(site.range.lowerBound)", "\(site.range.upperBound)", motifs[site.motif],
        "0", site.strand.rawValue,
      ]
      try sites.write(fields.joined(separator: "\t") + "\n")
    }
  }

  consuming func finish(into outputs: inout OutputTransaction) throws {
    outputs.add(try sequences.finish())
    outputs.add(try sites.finish())
  }
}

/// How sequences were simulated: the contents of `simulation.json`.
struct SimulationRecord: Encodable {
  let schema = "seqcnn-simulation/1"
  let version = programVersion
  let lesson: Lesson
  let motifs: [String]
  let alphabet: String
  let sequences: Int
  let length: Int
  /// `nil` unless letters are nucleotides.
  let gc: Double?
  /// `nil` unless the lesson has several sites of a motif.
  let sites: Int?
  /// `nil` unless the lesson is of a distance.
  let gap: Int?
  let bothStrands: Bool
  let seed: UInt64

  init(_ plan: SimulationPlan, sequences: Int) {
    (lesson, motifs) = (plan.lesson, plan.motifs.map(\.name))
    (alphabet, self.sequences, length) = (plan.alphabet.name, sequences, plan.length)
    gc = plan.alphabet.hasComplement ? plan.gc : nil
    sites = [.count, .density].contains(plan.lesson) ? plan.sites : nil
    gap = plan.lesson == .spacing ? plan.gap : nil
    (bothStrands, seed) = (plan.readsBothStrands, plan.seed)
  }
}
