internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Layers
internal import Models
internal import Networks

/// Numbers that are read beside the sequences.
struct SideOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Numbers to read beside the sequences: columns of the --table, or NAME=FILE for the mean of a bigWig track \
      over each window of the --genome.
      """, valueName: "column|name=bigwig"))
  var side: [String] = []

  /// What is read beside sequences.
  struct Sources {
    /// Of the columns or tracks.
    var names: [String] = []
    var tracks: [SideTrack] = []
    /// The files of the tracks.
    var paths: [String] = []

    /// The columns of a table.
    var columns: [String] { tracks.isEmpty ? names : [] }

    /// Refuses negatives that are shuffles: they have no place, and nothing beside them.
    ///
    /// - Throws: `ValidationError`.
    func refuseShuffles() throws {
      guard !names.isEmpty else { return }
      throw ValidationError(
        "a shuffle of a sequence has nothing beside it; give a --table with both classes, or a --genome whose windows "
          + "are the negatives")
    }
  }

  /// Reads the options for an input.
  ///
  /// - Parameter hasPlaces: Whether the sequences are windows of a genome; else they are rows of a table.
  /// - Throws: `ValidationError`, `ByteError`.
  func sources(hasPlaces: Bool) throws -> Sources {
    var sources = Sources()
    for text in side {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard hasPlaces else {
        sources.names.append(text)
        continue
      }
      guard parts.count == 2 else {
        throw ValidationError(
          "--side is \(text.quoted); name a track as NAME=FILE, such as accessibility=dnase.bw")
      }
      sources.names.append(parts[0])
      sources.paths.append(parts[1])
      sources.tracks.append(try SideTrack(name: parts[0], path: parts[1]))
    }
    if let twice = sources.names.indices.first(where: {
      sources.names[..<$0].contains(sources.names[$0])
    }) {
      throw ValidationError("--side names \(sources.names[twice].quoted) twice; name each once")
    }
    return sources
  }

  /// Reads what a model reads beside sequences, in its order. The columns of a table needn't be named again.
  ///
  /// - Throws: `ValidationError`, `ByteError`.
  func sources(for model: Model, hasPlaces: Bool) throws -> Sources {
    try sources(for: [model], hasPlaces: hasPlaces)[0]
  }

  /// Reads what models read beside sequences, each in its order; of the same name they read the same.
  ///
  /// - Throws: `ValidationError`, `ByteError`.
  func sources(for models: [Model], hasPlaces: Bool) throws -> [Sources] {
    let wanted = models.map(\.sideNames)
    let known = wanted.joined().reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    guard !known.isEmpty || side.isEmpty else {
      throw ValidationError("the model reads nothing beside sequences; leave --side out")
    }
    if !hasPlaces, side.isEmpty { return wanted.map { Sources(names: $0) } }
    let given = try sources(hasPlaces: hasPlaces)
    guard Set(given.names) == Set(known) else {
      let list = known.map { hasPlaces ? "\($0)=FILE" : $0 }.map(\.quoted)
      throw ValidationError(
        "the model reads \(list.joined(separator: ", ")) beside sequences; give "
          + (hasPlaces ? "these tracks with --side" : "a --table with these columns"))
    }
    return wanted.map { names in
      Sources(
        names: names,
        tracks: names.compactMap { name in given.tracks.first { $0.name == name } },
        paths: given.paths)
    }
  }
}

extension InputOptions {
  /// Whether examples are windows of a genome.
  var hasPlaces: Bool { genome != nil }

  /// Refuses numbers beside sequences that have neither columns nor places.
  ///
  /// - Throws: `ValidationError`.
  func check(_ side: SideOptions) throws {
    guard !side.side.isEmpty, table == nil, genome == nil else { return }
    throw ValidationError("--side goes with a --table, or with --peaks or --positives and --genome")
  }

  /// What a model reads beside the examples.
  ///
  /// - Throws: `ValidationError` if the input has nothing there; `ByteError`.
  func sources(_ side: SideOptions, for model: Model) throws -> SideOptions.Sources {
    try check(side)
    let sources = try side.sources(for: model, hasPlaces: hasPlaces)
    guard sources.names.isEmpty || table != nil || hasPlaces else {
      throw ValidationError(
        "the model reads numbers beside sequences; give a --table with their columns, or places in a --genome"
      )
    }
    return sources
  }
}
