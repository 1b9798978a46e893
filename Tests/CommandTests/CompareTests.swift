import Foundation
import TestSupport
import Testing

/// The command `compare`, by a model of two tasks.
@Suite final class CompareTests {
  private let folder = TemporaryFolder()

  private static let model = Toy.twoTasks

  private func compare(_ arguments: [String], genome: String = Toy.smallGenome) throws -> Program {
    try Program(["compare", "--model", Self.model, "--genome", genome] + arguments)
  }

  private func data(_ path: String) throws -> [[String]] {
    rows(try contents(path)).filter { !$0[0].hasPrefix("#") }
  }

  /// Each row's difference is that of its two columns, the one that is higher than regions bound alike have it is named, and
  /// JSON counts what the rows say.
  @Test func sitesAreCompared() throws {
    let (path, filters) = (folder.path + "/s.bed", folder.path + "/f.tsv")
    let run = try compare([
      "--p-value", "0.2", "--output", path, "--filters", filters, "--json",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let sites = try data(path)
    try #require(sites.count > 5)
    let match = try #require(try contents(path).firstMatch(of: /normal about (-?[0-9.e-]+)/))
    let center = try #require(Double(match.1))
    for site in sites {
      #expect(site.count == 14)
      let (a, b) = (try #require(Double(site[6])), try #require(Double(site[7])))
      let difference = try #require(Double(site[8]))
      #expect(abs(difference - (a - b)) < 1e-4)
      #expect(site[9] == (difference >= center ? "a" : "b") && site[3] == site[9])
      #expect(["a", "b", "a,b", "neither"].contains(site[10]))
    }
    let json = run.output.filter { !$0.isWhitespace }
    let both = sites.count { $0[10] == "a,b" }
    #expect(json.contains("\"regions\":\(sites.count),"), "\(json)")
    #expect(json.contains("\"calledBoth\":\(both),"), "\(json)")
    let table = rows(try contents(filters))
    #expect(
      table[0] == ["model", "filter", "consensus", "sites", "a", "b", "difference"])
    #expect(table.count > 1)
  }

  /// A region has a row, in the order of the input; what `predict` gives it, as log odds, is what is compared.
  @Test func regionsAreScoredAsPredictScoresThem() throws {
    let bed = folder.write("a\t100\t400\tone\nx\t1\t200\ttwo\nb\t10\t20\tthree\n", to: "r.bed")
    let path = folder.path + "/r.tsv"
    let run = try compare(["--regions", bed, "--output", path])
    #expect(run.exitCode == 0, "\(run.words)")
    let found = try data(path)
    #expect(found.map { $0[3] } == ["one", "two", "three"])
    #expect(found[1].last == "no such sequence in the genome" && found[1][6] == "NA")
    let predicted = rows(
      try Program([
        "predict", "--model", Self.model, "--regions", bed, "--genome", Toy.smallGenome,
        "--prior", "0.5", "--quiet",
      ]).output)
    for (row, prediction) in zip([found[0], found[2]], [predicted[1], predicted[3]]) {
      for (value, probability) in zip(row[6...7], prediction[4...5]) {
        let odds = exp(try #require(Double(value)))
        #expect(abs(odds / (1 + odds) - (try #require(Double(probability)))) < 1e-5)
      }
    }
  }

  /// The changes are those that `variants` writes, and the difference is theirs.
  @Test func variantsAreThoseOfVariants() throws {
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    let reference = Array(Toy.genome[0].bases)[300]
    let alternate = reference == "A" ? "C" : "A"
    let vcf = folder.write(
      "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + "a\t301\tv\t\(reference)\t\(alternate)\t.\t.\t.\nx\t5\t.\tA\tC\t.\t.\t.\n", to: "v.vcf")
    let (path, other) = (folder.path + "/c.tsv", folder.path + "/v.tsv")
    let run = try compare(
      ["--vcf", vcf, "--output", path, "--report", folder.path + "/c.html"], genome: genome)
    #expect(run.exitCode == 0 && run.words.contains("1 dropped: no_such_sequence"), "\(run.words)")
    #expect(
      try Program([
        "variants", "--model", Self.model, "--genome", genome, "--vcf", vcf, "--output", other,
        "--quiet",
      ]).exitCode == 0)
    let (found, expected) = (try data(path), rows(try contents(other)))
    let columns = ["SEQCNN_a_DELTA", "SEQCNN_b_DELTA"].map { expected[0].firstIndex(of: $0) ?? 0 }
    let changes = try columns.map { try #require(Double(expected[1][$0])) }
    #expect(found[0].prefix(5) == ["a", "301", "v", "\(reference)", alternate])
    for (text, value) in zip(found[0][5...7], changes + [changes[0] - changes[1]]) {
      #expect(abs((try #require(Double(text))) - value) < 1e-4)
    }
    #expect(found[1][5...8] == ["NA", "NA", "NA", "no_such_sequence"])
    let points = rows(try contents(folder.path + "/c.figures.tsv")).filter { $0[1] == "alleles" }
    let drawn = try #require(points.first { $0[0] == "Both outputs" })
    for (text, value) in zip(drawn[2...3], changes) {
      #expect(abs((try #require(Double(text))) - value) < 1e-4)
    }
    #expect(try contents(folder.path + "/c.html").contains(">a:301 \(reference)&gt;"))
  }

  /// Two models that are one differ nowhere.
  @Test func twoModelsMayBeCompared() throws {
    let path = folder.path + "/s.bed"
    let run = try Program([
      "compare", "--model", Toy.model, "--model", Toy.model, "--genome", Toy.smallGenome,
      "--p-value", "0.2", "--output", path, "--scale", "rank",
    ])
    #expect(run.exitCode == 0 && run.words.contains("no p-values: "), "\(run.words)")
    let sites = try data(path)
    #expect(!sites.isEmpty && sites.allSatisfy { Double($0[8]) == 0 })
  }

  /// What learned against other negatives has other odds: ranks are taken, and log odds only if they are asked for.
  @Test func otherNegativesAreRanked() throws {
    let model = folder.path + "/repeats"
    let trained = try Program([
      "train", "--positives", Toy.peaks, "--make-negatives", "dinucleotide,repeats", "--preset",
      "deepbind", "--epochs", "1", "--no-motifs", "--output", model, "--quiet",
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
    func words(_ options: [String]) throws -> String {
      let run = try Program(
        [
          "compare", "--model", Toy.deepBind, "--model", model + "/model.safetensors", "--genome",
          Toy.smallGenome, "--p-value", "0.2", "--output", folder.path + "/c.bed", "--force",
        ] + options)
      #expect(run.exitCode == 0, "\(run.words)")
      return run.words
    }
    let reason = "the models learned against different negatives, so "
    #expect(try words([]).contains(reason + "ranks among shuffled windows are compared"))
    #expect(try contents(folder.path + "/c.bed").contains("-log10"))
    #expect(
      try words(["--scale", "log-odds"]).contains(
        "warning: " + reason + "their log odds have no common scale; --scale rank has"))
    #expect(try !words(["--scale", "rank"]).contains(reason))
  }

  @Test(arguments: [
    (["--tasks", "a,a"], "name two tasks"), (["--tasks", "a,c"], "has no task \"c\""),
    (["--tasks", "a"], "needs two tasks"),
    (["--model", "m", "--model", "n"], "two outputs of one or two"),
    (["--regions", "r.bed", "--vcf", "v.vcf"], "two inputs"), (["--p-value", "2"], "--p-value is"),
  ]) func mistakesAreNamed(arguments: [String], words: String) throws {
    let run = try compare(arguments + ["--output", folder.path + "/s.bed"])
    #expect(run.exitCode == 64 && run.words.contains(words), "\(run.words)")
  }
}
