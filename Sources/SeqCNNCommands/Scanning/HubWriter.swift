internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks
internal import Reports

/// Writes the hub of a scan: sites, predictions where they are high, and what bases contribute if that is asked for.
struct HubWriter: ~Copyable {
  private let directory: OutputDirectory
  private let caller: SiteCaller
  private let assembly: String
  private let genome: String
  private let threads: Int
  /// The browser's names of sequences, by those of the outputs.
  private let names: [String: String]
  /// Under the browser's names, in the genome's order.
  private let sequences: [(name: String, length: Int)]

  private static let fieldCount = 12
  /// A track of scores is written for the first tasks.
  static let mostScoreTracks = 10

  /// - Parameters:
  ///   - genome: The genome's file. Browsers read it unless the command names an assembly, so the hub has its names then.
  ///   - sequences: Those of the genome, in its order.
  ///   - outputNames: What the outputs call them.
  init(
    _ command: ScanCommand, path: String, genome: String, sequences: [GenomeSequence],
    names outputNames: OutputNames, caller: SiteCaller
  ) throws {
    directory = try OutputDirectory(path: path, replacing: command.force.force)
    self.caller = caller
    let assembly = command.assembly ?? Self.name(ofGenome: genome)
    self.assembly = assembly
    self.genome = command.assembly ?? Self.absolute(genome)
    threads = command.shared.threads
    let written = sequences.map { outputNames.name(of: $0.name) }
    let readsFile = command.assembly == nil
    let naming = BrowserNaming(
      assembly: assembly, names: readsFile ? sequences.map(\.name) : written)
    let drawn = (readsFile ? sequences.map(\.name) : written).map(naming.name)
    names = Dictionary(zip(written, drawn), uniquingKeysWith: { first, _ in first })
    self.sequences = zip(drawn, sequences).map { (name: $0, length: $1.length) }
  }

  /// `hg38` for `/data/hg38.fa.gz`.
  private static func name(ofGenome path: String) -> String {
    splitPath(path).name.split(separator: ".").first.map(String.init) ?? "genome"
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// The tracks of predictions, one per task.
  ///
  /// - Parameter most: The number of tasks whose predictions are known.
  func predictions(most: Int = mostScoreTracks) throws -> [SparseTrack] {
    try (0..<min(caller.tasks.count, most)).map { task in
      let writer = try BigWigWriter(
        path: directory.path(of: scoreFile(of: task)), sequences: sequences, replacing: true,
        threads: threads)
      return SparseTrack(writer: writer, names: names, least: caller.leastDrawn(task: task))
    }
  }

  private func scoreFile(of task: Int) -> String {
    caller.tasks.count == 1 ? "scores.bw" : "scores.\(task + 1).bw"
  }

  /// Writes everything but the predictions.
  ///
  /// - Parameters:
  ///   - sites: All that are called.
  ///   - scoreTracks: The number of tracks of predictions.
  ///   - contributions: In the windows of sites; `nil` for none.
  func write(
    _ sites: [BindingSite], scoreTracks: Int, contributions: ContributionTrack?, calls: SiteCalls,
    in outputs: inout OutputTransaction
  ) throws {
    let task = caller.tasks[0]
    var tracks = [
      TrackHub.Track(
        name: "sites", file: "sites.bb", subject: caller.tasks.joined(separator: ", "),
        label: "\(caller.tasks.joined(separator: ", ")) sites",
        kind: .sites(fields: Self.fieldCount))
    ]
    outputs.add(try writtenSites(sorted(sites), calls))
    tracks += (0..<scoreTracks).map { task in
      let file = scoreFile(of: task)
      return .init(
        name: String(file.dropLast(3)).replacing(".", with: "_"), file: file,
        subject: caller.tasks[task],
        label: "\(caller.tasks[task]) \(caller.predictionWords(task: task))", kind: .values)
    }
    if let contributions {
      outputs.add(try written(contributions))
      tracks.append(
        .init(
          name: "contributions", file: "contributions.bw", subject: task,
          label: "\(task) contributions", kind: .contributions))
    }
    let hub = TrackHub(
      name: "seqcnn", label: "seqcnn: \(caller.tasks.joined(separator: ", "))",
      assembly: assembly, genome: genome, tracks: tracks)
    for (name, text) in hub.files {
      var file = try directory.file(named: name)
      try file.write(text)
      outputs.add(try file.finish())
    }
  }

  /// The sites in the genome's order.
  private func sorted(_ sites: [BindingSite]) -> [BindingSite] {
    let order = Dictionary(
      sequences.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    func key(_ site: BindingSite) -> (Int, Int, Int, Int) {
      let number = order[names[site.interval.sequence] ?? site.interval.sequence] ?? 0
      return (number, site.interval.start, site.interval.end, site.task)
    }
    return sites.sorted { key($0) < key($1) }
  }

  private func written(_ track: ContributionTrack) throws -> FinishedOutput {
    var writer = try BigWigWriter(
      path: directory.path(of: "contributions.bw"), sequences: sequences, replacing: true,
      threads: threads)
    for stretch in track.stretches {
      try writer.append(
        stretch.values, sequence: names[stretch.sequence] ?? stretch.sequence,
        start: stretch.start)
    }
    return try writer.finish()
  }

  private func writtenSites(_ sites: [BindingSite], _ calls: SiteCalls) throws -> FinishedOutput {
    var writer = try BigBedWriter(
      path: directory.path(of: "sites.bb"), sequences: sequences, schema: Self.schema,
      fields: (Self.fieldCount, 9), replacing: true, threads: threads)
    for site in sites {
      let fields = caller.browserFields(of: site, calls)
      try writer.append(
        BigBedItem(
          sequence: names[site.interval.sequence] ?? site.interval.sequence,
          start: site.interval.start, end: site.interval.end,
          rest: fields.joined(separator: "\t")))
    }
    return try writer.finish()
  }

  private static let schema = """
    table sites
    "Binding sites"
    (
    string chrom; "Sequence"
    uint chromStart; "First base, from 0"
    uint chromEnd; "End"
    string name; "Task"
    uint score; "1000 times the probability"
    char[1] strand; "Strand"
    uint thickStart; "First base, from 0"
    uint thickEnd; "End"
    uint itemRgb; "Colour, darker for what is likelier in a peak"
    string output; "Output of the best window"
    string pvalue; "Chance that a background window scores as high"
    string fdr; "Expected share of sites in no peak, or q-value against shuffles"
    )

    """
}

extension SiteCaller {
  /// The fields of BED behind the third, with a colour, then output, p-value and rate.
  func browserFields(of site: BindingSite, _ calls: SiteCalls) -> [String] {
    let score = score(of: site)
    let rate = falseShare(of: site, calls) ?? calls.qValue(of: site)
    let shade = inPeak(site) ?? Double(score) / 1000
    return [
      tasks[site.task].tableField, "\(score)", site.strand.rawValue, "\(site.interval.start)",
      "\(site.interval.end)", Self.color(task: site.task, shade: shade), "\(site.output)",
      pValue(of: site).map { "\(Float($0))" } ?? ".", rate.map { "\(Float($0))" } ?? ".",
    ]
  }

  /// The colours of Okabe & Ito (2008).
  ///
  /// - Parameter shade: From 0, light, to 1, dark.
  private static func color(task: Int, shade: Double) -> String {
    let palette = [(0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0)]
    let (red, green, blue) = palette[task % palette.count]
    let lightness = 0.6 * (1 - min(1, max(0, shade)))
    return [red, green, blue].map { "\($0 + Int(Double(255 - $0) * lightness))" }
      .joined(separator: ",")
  }
}

/// A track of the predictions that are high.
final class SparseTrack {
  /// `nil` when the track is finished.
  private var writer: BigWigWriter?
  /// What the track calls sequences.
  private let names: [String: String]
  private let least: Float

  /// - Parameter least: The least prediction that is written.
  init(writer: consuming BigWigWriter, names: [String: String], least: Float) {
    self.writer = consume writer
    (self.names, self.least) = (names, least)
  }

  func append(_ stretch: TrackStretch) throws {
    try writer?.append(
      stretch.values(from: least), sequence: names[stretch.sequence] ?? stretch.sequence,
      start: stretch.start)
  }

  /// Ends the writing.
  ///
  /// - Returns: `nil` if that was done before.
  func finish() throws -> FinishedOutput? { try writer.take()?.finish() }
}

extension SiteCaller {
  /// One window in a hundred of background sequence predicts as much: less isn't drawn.
  private static let largestPValueDrawn = 0.01

  /// The least prediction of a task that a browser is given.
  func leastDrawn(task: Int) -> Float {
    guard !background.isEmpty else { return -.infinity }
    return background[task].leastScore(ofPValue: Self.largestPValueDrawn).map(objective.prediction)
      ?? -.infinity
  }
}

/// What a browser calls the sequences of a genome: UCSC's assemblies have `chr1`, where others have `1`.
struct BrowserNaming {
  private let addsPrefix: Bool

  init(assembly: String, names: [String]) {
    let isOfUCSC = assembly.wholeMatch(of: /[a-z]+[A-Za-z]*[0-9]+/) != nil
    addsPrefix = isOfUCSC && !names.contains { $0.hasPrefix("chr") }
  }

  func name(of sequence: String) -> String {
    addsPrefix ? ChromosomeName.withPrefix(sequence) ?? sequence : sequence
  }
}
