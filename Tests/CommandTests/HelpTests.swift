import Testing

@Suite struct HelpTests {
  static let commands = [
    [], ["train"], ["tune"], ["evaluate"], ["predict"], ["scan"], ["scan", "merge"], ["variants"],
    ["compare"],
    ["mutate"], ["explain"], ["embed"], ["motifs"], ["motifs", "discover"], ["motifs", "hits"],
    ["motifs", "query"], ["motifs", "export"], ["motifs", "scan"], ["motifs", "couple"],
    ["motifs", "compare"], ["motifs", "cluster"], ["motifs", "convert"], ["motifs", "logo"],
    ["motifs", "enrich"],
    ["experiment"], ["experiment", "marginalize"], ["experiment", "space"],
    ["experiment", "ablate"], ["simulate"], ["design"], ["pretrain"], ["sample"], ["likelihood"],
    ["judge"],
    ["import", "deepbind"],
    ["inspect"],
  ]

  @Test(arguments: commands) func opensWithExamples(command: [String]) throws {
    let run = try Program(command + ["--help"])
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.dropFirst().first == "EXAMPLES")
    #expect(lines.filter { !$0.hasPrefix("USAGE") }.allSatisfy { $0.count <= 80 })
    #expect(run.words.isEmpty)
  }

  /// A line that is too long for the terminal is broken, and leaves a short one inside a paragraph.
  @Test(arguments: commands) func paragraphsAreFilled(command: [String]) throws {
    let lines = try Program(command + ["--help"]).output.split(
      separator: "\n", omittingEmptySubsequences: false)
    let text = lines.prefix { !$0.hasPrefix("USAGE") }.dropFirst()
    for (line, next) in zip(text, text.dropFirst())
    where !line.isEmpty && !line.hasPrefix(" ") && !next.isEmpty && !next.hasPrefix(" ") {
      #expect(line.count >= 50, "\(line)")
    }
    for (line, next) in zip(text, text.dropFirst())
    where line.hasPrefix(" ") && !next.isEmpty && !next.hasPrefix(" ") {
      #expect(next.split(separator: " ").count > 2, "\(next)")
    }
  }

  @Test func versionIsBare() throws {
    let run = try Program(["--version"])
    #expect(run.exitCode == 0)
    #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }
}
