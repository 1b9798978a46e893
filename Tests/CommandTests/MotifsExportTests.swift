import TestSupport
import Testing

@Suite struct MotifsExportTests {
  @Test func writesMotifsThatAddUp() throws {
    let run = try Program([
      "motifs", "export", "--model", Toy.model, "--positives", Toy.peaks, "--output", "-",
    ])
    #expect(run.exitCode == 0)
    #expect(run.output.hasPrefix("MEME version 5\n"))
    let lines = run.output.split(separator: "\n")
    let headers = lines.indices.filter { lines[$0].hasPrefix("letter-probability matrix:") }
    #expect(!headers.isEmpty)
    for header in headers {
      let width = try #require(lines[header].firstMatch(of: /w= (\d+) nsites= [1-9]/)?.1)
      let matrix = lines[(header + 1)...].prefix { $0.hasPrefix(" ") }.map { line in
        line.split(separator: " ").compactMap { Double($0) }
      }
      #expect(matrix.count == Int(width))
      #expect(matrix.allSatisfy { $0.count == 4 && abs($0.reduce(0, +) - 1) < 1e-5 })
    }
  }

  /// The first layer is the default; the last ones read the whole sequence, and -1 is no layer.
  @Test func takesALayer() throws {
    let arguments = [
      "motifs", "export", "--model", Toy.model, "--positives", Toy.peaks, "--output",
    ]
    let (plain, first) = (
      try Program(arguments + ["-"]), try Program(arguments + ["-", "--layer", "0"])
    )
    #expect(first.exitCode == 0)
    func motifs(_ run: Program) -> [Substring] {
      run.output.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }
    #expect(motifs(first) == motifs(plain))
    let deep = try Program(arguments + ["-", "--layer", "4"])
    #expect(deep.exitCode == 65 && deep.words.contains("of layers.4 no windows can be told"))
    #expect(try Program(arguments + ["-", "--layer=-1"]).exitCode == 64)
  }

  @Test func replacesOnlyWithForce() throws {
    let folder = TemporaryFolder()
    let output = folder.write("mine", to: "motifs.meme")
    let arguments = [
      "motifs", "export", "--model", Toy.model, "--positives", Toy.peaks, "--output", output,
    ]
    #expect(try Program(arguments).exitCode == 73)
    #expect(try contents(output) == "mine")
    #expect(try Program(arguments + ["--force"]).exitCode == 0)
  }
}
