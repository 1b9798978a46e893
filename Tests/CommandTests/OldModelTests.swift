import Foundation
import TestSupport
import Testing

/// Model files of an earlier version give the outputs that version gave, recorded by
/// `scripts/goldens/models.sh`.
@Suite final class OldModelTests {
  private let folder = TemporaryFolder()

  private static let goldens = packageRoot + "/Tests/CommandTests/Goldens/Models"

  /// The kinds of model of which there is such a file, sorted.
  private static func kinds(with file: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: goldens)) ?? []
    return names.sorted().filter {
      FileManager.default.fileExists(atPath: "\(goldens)/\($0)/\(file)")
    }
  }

  private func input(_ name: String) -> String { "\(Self.goldens)/inputs/\(name)" }

  /// Runs a command with a model.
  ///
  /// - Parameter output: The name of the output.
  /// - Returns: The path of the output.
  private func run(_ arguments: [String], with kind: String, output: String) throws -> String {
    let (model, path) = ("\(Self.goldens)/\(kind)/model.safetensors", "\(folder.path)/\(output)")
    let run = try Program(arguments + ["--model", model, "--output", path, "--quiet"])
    #expect(run.exitCode == 0, "\(kind): \(run.words)")
    return path
  }

  /// Compares a text with a golden file.
  private func compare(_ text: String, with golden: String) throws {
    let differences = differences(
      text, from: try contents("\(Self.goldens)/\(golden)"), tolerance: 1e-6)
    #expect(differences.isEmpty, "\(golden): \(differences.joined(separator: "\n"))")
  }

  /// Compares what a command makes of a model with the golden file of the output's name.
  private func check(_ output: String, of kind: String, _ arguments: [String]) throws {
    try compare(
      contents(run(arguments, with: kind, output: output)), with: "\(kind)/\(output)")
  }

  @Test func allAreThere() {
    #expect(Self.kinds(with: "model.safetensors").count == 20)
    #expect(Self.kinds(with: "recipe.json").count == 18)
    #expect(Self.kinds(with: "motifs.meme").count == 17)
    #expect(Self.kinds(with: "significant.bed").count == 2)
    #expect(Self.kinds(with: "average.tsv").count == 2)
  }

  @Test(arguments: kinds(with: "model.safetensors")) func predict(kind: String) throws {
    try check("predict.tsv", of: kind, ["predict", "--fasta", input("sequences.fa")])
    try check(
      "regions.tsv", of: kind,
      ["predict", "--regions", input("regions.bed"), "--genome", input("genome.fa")])
  }

  @Test(arguments: kinds(with: "average.tsv")) func average(kind: String) throws {
    try check(
      "average.tsv", of: kind,
      ["predict", "--fasta", input("sequences.fa"), "--average", "--window-size", "9"])
  }

  @Test(arguments: kinds(with: "model.safetensors")) func scan(kind: String) throws {
    let track = folder.path + "/track.bedgraph"
    try check(
      "sites.bed", of: kind,
      [
        "scan", "--genome", input("genome.fa"), "--threshold", "0", "--top", "12", "--bedgraph",
        track,
      ])
    try compare(largestOfBins(track), with: "\(kind)/track.tsv")
  }

  /// P-values of shuffles of the genome that is scanned. The q-values of that version counted laxer thresholds too.
  @Test(arguments: kinds(with: "significant.bed")) func scanByPValue(kind: String) throws {
    try checkColumns(
      "significant.bed", of: kind,
      ["scan", "--genome", input("genome.fa"), "--p-value", "0.005", "--top", "8"]
    ) { $0 != "qvalue" }
  }

  /// The filter that is named is another one since what each part adds is known.
  @Test(arguments: kinds(with: "model.safetensors")) func variants(kind: String) throws {
    try checkColumns(
      "variants.tsv", of: kind,
      ["variants", "--vcf", input("variants.vcf"), "--genome", input("genome.fa")]
    ) { !$0.hasSuffix("FILTER") && !$0.hasSuffix("FILTER_DELTA") }
  }

  /// Compares the columns of a table that the golden file has too, as far as a condition on their names holds.
  private func checkColumns(
    _ output: String, of kind: String, _ arguments: [String], where isCompared: (String) -> Bool
  ) throws {
    let golden = try contents("\(Self.goldens)/\(kind)/\(output)")
    let names = columnNames(golden).filter(isCompared)
    let text = try contents(run(arguments, with: kind, output: output))
    let differences = differences(
      columns(names, of: text), from: columns(names, of: golden), tolerance: 1e-6)
    #expect(names.count > 2 && differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  /// Those of the last line before the rows.
  private func columnNames(_ table: String) -> [String] {
    let lines = table.split(separator: "\n")
    let header = lines.last { $0.hasPrefix("#") } ?? lines[0]
    return header.drop { $0 == "#" }.split(separator: "\t").map(String.init)
  }

  /// The rows of a table with some of its columns.
  private func columns(_ names: [String], of table: String) -> String {
    let known = columnNames(table)
    let rows = table.split(separator: "\n").filter { !$0.hasPrefix("#") }
    return rows.map { row in
      let fields = row.split(separator: "\t", omittingEmptySubsequences: false)
      return names.map { name in known.firstIndex(of: name).map { String(fields[$0]) } ?? "missing"
      }
      .joined(separator: "\t")
    }.joined(separator: "\n")
  }

  @Test(arguments: kinds(with: "model.safetensors")) func mutate(kind: String) throws {
    let output = try run(
      ["mutate", "--fasta", input("mutated.fa"), "--maps", "0"], with: kind, output: "mutated")
    try compare(contents(output + "/mutations.tsv"), with: "\(kind)/mutations.tsv")
  }

  @Test(arguments: kinds(with: "motifs.meme")) func motifs(kind: String) throws {
    try check(
      "motifs.meme", of: kind, ["motifs", "export", "--positives", input("bound.fa"), "--filters"])
  }

  /// Recipes of an earlier version still train a network.
  @Test(arguments: kinds(with: "recipe.json")) func train(kind: String) throws {
    let golden = "\(Self.goldens)/\(kind)"
    let arguments = try contents(golden + "/arguments").split(whereSeparator: \.isWhitespace).map {
      $0.hasPrefix("inputs/") ? "\(Self.goldens)/\($0)" : String($0)
    }
    let output = folder.path + "/trained"
    let run = try Program(
      [
        "train", "--config", golden + "/recipe.json", "--output", output, "--epochs", "2",
        "--quiet",
      ]
        + arguments)
    #expect(run.exitCode == 0, "\(run.words)")
    let table = rows(try contents(output + "/predictions.tsv"))
    let tasks = table[0].indices.filter { table[0].contains(table[0][$0] + ".label") }
    #expect(!tasks.isEmpty && table.count > 10)
    for row in table.dropFirst() {
      #expect(tasks.allSatisfy { Double(row[$0])?.isFinite ?? false }, "\(row)")
    }
  }

  /// The comparison itself, by hand.
  @Test func differencesAreFound() {
    let golden = "# seqcnn 0.1.0\nname\tx\na\t2.0\t7\t-\n"
    func differ(_ text: String) -> Bool {
      !differences(text, from: golden, tolerance: 1e-6).isEmpty
    }
    #expect(!differ(golden) && !differ("# seqcnn 9\nname\tx\na\t2.0000029\t7\t-\n"))
    #expect(differ("name\tx\na\t2.0000031\t7\t-\n") && differ("name\tx\na\tnan\t7\t-\n"))
    #expect(differ("name\tx\na\t2.0\t8\t-\n") && differ("name\tx\na\t2.0\t7\t+\n"))
    #expect(differ("name\tx\na\t2.0\t7\n") && differ("name\tx\n") && differ(golden + "b\n"))
  }
}

/// The largest value of each 1,000 bases of a bedGraph track, as `scripts/goldens/models.sh` takes it.
private func largestOfBins(_ path: String) throws -> String {
  var (bins, largest) = ([String](), [String: Double]())
  for row in rows(try contents(path)) {
    guard row.count == 4, let start = Int(row[1]), let end = Int(row[2]), let value = Double(row[3])
    else { return "not a bedGraph line: \(row)" }
    for bin in start / 1000...(end - 1) / 1000 {
      let key = "\(row[0])\t\(bin)"
      if largest[key] == nil { bins.append(key) }
      largest[key] = max(largest[key] ?? value, value)
    }
  }
  return bins.map { "\($0)\t\(largest[$0]!)\n" }.joined()
}

/// The lines in which a text differs from the golden one: a number by more than the tolerance, absolute
/// and relative; a whole number or another field at all. Lines of words (`# …`) aren't compared.
private func differences(_ text: String, from golden: String, tolerance: Double) -> [String] {
  func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("# ") }
  }
  func fields(_ line: Substring) -> [Substring] {
    line.split(omittingEmptySubsequences: false) { $0 == "\t" || $0 == " " }
  }
  func agree(_ field: Substring, _ golden: Substring) -> Bool {
    if field == golden { return true }
    guard Int(field) == nil || Int(golden) == nil, let number = Double(field),
      let expected = Double(golden)
    else { return false }
    return abs(number - expected) <= tolerance + tolerance * abs(expected)
  }
  let (new, old) = (lines(text), lines(golden))
  guard new.count == old.count else { return ["\(new.count) lines instead of \(old.count)"] }
  return zip(new, old).compactMap { new, old in
    let (newFields, oldFields) = (fields(new), fields(old))
    let same = newFields.count == oldFields.count && zip(newFields, oldFields).allSatisfy(agree)
    return same ? nil : "\(new.debugDescription) instead of \(old.debugDescription)"
  }
}
