internal import Genomics
internal import Motifs

/// A hub of tracks for genome browsers: the texts of UCSC's track hubs, and of a session of IGV. All files lie in one
/// folder.
public struct TrackHub: Sendable {
  /// What a track holds.
  public enum Kind: Equatable, Sendable {
    /// Sites: bigBed with so many fields, the first nine BED's.
    case sites(fields: Int)
    /// A number per base.
    case values
    /// What each base contributes, drawn as letters (UCSC's dynseq).
    case contributions

    fileprivate var word: String {
      switch self {
      case .sites: "sites"
      case .values: "scores"
      case .contributions: "bases"
      }
    }
  }

  public struct Track: Equatable, Sendable {
    public var name: String
    public var file: String
    /// What the track tells of: the task.
    public var subject: String
    public var label: String
    public var kind: Kind

    public init(name: String, file: String, subject: String, label: String, kind: Kind) {
      (self.name, self.file, self.subject) = (name, file, subject)
      (self.label, self.kind) = (label, kind)
    }

    /// The start of the subject, and a word on the kind: browsers show 17 characters.
    fileprivate var shortLabel: String {
      "\(subject.settingLine(most: TrackHub.shortest - kind.word.count - 1)) \(kind.word)"
    }
  }

  /// The characters of a short label.
  fileprivate static let shortest = 17

  public var name: String
  public var label: String
  /// UCSC's name of the genome, such as `hg38`.
  public var assembly: String
  /// What IGV calls the genome: the same name, or the path of a FASTA file.
  public var genome: String
  public var tracks: [Track]

  public init(
    name: String, label: String, assembly: String, genome: String, tracks: [Track]
  ) {
    (self.name, self.label) = (name, label)
    (self.assembly, self.genome, self.tracks) = (assembly, genome, tracks)
  }

  /// The names of the files and their texts.
  public var files: [(name: String, text: String)] {
    [
      ("hub.txt", hub), ("genomes.txt", genomes), ("trackDb.txt", trackDB),
      ("igv.xml", session),
    ]
  }

  private var hub: String {
    """
    hub \(name.settingWord)
    shortLabel \(label.settingLine(most: Self.shortest))
    longLabel \(label.settingLine(most: 80))
    genomesFile genomes.txt
    email none@example.org

    """
  }

  private var genomes: String {
    "genome \(assembly.settingWord)\ntrackDb trackDb.txt\n"
  }

  private var trackDB: String {
    tracks.map { track in
      """
      track \(track.name.settingWord)
      bigDataUrl \(track.file)
      shortLabel \(track.shortLabel)
      longLabel \(track.label.settingLine(most: 80))
      \(track.kind.settings)

      """
    }.joined(separator: "\n")
  }

  private var session: String {
    let resources = tracks.map {
      "    <Resource name=\"\($0.label.escapedForHTML)\" path=\"\($0.file.escapedForHTML)\"/>\n"
    }.joined()
    return """
      <?xml version="1.0" encoding="UTF-8" standalone="no"?>
      <Session genome="\(genome.escapedForHTML)" locus="All" version="8">
        <Resources>
      \(resources)  </Resources>
      </Session>

      """
  }
}

extension TrackHub.Kind {
  fileprivate var settings: String {
    switch self {
    case .sites(let fields):
      """
      type bigBed 9\(fields > 9 ? " +" : "")
      itemRgb on
      visibility pack
      """
    case .values:
      """
      type bigWig
      autoScale on
      maxHeightPixels 100:50:10
      color 0,114,178
      visibility full
      """
    case .contributions:
      """
      type bigWig
      logo on
      autoScale on
      maxHeightPixels 100:60:10
      visibility full
      """
    }
  }
}

extension String {
  /// One word of a settings file: letters, digits and `_`, the first a letter.
  fileprivate var settingWord: String {
    let word = String(
      unicodeScalars.map { scalar -> Character in
        scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || scalar == "_"
          || scalar == "." ? Character(scalar) : "_"
      })
    return word.first?.isLetter ?? false ? word : "t_" + word
  }

  /// A line of a settings file.
  fileprivate func settingLine(most: Int) -> String {
    String(
      escapedForTerminal.map { $0.isNewline ? " " : $0 }.prefix(most))
  }
}
