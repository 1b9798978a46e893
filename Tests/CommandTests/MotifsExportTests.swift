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
