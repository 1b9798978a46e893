import Foundation
import TestSupport
import Testing

/// Classes, counts and starts from other models, from the command line.
@Suite final class ClassesTests {
  /// Random sequences of 48 bases with one of three motifs, and its name.
  private static let examples: [(bases: String, motif: Int)] = {
    var state: UInt64 = 1
    func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let motifs = ["TGACTCAG", "CACGTGAC", "GGGCGGAA"]
    return (0..<600).map { index in
      var bases = (0..<48).map { _ in Array("ACGT")[next(below: 4)] }
      let start = next(below: 41)
      bases.replaceSubrange(start..<start + 8, with: Array(motifs[index % 3]))
      return (String(bases), index % 3)
    }
  }()

  private let folder = TemporaryFolder()

  private func table(_ header: String, _ field: (Int) -> String) -> String {
    folder.write(
      "seq\t\(header)\n" + Self.examples.map { "\($0.bases)\t\(field($0.motif))\n" }.joined(),
      to: "\(header.prefix(5)).tsv")
  }

  private func trained(_ table: String, _ name: String, _ options: [String]) throws -> String {
    let output = "\(folder.path)/\(name)"
    let run = try Program(
      [
        "train", "--no-motifs", "--table", table, "--output", output, "--quiet",
      ] + options)
    #expect(run.exitCode == 0, "\(run.words)")
    return output
  }

  private func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func tellsClassesApart() throws {
    let table = table("motif") { ["AP1", "EBOX", "SP1"][$0] }
    let output = try trained(table, "classes", ["--classes"])
    let metrics = try json(output + "/metrics.json")
    #expect(metrics["objective"] as? String == "categorical")
    let classes = try #require(metrics["classes"] as? [String: Any])
    #expect(try #require(classes["accuracy"] as? Double) > 0.9)
    let confusion = try #require(classes["confusion"] as? [[Int]])
    #expect(confusion.joined().reduce(0, +) == classes["count"] as? Int)
    #expect(confusion.count == 3 && confusion.allSatisfy { $0.count == 3 })
    #expect(
      try String(contentsOfFile: output + "/report.html", encoding: .utf8).contains("predicted"))
    let predictions = try Program([
      "predict", "--fasta", Toy.peaks, "--model", output + "/model.safetensors", "--quiet",
    ])
    let lines = rows(predictions.output)
    #expect(Array(lines[0][1...3]) == ["AP1", "EBOX", "SP1"])
    for line in lines.dropFirst() {
      let sum = line[1...3].compactMap(Float.init).reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }
    let measured = try Program([
      "evaluate", "--table", table, "--model", output + "/model.safetensors", "--json",
    ])
    #expect(measured.exitCode == 0, "\(measured.words)")
    #expect(measured.output.contains("\"balancedAccuracy\""))
    let fasta = try Program([
      "train", "--no-motifs", "--positives", Toy.peaks, "--classes", "--output",
      folder.path + "/no",
    ])
    #expect(fasta.exitCode == 64)
    #expect(fasta.words.contains("--classes tells classes apart; give several --peaks"))
  }

  /// Both alleles' probabilities are those of all classes together; a scan, which knows one at a time, has none.
  @Test func allelesHaveProbabilitiesOfClasses() throws {
    let table = table("motif") { ["AP1", "EBOX", "SP1"][$0] }
    let output = try trained(table, "v", ["--classes", "--epochs", "1"])
    let genome = ["--model", output + "/model.safetensors", "--genome", Toy.slice, "--quiet"]
    let file = folder.path + "/v.tsv"
    let run = try Program(
      ["variants", "--vcf", Toy.variants, "--output", file, "--background-variants", "0"] + genome)
    #expect(run.exitCode == 0, "\(run.words)")
    let scored = rows(try contents(file))
    for suffix in ["_REF", "_ALT"] {
      let columns = scored[0].indices.filter { scored[0][$0].hasSuffix(suffix) }
      #expect(columns.count == 3)
      let sums = scored.dropFirst().compactMap { row -> Double? in
        let shares = columns.compactMap { Double(row[$0]) }
        return shares.count == 3 ? shares.reduce(0, +) : nil
      }
      #expect(!sums.isEmpty && sums.allSatisfy { abs($0 - 1) < 1e-5 })
    }
    let scan = try Program(["scan", "--output", folder.path + "/s.bed"] + genome)
    #expect(scan.exitCode == 65 && scan.words.contains("beside the other classes alone"))
  }

  @Test func oneClassIsRefused() throws {
    let run = try Program([
      "train", "--classes", "--table", table("motif") { _ in "AP1" }, "--output",
      folder.path + "/one", "--quiet",
    ])
    #expect(run.exitCode == 65 && run.words.contains("every example belongs to the class \"AP1\""))
  }

  /// Means of 2, 8 and 40, and what Poisson's distribution spreads about them left out.
  @Test func learnsCounts() throws {
    let table = table("count") { ["2", "8", "40"][$0] }
    let output = try trained(table, "counts", ["--objective", "count"])
    let metrics = try json(output + "/metrics.json")
    let tasks = try #require(metrics["tasks"] as? [[String: Any]])
    let figures = try #require(tasks[0]["regression"] as? [String: Any])
    #expect(try #require(figures["devianceExplained"] as? Double) > 0.7)
    #expect(try #require(figures["pearson"] as? Double) > 0.8)
  }

  @Test func learnsLevels() throws {
    let table = table("strength") { ["0", "1", "2"][$0] }
    let output = try trained(table, "levels", ["--objective", "ordinal"])
    let metrics = try json(output + "/metrics.json")
    let levels = try #require(metrics["levels"] as? [String: Any])
    #expect(try #require(levels["spearman"] as? Double) > 0.8)
    let predictions = try Program([
      "predict", "--fasta", Toy.peaks, "--model", output + "/model.safetensors", "--quiet",
    ])
    let lines = rows(predictions.output)
    #expect(Array(lines[0][1...2]) == ["strength>=1", "strength>=2"])
    // A higher level is never likelier than a lower one.
    #expect(lines.dropFirst().allSatisfy { (Float($0[1]) ?? -1) >= (Float($0[2]) ?? 2) })
    let measured = try Program([
      "evaluate", "--table", table, "--model", output + "/model.safetensors", "--json",
    ])
    #expect(measured.exitCode == 0, "\(measured.words)")
    #expect(measured.output.contains("\"meanAbsoluteError\""))
  }

  /// Frozen layers are those of the model that training started from.
  @Test func startsFromAModel() throws {
    let learned = table("motif") { ["AP1", "EBOX", "SP1"][$0] }
    let source = try trained(learned, "source", ["--classes"])
    let other = table("bound") { $0 == 1 ? "1" : "0" }
    let model = source + "/model.safetensors"
    let refused = try Program([
      "train", "--no-motifs", "--table", other, "--from", model, "--output", folder.path + "/no",
    ])
    #expect(refused.exitCode == 65)
    #expect(refused.words.contains("the model to start from has 3 task(s), and the input 1"))
    let output = try trained(
      other, "transfer", ["--from", model, "--new-head", "--freeze", "layers"])
    let record = try json(output + "/run.json")
    let inputs = try #require(record["inputs"] as? [[String: Any]])
    #expect(inputs.contains { $0["use"] as? String == "start" })
    let (before, after) = (try tensors(model), try tensors(output + "/model.safetensors"))
    for member in 1...3 {
      let filters = try #require(before["network\(member).layers.0.weight"])
      #expect(after["network\(member).layers.0.weight"] == filters)
      #expect(
        after["network\(member).output.weight"]?.count
          != before["network\(member).output.weight"]?.count)
    }
    let metrics = try json(output + "/metrics.json")
    #expect(try #require(metrics["auroc"] as? Double) > 0.95)
    // What the first model learned from is told of the second one, too.
    let file = URL(fileURLWithPath: learned).lastPathComponent
    let told = try Program(["inspect", output + "/model.safetensors"])
    #expect(told.output.contains("\(file), SHA-256"), "\(told.output)")
    let again = try Program([
      "train", "--no-motifs", "--table", learned, "--classes", "--from", model, "--epochs", "1",
      "--output",
      folder.path + "/again",
    ])
    #expect(again.words.contains("the model to start from was trained on \(learned)"))
  }

  @Test func presetsRefuseShortSequences() throws {
    let run = try Program([
      "train", "--no-motifs", "--positives", Toy.peaks, "--length", "101", "--preset", "basset",
      "--output",
      folder.path + "/no",
    ])
    #expect(run.exitCode == 65)
    #expect(
      run.words.contains(
        "sequences of 101 bases are too short for the network, which reads 168 at least; give longer ones"
      ))
  }

  /// The bytes of each tensor of a safetensors file.
  private func tensors(_ path: String) throws -> [String: Data] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let count = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      JSONSerialization.jsonObject(with: data[8..<8 + count]) as? [String: [String: Any]])
    return try header.filter { $0.key != "__metadata__" }.mapValues { entry in
      let offsets = try #require(entry["data_offsets"] as? [Int])
      return data[8 + count + offsets[0]..<8 + count + offsets[1]]
    }
  }
}
