import Foundation
import TestSupport
import Testing

/// What is held out, what stands against it, and what is said about both.
@Suite struct HonestSeparationTests {
  private static let brief = ["--preset", "deepbind", "--epochs", "1"]

  /// Records of example peaks, 100 bases each, named by their number.
  private func records(_ range: Range<Int>, named name: (Int) -> String) -> String {
    range.map { ">\(name($0))\n\(Toy.peakRecords[$0].bases.prefix(100))\n" }.joined()
  }

  private func train(
    _ text: String, _ arguments: [String] = [], in folder: borrowing TemporaryFolder
  ) throws -> Program {
    try Program(
      [
        "train", "--no-motifs", "--positives", folder.write(text, to: "p.fa"), "--output",
        folder.path + "/o",
      ]
        + Self.brief + arguments)
  }

  /// Periodic test sequences have no shuffle but themselves: none becomes a negative, and it is said.
  @Test func periodicPositivesGetNoNegative() throws {
    let folder = TemporaryFolder()
    let periodic = ["ACTG", "AC", "A", "CAG"].enumerated().map { index, unit in
      ">periodic\(index)\n\(String(repeating: unit, count: 25))\n"
    }.joined()
    let test = folder.write(periodic + records(80..<100) { "e\($0)" }, to: "t.fa")
    let run = try train(records(0..<80) { "e\($0)" }, ["--test", test], in: folder)
    #expect(run.exitCode == 0, "\(run.words)")
    let line = "20 of 24 used; 4 dropped: every shuffle equals its positive"
    #expect(run.words.contains("dinucleotide shuffles for test: \(line)"))
    #expect(
      try contents(folder.path + "/o/report.html").contains("every shuffle equals its positive"))
    let names = rows(try contents(folder.path + "/o/predictions.tsv")).dropFirst().map { $0[0] }
    #expect(
      names.count == 44 && !names.contains { $0.hasPrefix("periodic") && $0.hasSuffix("shuffled") })
    let measured = try Program([
      "evaluate", "--positives", test, "--model", folder.path + "/o/model.safetensors",
    ])
    #expect(measured.exitCode == 0)
    #expect(measured.words.contains("dinucleotide shuffles: \(line)"))
    #expect(measured.output.contains("24 positives, 20 negatives"))
  }

  @Test func nothingButPeriodicPositivesCanNotBeLearned() throws {
    let folder = TemporaryFolder()
    let unit = ">periodic\n\(String(repeating: "AC", count: 50))\n"
    let test = folder.write(records(0..<30) { "t\($0)" }, to: "t.fa")
    let validation = folder.write(records(30..<60) { "v\($0)" }, to: "v.fa")
    let run = try train(unit, ["--test", test, "--validation", validation], in: folder)
    #expect(run.exitCode == 65)
    #expect(run.words.contains("no positive has a shuffle that differs from it; give negatives"))
  }

  @Test func theSameSequenceUnderBothLabelsIsWarnedOf() throws {
    let folder = TemporaryFolder()
    let negatives = folder.write(records(55..<120) { "n\($0)" }, to: "n.fa")
    let run = try train(records(0..<60) { "e\($0)" }, ["--negatives", negatives], in: folder)
    #expect(run.exitCode == 0, "\(run.words)")
    let warning =
      "WARNING: p: 5 sequence(s), or their reverse complements, stand among the positives"
    #expect(run.words.contains(warning))
    for name in ["report.html", "run.json"] {
      #expect(try contents(folder.path + "/o/\(name)").contains(warning))
    }
    let measured = try Program([
      "evaluate", "--positives", folder.path + "/p.fa", "--negatives", negatives, "--model",
      Toy.model,
    ])
    #expect(measured.exitCode == 0, "\(measured.words)")
    #expect(
      measured.words.contains(
        warning.replacingOccurrences(of: "p: 5", with: "Gm12878.CTCF.top500.w200: 5")))
  }

  /// A whole number is a chromosome of the data, with or without `chr`; else it is refused.
  @Test func wholeNumbersAreChromosomes() throws {
    let folder = TemporaryFolder()
    let text = records(0..<100) { "chr\($0 % 10):\(1000 * $0)-\(1000 * $0 + 100)(+)" }
    let run = try train(text, ["--test", "8", "--validation", "7"], in: folder)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(
      run.words.contains(
        "\nsplit by chromosome: validation chr7: 10 (10.0 %); test chr8: 10 (10.0 %)\n"))
    let refused = try train(text, ["--test", "11", "--force"], in: folder)
    #expect(refused.exitCode == 64)
    #expect(
      refused.words.contains(
        "--test is 11: a share is from 0 to below 1, and no sequence is named 11; there are chr0, ")
    )
    let unplaced = try train(
      records(0..<50) { "e\($0)" }, ["--validation", "2", "--force"], in: folder)
    #expect(unplaced.exitCode == 64)
    #expect(unplaced.words.contains("no sequence is named 2; no example has coordinates"))
  }

  /// Nothing is held out to measure with: every example trains or calibrates, and no figure is given.
  @Test func aFinalModelMeasuresNothing() throws {
    let folder = TemporaryFolder()
    let run = try train(records(0..<60) { "e\($0)" }, ["--test", "0"], in: folder)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(run.words.contains("\nnothing was measured, as --test 0 holds out nothing;"))
    #expect(!run.words.contains("AUROC") && !run.words.contains("nan"))
    #expect(try contents(folder.path + "/o/predictions.tsv") == "name\tp\tp.label\n")
    struct Figures: Decodable {
      let data: String
      let positives, negatives: Int
      let auroc: Double?
    }
    let json = Data(try contents(folder.path + "/o/metrics.json").utf8)
    let figures = try JSONDecoder().decode(Figures.self, from: json)
    #expect(figures.data == "none" && figures.positives == 0 && figures.auroc == nil)
    let report = try contents(folder.path + "/o/report.html")
    #expect(report.contains("nothing was measured") && !report.contains("AUROC"))
    #expect(run.words.contains("test 0 (0.0 %)"))
    let none = try train(
      records(0..<60) { "e\($0)" }, ["--validation", "0", "--force"], in: folder)
    #expect(none.exitCode == 65)
  }

  /// Negatives of one's own for a held-out file, and shuffles, said, where there are none.
  @Test func heldOutFilesBringTheirNegatives() throws {
    let folder = TemporaryFolder()
    let test = folder.write(records(60..<80) { "t\($0)" }, to: "t.fa")
    let negatives = folder.write(records(80..<110) { "n\($0)" }, to: "n.fa")
    let own = ["--negatives", folder.write(records(200..<260) { "own\($0)" }, to: "own.fa")]
    let files = [
      "--test", test, "--test-negatives", negatives, "--validation",
      folder.write(records(120..<140) { "v\($0)" }, to: "v.fa"), "--validation-negatives",
      folder.write(records(140..<160) { "w\($0)" }, to: "w.fa"),
    ]
    for given in [[], own] {
      let run = try train(records(0..<60) { "e\($0)" }, files + given + ["--force"], in: folder)
      #expect(run.exitCode == 0, "\(run.words)")
      #expect(run.words.contains("20 positives, 30 negatives"))
      let names = rows(try contents(folder.path + "/o/predictions.tsv")).dropFirst().map { $0[0] }
      #expect(names == (60..<80).map { "t\($0)" } + (80..<110).map { "n\($0)" })
    }
    let shuffled = try train(
      records(0..<60) { "e\($0)" }, own + ["--test", test, "--force"], in: folder)
    #expect(shuffled.exitCode == 0, "\(shuffled.words)")
    #expect(
      shuffled.words.contains(
        "negatives for test: dinucleotide shuffles of its positives, it holds none"))
  }

  @Test(arguments: [
    (["--test-negatives", "N"], "--test-negatives goes with a FASTA file of positives for --test"),
    (["--test", "0.2", "--test-negatives", "N"], "--test-negatives goes with a FASTA file"),
    (["--validation-negatives", "N"], "--validation-negatives goes with a FASTA file"),
  ])
  func heldOutNegativesGoWithPositives(arguments: [String], message: String) throws {
    let folder = TemporaryFolder()
    let negatives = folder.write(records(80..<90) { "n\($0)" }, to: "n.fa")
    let run = try train(
      records(0..<60) { "e\($0)" }, arguments.map { $0 == "N" ? negatives : $0 }, in: folder)
    #expect(run.exitCode == 64)
    #expect(run.words.contains(message))
  }

  /// The field's own files, where they are at hand.
  @Test(.enabled(if: SharedData.isPresent)) func fieldReports() throws {
    let folder = TemporaryFolder()
    func field(_ name: String) -> String { SharedData.path("corpora/field-reports/" + name) }
    let base = [
      "train", "--no-motifs", "--preset", "deepbind", "--epochs", "1", "--force", "--output",
      folder.path + "/o",
    ]
    let stranded = try Program(base + ["--positives", field("stranded-names/ovs.fa")])
    #expect(stranded.words.contains("split by chromosome"))
    let letters = try Program(base + ["--positives", field("two-letter-leak/gconly.fa")])
    #expect(letters.words.contains("leaks between sides: none"), "\(letters.words)")
    let periodic = try Program(
      base + [
        "--positives", field("self-shuffle/self_train.fa"), "--test",
        field("self-shuffle/self_test.fa"),
      ])
    #expect(
      periodic.words.contains("dinucleotide shuffles for test: 30 of 54 used; 24 "),
      "\(periodic.words)")
    let poor = ["--peaks", field("gc-poor/gc_p.bed"), "--genome", field("gc-poor/gc_g.fa")]
    for exclude in [[], ["--exclude", field("gc-poor/gc_x.bed")]] {
      let run = try Program(base + poor + exclude)
      #expect(run.exitCode == 65)
      #expect(run.words.contains("--make-negatives dinucleotide"))
    }
    #expect(try Program(base + poor + ["--make-negatives", "dinucleotide"]).exitCode == 0)
  }
}
