public import Genomics
public import GenomicsIO

/// Where examples come from.
public enum DatasetInput: Equatable, Sendable {
  /// FASTA files; without negatives they are to be made.
  case sequences(positives: String, negatives: String?)
  /// FASTA of bound sequences that were cut from a genome.
  case located(positives: String, genome: String)
  /// Peak files, a task each, on a genome.
  case peaks([PeakFile], genome: String)
  /// A table with a column of sequences and a column for each task.
  case table(String)

  /// The files that hold examples: all but a genome.
  public var examplePaths: [String] {
    switch self {
    case .located(let positives, _): [positives]
    case .peaks(let files, _): files.map(\.path)
    case .sequences, .table: paths
    }
  }

  /// The files to read.
  public var paths: [String] {
    switch self {
    case .sequences(let positives, let negatives): [positives] + (negatives.map { [$0] } ?? [])
    case .located(let positives, let genome): [positives, genome]
    case .peaks(let files, let genome): files.map(\.path) + [genome]
    case .table(let path): [path]
    }
  }
}

/// The peaks of one task, as a file.
public struct PeakFile: Equatable, Sendable {
  public let task: String
  public let path: String

  public init(task: String, path: String) {
    self.task = task
    self.path = path
  }
}

/// An input without a single usable record.
public struct EmptyInputError: Failure, Equatable {
  public let description: String
  public var kind: FailureKind { .badData }
}

/// A value of a table's column `split` that names no side.
public struct UnknownSide: InputProblem {
  public let text: String
  public let row: String

  public var description: String {
    "the split of \(row.quoted) is \(text.quoted); write train, validation or test"
  }
}

extension DatasetInput {
  /// Reads the examples.
  ///
  /// - Parameters:
  ///   - length: The length of windows around peaks; sequences are cut or filled up to it around
  ///     their middle, or taken as they are without it.
  ///   - labels: What is asked of the labels of a table.
  ///   - alphabet: That of sequences and tables; a genome is DNA.
  ///   - side: The columns of a table that are read beside the sequences.
  /// - Throws: What reading throws; `EmptyInputError` where no record can be used;
  ///   `InputError<LabelProblem>`.
  public func load(
    length: Int?, labels: LabelRequest = LabelRequest(), alphabet: Alphabet = .dna,
    side: [String] = []
  ) throws -> LoadedDataset {
    var loaded =
      switch self {
      case .sequences(let positives, let negatives):
        try Self.loadSequences(positives: positives, negatives: negatives, alphabet)
      case .located(let positives, let genome):
        try Self.loadLocated(
          positives, genome: genome, length: length ?? Self.defaultPeakLength)
      case .peaks(let files, let genome):
        try Self.loadPeaks(
          files, genome: genome, length: length ?? Self.defaultPeakLength,
          areClasses: labels.kind == .categories)
      case .table(let path): try Self.loadTable(path, labels, alphabet, side)
      }
    guard !loaded.dataset.examples.isEmpty else {
      throw EmptyInputError(
        description: "\(loaded.ledgers.map(\.description).joined(separator: "; ")); "
          + "no record is left to use")
    }
    if let length {
      for index in loaded.dataset.examples.indices {
        loaded.dataset.examples[index].resize(to: length)
      }
    }
    return loaded
  }

  /// The length of the windows around peaks unless another is asked for.
  public static let defaultPeakLength = 101

  private static func loadSequences(
    positives: String, negatives: String?, _ alphabet: Alphabet
  ) throws -> LoadedDataset {
    var loaded = LoadedDataset(
      dataset: Dataset(tasks: [taskName(of: positives)], examples: []), labelKind: .classes)
    for (path, label) in [(positives, Float(1))] + (negatives.map { [($0, Float(0))] } ?? []) {
      var ledger = Ledger(source: path)
      for sequence in try readFASTA(path, alphabet: alphabet) {
        let example = Example(
          name: sequence.name, bases: sequence.bases, labels: [label],
          interval: GenomicInterval(namedBy: sequence))
        loaded.add(example, ledger: &ledger)
      }
      loaded.ledgers.append(ledger)
    }
    return loaded
  }

  private static func loadTable(
    _ path: String, _ labels: LabelRequest, _ alphabet: Alphabet, _ columns: [String]
  ) throws -> LoadedDataset {
    var table = try readTable(
      path, tasks: labels.columns, namesClasses: labels.kind == .categories, alphabet: alphabet,
      side: columns)
    if labels.kind == .ranks { table = try table.withLevels(of: labels.columns, file: path) }
    var loaded = LoadedDataset(
      dataset: Dataset(tasks: table.tasks, examples: []),
      labelKind: try table.labelKind(labels.kind, file: path))
    if !table.leftOut.isEmpty {
      loaded.notes.append(
        "\(path.escapedForTerminal): not tasks: "
          + table.leftOut.map(\.description).joined(separator: ", "))
    }
    var ledger = Ledger(source: path)
    let statesSides = table.rows.contains { $0.split != nil }
    for row in table.rows {
      let example = Example(
        name: row.name, bases: row.bases, labels: row.labels.map { $0 ?? .nan },
        interval: row.interval
          ?? GenomicInterval(namedBy: DNASequence(name: row.name, bases: row.bases)))
      guard loaded.add(example, ledger: &ledger), statesSides else { continue }
      loaded.statedSides.append(try row.split.map { try side(stated: $0, row: row.name, in: path) })
    }
    loaded.ledgers = [ledger]
    let examples = loaded.dataset.examples
    for (index, task) in table.tasks.enumerated()
    where !examples.isEmpty && examples.allSatisfy({ $0.labels[index].isNaN }) {
      throw InputError(file: path, LabelProblem.notMeasured(task: task))
    }
    return loaded
  }

  private static func side(stated text: String, row: String, in path: String) throws -> Side {
    switch text.lowercased() {
    case "train", "training": return .train
    case "validation", "valid", "val": return .validation
    case "test": return .test
    default:
      throw InputError(file: path, UnknownSide(text: text, row: row))
    }
  }

  private static func loadPeaks(
    _ files: [PeakFile], genome path: String, length: Int, areClasses: Bool
  ) throws -> LoadedDataset {
    let genome = try Genome(path: path)
    let contents = try files.map { try PeakFileContents(path: $0.path) }
    var loaded = try loaded(
      zip(files, contents).map { PeakSet(task: $0.task, peaks: $1.peaks) },
      ledgers: files.map { Ledger(source: $0.path) }, on: genome, length: length)
    loaded.notes += zip(loaded.ledgers, contents).compactMap { ledger, contents in
      contents.firstUnreadStrength.map {
        "\(ledger.sourceName): \(contents.unreadStrengths) of \(contents.peaks.count) scores are no "
          + "numbers, such as \($0.quoted), and count as missing"
      }
    }
    if areClasses { try loaded.makeClasses() }
    return loaded
  }

  /// The windows around the peaks of some tasks.
  ///
  /// - Parameter ledgers: One for each set, with what was dropped before.
  static func loaded(
    _ sets: [PeakSet], ledgers: [Ledger], on genome: Genome, length: Int
  ) throws -> LoadedDataset {
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    var ledgers = ledgers
    var dataset = try Dataset(
      peakSets: sets, length: length, genome: genome, naming: naming.resolve, ledgers: &ledgers)
    for index in dataset.examples.indices { dataset.examples[index].row = index }
    let peaks = sets.flatMap(\.peaks)
    var loaded = LoadedDataset(
      dataset: dataset, labelKind: .classes, ledgers: ledgers, genome: genome)
    loaded.peaks = sets.map { set in
      set.peaks.compactMap { peak in
        naming.resolve(peak.interval.sequence).map(peak.interval.renamed)
      }
    }
    loaded.occupied = loaded.peaks.flatMap(\.self)
    if let explanation = naming.explanation(of: peaks.map(\.interval.sequence)) {
      loaded.notes.append(explanation)
    }
    let summits = peaks.count { $0.centerSource == .summit }
    loaded.notes.append(
      "windows of \(length) bases centred on \(summits) summits and "
        + "\(peaks.count - summits) midpoints")
    for (set, ledger) in zip(sets, ledgers) where ledger.used == 0 {
      throw EmptyInputError(
        description: (sets.count > 1 ? "\(ledger), so no peak for \(set.task.quoted)" : "\(ledger)")
          + Self.mend(unusable: set.peaks.map(\.interval.sequence), on: genome))
    }
    return loaded
  }

  /// What to do about regions or variants, on sequences of these names, of which a genome lets none be used:
  /// `; WHY; HOW TO MEND`.
  public static func mend(unusable names: [String], on genome: Genome) -> String {
    guard let name = names.first else { return "; give a file with regions" }
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    guard names.allSatisfy({ naming.resolve($0) == nil }) else {
      return "; give regions that lie on known bases of the genome"
    }
    let known = genome.sequences.prefix(3).map(\.name.quoted).joined(separator: ", ")
    return "; the input names sequences such as \(name.quoted), the genome "
      + "has \(known); give the genome that the input is on"
  }

  /// Whether a path says nothing of what it leads to: standard input, or a pipe that a shell numbered.
  public static func isNameless(_ path: String) -> Bool {
    path == "-" || path == "/dev/stdin" || path.hasPrefix("/dev/fd/")
      || path.hasPrefix("/proc/") && path.contains("/fd/")
  }

  /// A task's name from a file's: the last component without the endings of formats, so
  /// `K562.CTCF.narrowPeak.gz` gives `K562.CTCF`; `unnamed` for a path without a name.
  public static func taskName(of path: String) -> String {
    guard !isNameless(path) else { return "unnamed" }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let endings = [
      "gz", "bgz", "narrowpeak", "broadpeak", "bed", "fa", "fasta", "fna", "txt", "tsv", "seq",
    ]
    var parts = file.split(separator: ".")
    while parts.count > 1, let last = parts.last, endings.contains(last.lowercased()) {
      parts.removeLast()
    }
    return parts.joined(separator: ".")
  }
}

extension LoadedDataset {
  /// Takes an example unless too little of it is known.
  ///
  /// - Returns: Whether it was taken.
  @discardableResult
  fileprivate mutating func add(_ example: Example, ledger: inout Ledger) -> Bool {
    if example.bases.count == 0 {
      ledger.drop("empty sequence")
    } else if example.bases.isMostlyUnknown {
      ledger.drop("more than half of the bases unknown")
    } else if example.labels.allSatisfy(\.isNaN) {
      ledger.drop("no task measured")
    } else {
      var example = example
      example.row = dataset.examples.count
      dataset.examples.append(example)
      ledger.use()
      return true
    }
    return false
  }
}

extension Example {
  /// Cuts the bases to a length, or fills them up with unknown ones, around the middle.
  mutating func resize(to length: Int) {
    let excess = bases.count - length
    if excess > 0 {
      bases = bases[excess / 2..<excess / 2 + length]
      interval = interval.map {
        GenomicInterval(
          $0.sequence, start: $0.start + excess / 2, end: $0.start + excess / 2 + length)
      }
    } else {
      bases = bases.padded(to: length)
    }
  }
}
