public import Genomics
public import GenomicsIO

/// Examples as their files give them, and what became of each record.
public struct LoadedDataset: Sendable {
  public var dataset: Dataset
  public var labelKind: LabelKind
  /// The side of each example that the input itself states; empty if it states none.
  public var statedSides: [Side?] = []
  public var ledgers: [Ledger] = []
  /// What a user should know of how the input was understood, a line each.
  public var notes: [String] = []
  /// The genome and what negatives must not touch, for input on a genome.
  public var genome: Genome?
  package var occupied: [GenomicInterval] = []
  /// The peaks of each task, for input on a genome.
  public internal(set) var peaks: [[GenomicInterval]] = []

  /// Whether some task found some example not bound.
  package var hasNegatives: Bool { dataset.examples.contains(where: \.isNegative) }

  /// That of the sequences.
  public var alphabet: Alphabet { dataset.examples.first?.bases.alphabet ?? .dna }

  public var isClassification: Bool { labelKind == .classes }

  /// The length of a window: that of the middle example by length.
  public var medianLength: Int {
    let lengths = dataset.examples.map(\.bases.count).sorted()
    return lengths[lengths.count / 2]
  }
}

/// Tasks that are not those that were asked for.
public struct OtherTasksError: Failure, Equatable {
  public let file: String
  public let found, wanted: [String]

  public var kind: FailureKind { .badData }

  public var description: String {
    func list(_ tasks: [String]) -> String {
      tasks.map(\.escapedForTerminal).joined(separator: ", ")
    }
    return "\(file.escapedForTerminal): has \(found.count) task(s), \(list(found)), where "
      + "\(wanted.count) are wanted; give \(list(wanted))"
  }
}

/// A task to measure that a model hasn't learned.
public struct UnknownTaskError: Failure, Equatable {
  public let file: String
  public let found, known: [String]

  package init(file: String, found: [String], known: [String]) {
    (self.file, self.found, self.known) = (file, found, known)
  }

  public var kind: FailureKind { .badData }

  public var description: String {
    func list(_ tasks: [String]) -> String {
      tasks.prefix(12).map(\.quoted).joined(separator: ", ")
        + (tasks.count > 12 ? " and \(tasks.count - 12) more" : "")
    }
    return "\(file.escapedForTerminal): holds \(list(found)), and the model's task(s) are "
      + "\(list(known)); name a column after its task, or choose it with --labels, or give a file as "
      + "--peaks TASK=FILE"
  }
}

extension LoadedDataset {
  /// Examples from no file, whose labels are classes unless they are said to be numbers.
  package init(_ dataset: Dataset, _ labelKind: LabelKind = .classes) {
    self.init(dataset: dataset, labelKind: labelKind)
  }

  /// Puts the tasks in the order of others, of which some may be missing, by name; if there is one on
  /// either side it takes the other's name.
  ///
  /// - Parameter file: What an error names as the source of the examples.
  /// - Returns: Which of the others the tasks are.
  /// - Throws: `UnknownTaskError` if a task is none of the others.
  public mutating func chooseTasks(among tasks: [String], file: String) throws -> [Int] {
    if labelKind == .categories {
      try arrangeClasses(as: tasks, file: file)
      return Array(tasks.indices)
    }
    let own = dataset.tasks
    if own.count == 1, tasks.count == 1 { dataset.tasks = tasks }
    let present = tasks.indices.filter { dataset.tasks.contains(tasks[$0]) }
    guard present.count == own.count else {
      throw UnknownTaskError(file: file, found: own, known: tasks)
    }
    try arrangeTasks(as: present.map { tasks[$0] }, file: file)
    return present
  }

  /// Puts the tasks in the order of others, by name; a single task may have any name.
  ///
  /// - Parameter file: What an error names as the source of the examples.
  /// - Throws: `OtherTasksError` if the tasks are not the same.
  public mutating func arrangeTasks(as tasks: [String], file: String) throws {
    if labelKind == .categories { return try arrangeClasses(as: tasks, file: file) }
    guard tasks.count > 1 || dataset.tasks.count != tasks.count else { return }
    let order = tasks.compactMap { dataset.tasks.firstIndex(of: $0) }
    guard Set(order).count == dataset.tasks.count, order.count == dataset.tasks.count,
      order.count == tasks.count
    else {
      throw OtherTasksError(file: file, found: dataset.tasks, wanted: tasks)
    }
    dataset.tasks = tasks
    for index in dataset.examples.indices {
      let labels = dataset.examples[index].labels
      dataset.examples[index].labels = order.map { labels[$0] }
    }
  }

  /// Puts the classes in the order of others, of which some may have no example.
  ///
  /// - Throws: `UnknownTaskError` if a class is none of the others.
  private mutating func arrangeClasses(as classes: [String], file: String) throws {
    let own = dataset.tasks
    guard own.allSatisfy(classes.contains) else {
      throw UnknownTaskError(file: file, found: own, known: classes)
    }
    let places = classes.map { own.firstIndex(of: $0) }
    dataset.tasks = classes
    for index in dataset.examples.indices {
      let labels = dataset.examples[index].labels
      dataset.examples[index].labels = places.map { $0.map { labels[$0] } ?? 0 }
    }
  }

  /// Makes classes of tasks: keeps the examples of one task alone, and counts the others.
  mutating func makeClasses() throws {
    let count = dataset.examples.count
    dataset.examples.removeAll { example in
      example.labels.contains(where: \.isNaN) || example.labels.count { $0 == 1 } != 1
    }
    labelKind = .categories
    var ledger = Ledger(source: "windows of one class")
    ledger.use(dataset.examples.count)
    ledger.drop("touches a peak of another class", count: count - dataset.examples.count)
    ledgers.append(ledger)
    guard !dataset.examples.isEmpty else {
      throw EmptyInputError(
        description: "\(ledger); give peaks of factors that bind apart, or train without --classes")
    }
  }

  /// Keeps genomic negatives off the regions of a file, a blacklist.
  ///
  /// - Throws: What reading throws; `EmptyInputError` where the genome has none of the regions'
  ///   sequences.
  public mutating func exclude(regionsOf path: String) throws {
    guard let genome else { return }
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    let regions = try readIntervals(path)
    let names = regions.map(\.sequence)
    var ledger = Ledger(source: path)
    for region in regions {
      if let name = naming.resolve(region.sequence) {
        occupied.append(GenomicInterval(name, start: region.start, end: region.end))
        ledger.use()
      } else {
        ledger.drop("no such sequence in the genome")
      }
    }
    guard regions.isEmpty || ledger.used > 0 else {
      throw EmptyInputError(
        description: "\(ledger)\(DatasetInput.mend(unusable: names, on: genome))")
    }
    ledgers.append(ledger)
    if let explanation = naming.explanation(of: names) { notes.append(explanation) }
  }
}

extension PreparedDataset {
  /// That of the sequences.
  public var alphabet: Alphabet { train.first?.bases.alphabet ?? .dna }
}
