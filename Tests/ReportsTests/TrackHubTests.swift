import Reports
import Testing

@Suite struct TrackHubTests {
  private func hub(label: String) -> TrackHub {
    TrackHub(
      name: label, label: label, assembly: "hg38", genome: "hg38",
      tracks: [
        .init(
          name: label, file: "sites.bb", subject: label, label: label, kind: .sites(fields: 12)),
        .init(
          name: "scores", file: "scores.bw", subject: "K562.CTCF.hs", label: "scores", kind: .values
        ),
        .init(name: "c", file: "c.bw", subject: "CTCF", label: "letters", kind: .contributions),
      ])
  }

  /// The settings that UCSC's help on track hubs asks for.
  @Test func writesTheSettings() throws {
    let files = Dictionary(
      uniqueKeysWithValues: hub(label: "CTCF").files.map { ($0.name, $0.text) })
    #expect(files.keys.sorted() == ["genomes.txt", "hub.txt", "igv.xml", "trackDb.txt"])
    let top = try #require(files["hub.txt"])
    for setting in ["hub CTCF\n", "shortLabel CTCF\n", "genomesFile genomes.txt\n", "email "] {
      #expect(top.contains(setting))
    }
    #expect(files["genomes.txt"] == "genome hg38\ntrackDb trackDb.txt\n")
    let tracks = try #require(files["trackDb.txt"]).split(separator: "\n\n")
    #expect(tracks.count == 3)
    #expect(tracks[0].contains("bigDataUrl sites.bb\n") && tracks[0].contains("type bigBed 9 +\n"))
    // Of 17 characters "scores" and a space leave ten.
    #expect(tracks[1].contains("shortLabel K562.CTCF. scores\n"))
    #expect(tracks[2].contains("shortLabel CTCF bases\n"))
    #expect(tracks[2].contains("type bigWig\nlogo on\n"))
    let session = try #require(files["igv.xml"])
    #expect(isWellFormed(session) && session.contains("genome=\"hg38\""))
    #expect(session.matches(of: /<Resource name/).count == 3)
  }

  /// A name can't add a setting or an element.
  @Test func namesStayNames() throws {
    let files = hub(label: "a\nbigDataUrl x <b>").files
    for (name, text) in files where name != "igv.xml" {
      #expect(!text.contains("\nbigDataUrl x"))
    }
    #expect(isWellFormed(files[3].text))
    #expect(files[2].text.contains("track a_bigDataUrl_x__b_\n"))
  }
}
