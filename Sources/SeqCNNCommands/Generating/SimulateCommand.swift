public import ArgumentParser
public import Genomics
internal import GenomicsIO
public import Inference
internal import Motifs

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make sequences with planted motifs: what can a network learn?",
    discussion: """
      EXAMPLES
        seqcnn simulate single --motifs JASPAR.meme --motif CTCF --output single
        seqcnn simulate spacing --pattern CACGTG TGACTCA --gap 10 --output spacing
        seqcnn simulate multiple --motifs JASPAR.meme --motif GATA1 Spi1 --output two
        seqcnn simulate single --alphabet protein \\
          --pattern 'C-x(2,4)-C-x(3)-[LIVMFYWC]' --output finger
        seqcnn train --table single/sequences.tsv --output model

      The lessons, and what makes a positive:
        single    a site of the motif; none is planted in negatives
        count     --sites sites of the motif; one is planted in negatives
        density   --sites sites in the middle third; negatives have them anywhere
        multiple  a task for each motif: a site of it, in half of the sequences
        spacing   the second motif --gap letters behind the first; negatives have
                  both, at another distance
        xor       a site of one of two motifs; negatives have none, or both in every
                  fourth
      Chance sites of the background stay, in both: of 150 random letters nearly half
      have a CANNTG. Every second sequence is a positive. Sites are drawn from the
      motifs letter by letter, and stand where they don't overlap. The folder holds
        sequences.tsv    id seq and a column of labels per task, for `train --table`
        sites.bed        where each site was planted: sequence start end motif score
                         strand
        simulation.json  how they were made
      docs/simulate.md says which network learns which lesson.
      """)

  @Argument(help: ArgumentHelp("What is to be learned."))
  var lesson: Lesson

  @OptionGroup(title: "Motifs") var source: SimulatedMotifOptions

  @Option(help: ArgumentHelp("The number of sequences.", valueName: "n"))
  var sequences = 4000

  @Option(help: ArgumentHelp("The length of each sequence.", valueName: "letters"))
  var length = 150

  @Option(
    help: ArgumentHelp(
      "The share of G and C in the background; 0.5 unless given. Of proteins that of Swiss-Prot.",
      valueName: "share"))
  var gc: Double?

  @Option(
    help: ArgumentHelp("The number of sites of `count` and `density`.", valueName: "n"))
  var sites = 3

  @Option(
    help: ArgumentHelp("The number of letters between the sites of `spacing`.", valueName: "n"))
  var gap = 8

  @Flag(help: "Plant sites on either strand, those of `spacing` as a whole.")
  var bothStrands = false

  @OptionGroup var folder: FolderOption

  @OptionGroup var seed: SeedOption
  @OptionGroup var quiet: QuietOption

  func validate() throws {
    try NumberRule.sequences.check(sequences)
    try NumberRule.length.check(length)
    try NumberRule.gc.check(gc)
    try NumberRule.sites.check(sites)
    try NumberRule.gap.check(gap)
  }

  func run() throws {
    let simulation = try simulation()
    let directory = try folder.directory()
    var files = SimulationFiles(
      sequences: try directory.file(named: "sequences.tsv"),
      sites: try directory.file(named: "sites.bed"), simulation)
    try files.writeHeader()
    var progress = quiet.console.progress("simulate", unit: "sequences", total: sequences)
    for index in 0..<sequences {
      try files.write(simulation.sequence(index))
      progress.update(index + 1)
    }
    progress.finish()
    var record = try directory.file(named: "simulation.json")
    try record.write(jsonText(SimulationRecord(simulation.plan, sequences: sequences)))
    var outputs = OutputTransaction()
    try files.finish(into: &outputs)
    outputs.add(try record.finish())
    try directory.commit(outputs)
    quiet.console.note(
      "\(grouped(sequences)) sequences, tasks \(simulation.tasks.map(\.quoted).joined(separator: ", ")): "
        + "train with --table \(folder.output.escapedForTerminal)/sequences.tsv")
  }

  private func simulation() throws -> Simulation {
    var plan = SimulationPlan(
      lesson, motifs: try source.motifs(console: quiet.console), alphabet: source.alphabet)
    guard gc == nil || plan.alphabet.hasComplement else {
      throw ValidationError("--gc is of nucleotides; leave it out with --alphabet protein")
    }
    guard !bothStrands || plan.alphabet == .dna else {
      throw ValidationError("--both-strands goes with --alphabet dna, the letters of two strands")
    }
    (plan.length, plan.gc, plan.seed) = (length, gc ?? plan.gc, seed.seed)
    (plan.sites, plan.gap, plan.readsBothStrands) = (sites, gap, bothStrands)
    do {
      return try Simulation(plan)
    } catch {
      throw ValidationError("\(error)")
    }
  }
}

/// The motifs of a simulation, in the order of the options.
struct SimulatedMotifOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A file of motifs, of any format that is read.", valueName: "file"))
  var motifs: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The motifs of the file, by either of their names.", valueName: "name"))
  var motif: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Patterns instead: IUPAC letters, such as CANNTG, or PROSITE's syntax.",
      valueName: "pattern"))
  var pattern: [String] = []

  @Option(help: ArgumentHelp("What the letters are.", valueName: "dna|rna|protein"))
  var alphabet = Alphabet.dna

  func motifs(console: Console) throws -> [SimulatedMotif] {
    guard motif.isEmpty == (motifs == nil) else {
      throw ValidationError("--motifs names a file and --motif motifs of it; give both or neither")
    }
    var chosen: [SimulatedMotif] = []
    if let motifs {
      let file = try MotifFile(path: motifs)
      for name in motif {
        let named = try file.motifs(named: [name])
        if named.count > 1 {
          console.note(
            "\(named.count) motifs are named \(name.quoted); took \(named[0].name.escapedForTerminal)"
          )
        }
        chosen.append(SimulatedMotif(named[0]))
      }
    }
    for text in pattern {
      do {
        chosen.append(SimulatedMotif(try SequencePattern(text, alphabet: alphabet)))
      } catch {
        throw ValidationError("--pattern is \(text.quoted): \(error)")
      }
    }
    return chosen
  }
}

extension Lesson: ExpressibleByArgument {}

extension Alphabet: ExpressibleByArgument {
  /// Reads `dna`, `rna` or `protein`.
  public init?(argument: String) {
    guard
      let alphabet = Alphabet.allCases.first(where: {
        $0.name.lowercased() == argument.lowercased()
      })
    else { return nil }
    self = alphabet
  }

  public static var allValueStrings: [String] { allCases.map { $0.name.lowercased() } }

  public var defaultValueDescription: String { name.lowercased() }
}
