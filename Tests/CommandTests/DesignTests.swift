import Foundation
import TestSupport
import Testing

@Suite final class DesignCommandTests {
  private let folder = TemporaryFolder()

  private func design(_ arguments: [String], model: String = Toy.model) throws -> Program {
    try Program(["design", "--model", model, "--quiet"] + arguments)
  }

  /// The outputs of the table are those of `predict`, constraints hold, and the seed settles the bytes.
  @Test func designsFromRandomBases() throws {
    let arguments = [
      "--random", "8", "--max-edits", "6", "--gc-range", "0.4-0.6", "--forbid", "GGTCTC", "CCCNG",
      "--protect", "1-20", "50",
    ]
    let one = folder.path + "/one"
    let done = try design(arguments + ["--output", one, "--threads", "1"])
    #expect(done.exitCode == 0, "\(done.words)")
    let table = rows(try contents(one + "/designs.tsv"))
    #expect(table.count > 3)
    let (task, designed) = (table[0][3].dropLast(6), table[0][4].dropLast(7))
    #expect(table[0][0...2] == ["name", "length", "edits"] && task == designed)
    #expect(table[0][5...] == ["reached", "gc", "nearest"])
    let sequences = try contents(one + "/designs.fa").split(separator: "\n")
      .filter { !$0.hasPrefix(">") }.map(String.init)
    let predicted = rows(
      try Program([
        "predict", "--model", Toy.model, "--fasta", one + "/designs.fa", "--quiet",
      ]).output)
    for (index, row) in table.dropFirst().enumerated() {
      let (before, after) = (try #require(Double(row[3])), try #require(Double(row[4])))
      #expect(after > before && row[5] == "no")
      let probability = try #require(Double(predicted[index + 1][1]))
      #expect(abs(1 / (1 + exp(-after)) - probability) < 1e-5)
      #expect((0.4...0.6).contains(try #require(Double(row[6]))))
      #expect(!sequences[index].contains("GGTCTC") && !sequences[index].contains("GAGACC"))
      #expect(sequences[index].firstMatch(of: /CCC.G|C.GGG/) == nil)
    }
    let edits = rows(try contents(one + "/edits.tsv"))
    #expect(edits[0] == ["name", "position", "from", "to", "worth"])
    #expect(edits.dropFirst().allSatisfy { Int($0[1])! > 20 && $0[1] != "50" && $0[2] != $0[3] })
    let two = folder.path + "/two"
    #expect(try design(arguments + ["--output", two, "--threads", "3"]).exitCode == 0)
    #expect(try files(in: one) == files(in: two))
    let other = folder.path + "/other"
    #expect(try design(arguments + ["--output", other, "--seed", "2"]).exitCode == 0)
    #expect(try files(in: one) != files(in: other))
  }

  /// Every method, from given sequences, with a goal, a task that is avoided and sites that are forbidden.
  @Test(arguments: ["greedy", "gradient", "beam", "anneal"]) func designsByMethod(method: String)
    throws
  {
    let fasta = folder.write(
      Toy.peakRecords[..<3].map { ">\($0.name)\n\($0.bases.prefix(60))\n" }.joined(), to: "s.fa")
    let bed = folder.write("\(Toy.peakRecords[0].name)\t0\t60\n", to: "kept.bed")
    let motifs = folder.write(
      "MEME version 4\n\nMOTIF M\nletter-probability matrix: w= 4\n1 0 0 0\n0 1 0 0\n0 0 1 0\n1 0 0 0\n",
      to: "m.meme")
    let output = folder.path + "/" + method
    let done = try Program([
      "design", "--model", Toy.twoTasks, "--task", "a", "--avoid-task", "b", "--goal", "3",
      "--fasta", fasta, "--method", method, "--steps", "60", "--beam-width", "3",
      "--max-edits", "20", "--forbid-motifs", motifs, "--p-value", "0.005",
      "--output", output,
    ])
    #expect(done.exitCode == 0, "\(done.words)")
    #expect(done.words.contains("\"a\": the median output") && done.words.contains("avoided"))
    let table = rows(try contents(output + "/designs.tsv"))
    #expect(table[0][3...6] == ["a.start", "a.design", "b.start", "b.design"])
    for row in table.dropFirst() {
      let outputs = try row[3...6].map { try #require(Double($0)) }
      #expect(outputs[1] - outputs[3] >= outputs[0] - outputs[2] - 1)
    }
    let sequences = try contents(output + "/designs.fa")
    #expect(!sequences.contains("ACGA") && !sequences.contains("TCGT"))
    let kept = try design(
      ["--fasta", fasta, "--protect-bed", bed, "--output", output + "-kept"], model: Toy.twoTasks)
    #expect(kept.exitCode == 0)
    #expect(rows(try contents(output + "-kept/designs.tsv"))[1][2] == "0")
  }

  @Test func saysWhatIsWrong() throws {
    let poly = folder.write(">s\n\(String(repeating: "A", count: 101))\n", to: "poly.fa")
    for (arguments, exitCode, words) in [
      ([], 64, "give starts: --fasta, --regions with --genome, or --random"),
      (["--random", "2", "--gc-range", "0.7-0.2"], 64, "take two shares from 0 to 1, such as"),
      (["--random", "2", "--forbid", "AXG"], 64, "take a word of A, C, G, T and N"),
      (["--random", "2", "--protect", "0-3"], 64, "take positions counted from 1"),
      (["--random", "2", "--protect", "90-300"], 64, "take positions in it"),
      (["--random", "2", "--task", "none"], 64, "no model has the task \"none\""),
      (["--random", "2", "--ceiling", "1"], 64, "--ceiling goes with --avoid"),
      (["--random", "0"], 64, "--random is 0; take 1 to"),
      (["--fasta", poly, "--gc-range", "0.4-0.6"], 65, "keep to the constraints within 12 edits"),
      (["--random", "2", "--length", "5"], 65, "shorter than the model's filters"),
    ] as [([String], Int32, String)] {
      let refused = try design(arguments + ["--output", folder.path + "/x"])
      #expect(refused.exitCode == exitCode)
      #expect(refused.words.contains(words), "\(refused.words)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/x"))
    }
  }
}
