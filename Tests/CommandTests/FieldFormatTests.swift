import Foundation
import TestSupport
import Testing

/// Inputs as people have them: names with spaces, collections with a bad motif, genomes that are nearly all
/// unknown, pipes of a shell.
@Suite struct FieldFormatTests {
  private static let genome: String = {
    let path = Toy.sharedFolder + "/field.fa"
    try? Toy.genomeText.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }()

  /// Sites of a task whose name holds a space serve as regions and peaks again, as bedtools reads them.
  @Test func ownSitesAreReadAgain() throws {
    let folder = TemporaryFolder()
    let table = folder.path + "/t.tsv"
    let rows = Toy.peakRecords.prefix(60).enumerated().map { "\($1.bases.prefix(60))\t\($0 % 2)\n" }
    try ("seq\tmy TF\n" + rows.joined()).write(toFile: table, atomically: true, encoding: .utf8)
    let train = try Program([
      "train", "--no-motifs", "--table", table, "--preset", "deepbind", "--epochs", "1", "--output",
      folder.path + "/o",
    ])
    #expect(train.exitCode == 0, "\(train.words)")
    let (model, sites) = (folder.path + "/o/model.safetensors", folder.path + "/s.bed")
    let scan = try Program([
      "scan", "--model", model, "--genome", Self.genome, "--threshold", "0", "--output", sites,
    ])
    #expect(scan.exitCode == 0, "\(scan.words)")
    let count = try contents(sites).split(separator: "\n").count { !$0.hasPrefix("#") }
    let predict = try Program([
      "predict", "--model", model, "--regions", sites, "--genome", Self.genome, "--output", "-",
    ])
    #expect(predict.exitCode == 0, "\(predict.words)")
    #expect(CommandTests.rows(predict.output).dropFirst().allSatisfy { $0[0] == "my TF" })
    #expect(predict.words.contains("of \(count) used"), "\(predict.words)")
    // Sites are shorter than windows, which have to lie in a region.
    let wide = try contents(sites).split(separator: "\n").map { line in
      var fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 11, let start = Int(fields[1]), let end = Int(fields[2]) else {
        return String(line)
      }
      (fields[1], fields[2]) = ("\(max(0, start - 60))", "\(end + 60)")
      return fields.joined(separator: "\t")
    }
    let regions = folder.write(wide.joined(separator: "\n"), to: "wide.bed")
    let again = try Program([
      "scan", "--model", model, "--genome", Self.genome, "--regions", regions, "--threshold", "0",
      "--output", "-",
    ])
    #expect(again.exitCode == 0, "\(again.words)")
  }

  @Test func scoresThatAreNoNumbersAreSaid() throws {
    let folder = TemporaryFolder()
    let peaks = folder.write(
      (0..<30).map { "a\t\(40 * $0)\t\(40 * $0 + 100)\tp\tsite\t*\n" }.joined(), to: "p.bed")
    let run = try Program([
      "train", "--no-motifs", "--peaks", peaks, "--genome", Self.genome, "--preset", "deepbind",
      "--epochs", "1",
      "--length", "40", "--make-negatives", "dinucleotide", "--output", folder.path + "/o",
    ])
    #expect(
      run.words.contains(
        "p.bed: 30 of 30 scores are no numbers, such as \"site\", and count as missing"),
      "\(run.words)")
  }

  @Test func aBadMotifIsPassedOver() throws {
    let folder = TemporaryFolder()
    let motifs = folder.write(
      ">UN1 A\nA [ 4 0 ]\nC [ 0 0 ]\nG [ 0 0 ]\nT [ 0 0 ]\n>MA2\nA [ 9 0 ]\nC [ 0 9 ]\nG [ 0 0 ]\nT [ 0 0 ]\n",
      to: "m.jaspar")
    let scan = ["motifs", "scan", "--motifs", motifs, "--genome", Self.genome, "--p-value", "0.1"]
    let run = try Program(scan + ["--output", "-"])
    let hits = CommandTests.rows(run.output).filter { !$0[0].hasPrefix("#") }
    #expect(run.exitCode == 0 && !hits.isEmpty && hits.allSatisfy { $0[3] == "MA2" })
    #expect(
      run.words.contains(
        "passed over motif \"UN1\": \(motifs):1: nothing is counted at position 2; take the column out\n"
      ),
      "\(run.words)")
    #expect(run.words.contains("1 of 2 motifs passed over"))
    let asked = try Program(scan + ["--motif", "UN1", "--output", "-"])
    #expect(
      asked.exitCode == 65 && asked.words.contains("m.jaspar:1: nothing is counted at position 2"))
  }

  @Test(arguments: [(0, false), (20, true), (500, true)]) func sparseGenomes(
    known: Int, works: Bool
  ) throws {
    let folder = TemporaryFolder()
    let unknown = String(repeating: "N", count: 300_000)
    let island = Toy.peakRecords.map { $0.bases.uppercased() }.joined().prefix(known * 10)
    let genome = folder.write(">c1\n\(unknown)\(island)\(unknown)\n", to: "g.fa")
    let parameters = folder.write(ImportTests.parameters, to: "D1.txt")
    let model = folder.path + "/m.safetensors"
    #expect(try Program(["import", "deepbind", parameters, "--output", model]).exitCode == 0)
    let scan = try Program([
      "scan", "--model", model, "--genome", genome, "--top", "3", "--p-value", "0.5", "--output",
      "-",
    ])
    #expect(scan.exitCode == (works ? 0 : 65), "\(scan.words)")
    if works {
      #expect(scan.output.split(separator: "\n").contains { $0.hasPrefix("c1\t") })
    } else {
      #expect(
        scan.words.contains("g.fa: no window of") && scan.words.contains("has half of them known"))
      #expect(!scan.words.contains("in a file"))
    }
  }

  /// `sh` has no process substitution, but the descriptors that it stands for.
  @Test func pipesAreInputs() throws {
    let folder = TemporaryFolder()
    let lines = (0..<34).map { "a\t\(41 * $0)\t\(41 * $0 + 40)\tp \($0)\n" }.joined()
    let peaks = folder.write(lines, to: "X.bed")
    let options =
      "--genome \(Self.genome) --preset deepbind --epochs 1 --length 40 --make-negatives dinucleotide"
    let run = try Program.shell(
      """
      cd \(folder.path)
      seqcnn train --peaks X=\(peaks) \(options) --output file || exit 1
      cat \(peaks) | seqcnn train --peaks X=/dev/fd/0 \(options) --output pipe || exit 2
      mkfifo X; cat \(Self.genome) > X &
      cat \(peaks) | seqcnn train --peaks X=/dev/stdin \(options.replacing(Self.genome, with: "X")) \
        --output both || exit 3
      cat \(Toy.peaks) | seqcnn train --positives /dev/fd/0 --preset deepbind --epochs 1 --length 40 \
        --output positives || exit 4
      cat \(peaks) | seqcnn train --peaks /dev/fd/0 \(options) --output nameless
      """)
    #expect(run.exitCode == 64, "\(run.words)")
    #expect(
      run.words.contains(
        "the pipe \"/dev/fd/0\" has no name to call its task by; give it as NAME=FILE"))
    // Nothing but what the inputs are called differs.
    for name in ["predictions.tsv", "history.tsv"] {
      let expected = try contents("\(folder.path)/file/\(name)")
      #expect(try contents("\(folder.path)/pipe/\(name)") == expected)
      #expect(try contents("\(folder.path)/both/\(name)") == expected)
    }
  }
}
