import Foundation
import TestSupport
import Testing

/// The share of positives that probabilities hold for.
@Suite final class PriorTests {
  private let folder = TemporaryFolder()

  /// Odds for one half, divided by 9, are those for one tenth (Bayes' rule).
  @Test func predictionsHoldForAnotherShare() throws {
    let base = ["predict", "--model", Toy.model, "--fasta", Toy.peaks]
    let half = try Program(base)
    let tenth = try Program(base + ["--prior", "0.1"])
    #expect(half.words.contains("if this share of the sequences is bound: 0.5; --prior"))
    #expect(tenth.words.contains("is bound: 0.1;"), "\(tenth.words)")
    let pairs = zip(rows(half.output).dropFirst(), rows(tenth.output).dropFirst())
    for (one, other) in pairs {
      let (p, q) = (try #require(Double(one[1])), try #require(Double(other[1])))
      // Floats near 1 tell odds of 1,000 to a part in ten thousand.
      guard p < 0.999 else { continue }
      #expect(abs(p / (1 - p) / 9 / (q / (1 - q)) - 1) < 1e-3)
      // The place, and what chance gives, stay.
      #expect(one[2...4] == other[2...4])
    }
  }

  /// A scan says the prior, moves probability and logit, and leaves p-values as they are.
  @Test func sitesSayThePrior() throws {
    func scan(_ arguments: [String], to name: String) throws -> [[String]] {
      let path = folder.path + "/" + name
      let run = try Program(
        [
          "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01",
          "--output", path,
        ] + arguments)
      #expect(run.exitCode == 0, "\(run.words)")
      return rows(try contents(path))
    }
    let half = try scan([], to: "half.bed")
    let tenth = try scan(["--prior", "0.1"], to: "tenth.bed")
    #expect(half.contains { $0[0].contains("share of the windows is bound: 0.5; --prior") })
    #expect(tenth.contains { $0[0].contains("share of the windows is bound: 0.1;") })
    let pairs = zip(half, tenth).filter { $0.0.count > 8 && !$0.0[0].hasPrefix("#") }
    #expect(!pairs.isEmpty && half.count == tenth.count)
    for (one, other) in pairs {
      #expect(one[...3] == other[...3])
      let shift = try #require(Double(one[7])) - (try #require(Double(other[7])))
      #expect(abs(shift - log(9)) < 1e-4)
      let (p, q) = (try #require(Double(one[8])), try #require(Double(other[8])))
      #expect(abs(p / q - 1) < 1e-3)
    }
  }

  /// Four positives and twelve negatives calibrate: the probabilities hold for a quarter.
  @Test func theBalanceOfTheValidationExamplesIsKept() throws {
    var text = "seq\tbound\tsplit\n"
    for (index, record) in Toy.peakRecords.prefix(96).enumerated() {
      let side = index < 16 ? "validation" : index < 32 ? "test" : "train"
      text += "\(record.bases.prefix(60))\t\(index % 4 == 0 ? 1 : 0)\t\(side)\n"
    }
    let table = folder.write(text, to: "t.tsv")
    let train = try Program([
      "train", "--no-motifs", "--table", table, "--epochs", "1", "--preset", "deepbind", "--output",
      folder.path + "/m",
    ])
    #expect(train.exitCode == 0, "\(train.words)")
    #expect(train.words.contains("is bound: 0.25; --prior"), "\(train.words)")
    let model = folder.path + "/m/model.safetensors"
    let inspect = try Program(["inspect", model, "--json"])
    let priors = inspect.output.filter { !$0.isWhitespace }
    #expect(priors.contains("\"priors\":[0.25]"), "\(inspect.output)")
    // Measured on as many positives as negatives, the calibration error would be of the balance.
    let even = folder.write(
      "seq\tbound\n"
        + Toy.peakRecords.suffix(40).enumerated().map {
          "\($1.bases.prefix(60))\t\($0 % 2)\n"
        }.joined(), to: "e.tsv")
    let evaluate = try Program(["evaluate", "--table", even, "--model", model])
    #expect(evaluate.words.contains("50 % of the examples are positives"), "\(evaluate.words)")
    let moved = try Program(["evaluate", "--table", even, "--model", model, "--prior", "0.5"])
    #expect(moved.exitCode == 0 && !moved.words.contains("of the examples are positives"))
  }

  @Test(arguments: ["0", "1", "x"]) func otherNumbersAreRefused(prior: String) throws {
    let run = try Program([
      "predict", "--model", Toy.model, "--fasta", Toy.peaks, "--prior", prior,
    ])
    #expect(run.exitCode == 64)
    #expect(run.words.contains("--prior is \(prior == "x" ? "x" : "\(prior).0")"), "\(run.words)")
  }
}
