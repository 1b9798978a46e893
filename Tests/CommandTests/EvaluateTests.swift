import Foundation
import TestSupport
import Testing

@Suite struct EvaluateTests {
  private let base = ["evaluate", "--model", Toy.model, "--positives", Toy.peaks]

  private struct Figures: Decodable {
    let schema: String
    let auroc: Double
    let positives: Int
    let negatives: Int
  }

  @Test func figuresAreThoseOfThePredictions() throws {
    let folder = TemporaryFolder()
    let output = folder.path + "/figures"
    let run = try Program(base + ["--json", "--quiet", "--output", output])
    #expect(run.exitCode == 0)
    #expect(run.words.isEmpty)
    #expect(try files(in: output).keys.sorted() == ["metrics.json", "predictions.tsv"])
    #expect(try contents(output + "/metrics.json") == run.output)
    let figures = try JSONDecoder().decode(Figures.self, from: Data(run.output.utf8))
    let scored = try rows(try contents(output + "/predictions.tsv")).dropFirst().map {
      (score: try #require(Double($0[$0.count - 2])), isPositive: $0[$0.count - 1] == "1.0")
    }
    #expect(figures.positives == 500 && figures.negatives == 500)
    #expect(abs(pairwiseAUROC(scored) - figures.auroc) < 1e-6)
    #expect(try Program(base + ["--output", output]).exitCode == 73)
    #expect(try Program(base + ["--output", output, "--force"]).exitCode == 0)
  }

  @Test func wordsGiveTheIntervals() throws {
    let run = try Program(base + ["--quiet"])
    #expect(
      run.output.contains(
        /AUROC 0\.\d{4} \(95% CI 0\.\d{4}–[01]\.\d{4}\), AUPRC .*, 500 positives, 500 negatives\n/))
  }

  @Test func tasksMustBeTheModels() throws {
    let folder = TemporaryFolder()
    let bases = Toy.peakRecords[0].bases
    let table = folder.write("seq\tA\tB\n\(bases)\t1\t0\n", to: "two.tsv")
    let run = try Program(["evaluate", "--model", Toy.model, "--table", table])
    #expect(run.exitCode == 65)
    #expect(
      run.words.contains(
        "two.tsv: holds \"A\", \"B\", and the model's task(s) are \"Gm12878.CTCF"))
  }
}
