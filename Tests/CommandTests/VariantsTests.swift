import Foundation
import TestSupport
import Testing

@Suite struct VariantsTests {
  private let base = ["variants", "--model", Toy.model]
  private static let header =
    "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

  /// Takes away what seqcnn added.
  private func stripped(_ text: String) -> String {
    var result = ""
    for line in text.split(separator: "\n") where !line.hasPrefix("##INFO=<ID=SEQCNN_") {
      var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      if !line.hasPrefix("#") {
        let info = fields[7].split(separator: ";").filter { !$0.hasPrefix("SEQCNN_") }
        fields[7] = info.isEmpty ? "." : info.joined(separator: ";")
      }
      result += fields.joined(separator: "\t") + "\n"
    }
    return result
  }

  @Test func withoutItsFieldsTheOutputIsTheInput() throws {
    let run = try Program(base + ["--vcf", Toy.variants, "--genome", Toy.slice, "--output", "-"])
    #expect(run.exitCode == 0)
    #expect(run.words.hasSuffix("variants.vcf: 5 records kept, 5 of 5 alternate alleles scored\n"))
    #expect(try stripped(run.output) == contents(Toy.variants))
    let piped = try Program(
      base + ["--vcf", "-", "--genome", Toy.slice, "--output", "-"],
      input: try contents(Toy.variants))
    #expect(piped.output == run.output)
  }

  /// A substitution's scores are those of windows with the base in their middle, cut by hand.
  @Test func substitutionsScoreAsTheirWindows() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    let position = 500
    let bases = Toy.genome[0].bases
    var window = Array(
      bases.dropFirst(position - Toy.windowLength / 2).prefix(Toy.windowLength))
    let reference = window[Toy.windowLength / 2]
    let alternate: Character = reference == "A" ? "C" : "A"
    let before = String(window)
    window[Toy.windowLength / 2] = alternate
    let fasta = ">reference\n\(before)\n>alternate\n\(String(window))\n"
    let predicted = rows(
      try Program(["predict", "--model", Toy.model, "--fasta", "-"], input: fasta).output
    ).dropFirst().compactMap { Double($0[1]) }
    let run = try Program(
      base + ["--vcf", "-", "--genome", genome, "--output", "-"],
      input: Self.header + "chra\t\(position + 1)\t.\t\(reference)\t\(alternate)\t.\t.\t.\n")
    #expect(run.words.contains("names mapped: chra → a"))
    let info = try #require(rows(run.output).last?[7])
    let values = info.split(separator: ";").compactMap { Double($0.split(separator: "=")[1]) }
    #expect(
      info.split(separator: ";").map { $0.prefix { $0 != "=" } } == [
        "SEQCNN_REF", "SEQCNN_ALT", "SEQCNN_DELTA",
      ])
    let logits = predicted.map { log($0 / (1 - $0)) }
    #expect(abs(values[0] - predicted[0]) < 1e-6)
    #expect(abs(values[1] - predicted[1]) < 1e-6)
    #expect(abs(values[2] - (logits[1] - logits[0])) < 1e-4)
  }

  @Test func whatHasNoScoreIsKeptMarkedAndCounted() throws {
    let records = """
      other\t5\t.\tA\tC\t.\t.\tDP=3
      20\t421808\t.\tA\t<DEL>,*,C\t.\t.\t.
      20\t421808\t.\tA\t.\t.\t.\t.
      20\t421808\t.\tA\tA[20:500000[\t.\t.\t.

      """
    let run = try Program(
      base + ["--vcf", "-", "--genome", Toy.slice, "--output", "-"], input: Self.header + records)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(stripped(run.output) == Self.header + records)
    let info = rows(run.output).filter { !$0[0].hasPrefix("#") }.map(\.[7])
    #expect(info[0] == "DP=3;SEQCNN_SKIPPED=no_such_sequence")
    #expect(info[1].hasSuffix("SEQCNN_SKIPPED=symbolic,overlapping_deletion,."))
    #expect(info[2] == "SEQCNN_SKIPPED=missing")
    #expect(info[3] == "SEQCNN_SKIPPED=breakend")
    #expect(run.words.contains("standard input: 4 records kept, 1 of "))
  }

  @Test func mismatchesStopOrAreMarked() throws {
    let records = (0..<7).map { "20\t\(421_801 + $0)\t.\tGCGCGC\tC\t.\t.\t.\n" }.joined()
    let vcf = Self.header + records + "20\t99000000\t.\tA\tC\t.\t.\t.\n"
    let arguments = base + ["--vcf", "-", "--genome", Toy.slice, "--output", "-"]
    let stopped = try Program(arguments, input: vcf)
    #expect(stopped.exitCode == 65)
    let lines = stopped.words.split(separator: "\n")
    #expect(lines.count == 5)
    for (index, line) in lines.enumerated() {
      #expect(line.hasPrefix("seqcnn: standard input:\(index + 3): REF is \"GCGCGC\" at 20:"))
    }
    #expect(lines.last?.hasSuffix("or --on-ref-mismatch skip") == true)
    let skipped = try Program(arguments + ["--on-ref-mismatch", "skip"], input: vcf)
    #expect(skipped.exitCode == 0)
    #expect(skipped.words.contains("8 not scored: reference_mismatch"))
    #expect(stripped(skipped.output) == vcf)
  }

  @Test func annotatesAgainUnderAnotherPrefix() throws {
    let arguments = base + ["--vcf", "-", "--genome", Toy.slice, "--output", "-"]
    let once = try Program(arguments, input: contents(Toy.variants))
    let refused = try Program(arguments, input: once.output)
    #expect(refused.exitCode == 65)
    #expect(refused.words.contains("choose another name with --prefix"))
    let twice = try Program(arguments + ["--prefix", "other.1"], input: once.output)
    #expect(twice.exitCode == 0, "\(twice.words)")
    let last = twice.output.split(separator: "\n").last ?? ""
    #expect(last.contains(";SEQCNN_DELTA=") && last.contains(";other.1_DELTA="))
    #expect(twice.output.contains("##INFO=<ID=other.1_SKIPPED,"))
  }

  /// Tasks whose names are one as a key: the second gets a number.
  @Test func keysOfTasksDiffer() throws {
    let folder = TemporaryFolder()
    let lines = Toy.peakRecords.prefix(80).enumerated().map { index, record in
      "\(record.bases.prefix(60))\t\(index % 2)\t\(index / 2 % 2)\n"
    }
    let table = folder.write("seq\ta-b\ta.b\n" + lines.joined(), to: "two.tsv")
    let output = folder.path + "/model"
    let trained = try Program([
      "train", "--table", table, "--epochs", "1", "--output", output, "--quiet",
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
    let run = try Program([
      "variants", "--model", output + "/model.safetensors", "--vcf", Toy.variants,
      "--genome", Toy.slice, "--output", "-",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    for key in ["SEQCNN_a_b_DELTA", "SEQCNN_a_b_2_DELTA"] {
      #expect(run.output.ranges(of: "##INFO=<ID=\(key),").count == 1)
      #expect(run.output.ranges(of: ";\(key)=").count == 5)
    }
  }

  static let realFiles = [
    "vt_normalize_in.vcf.gz", "RTG_complex_chr20_chrX.vcf.gz", "HNF4A_MPRA_GRCh37_chr20.vcf",
  ]

  @Test(.enabled(if: SharedData.isPresent), arguments: realFiles)
  func realFilesComeBackWhole(name: String) throws {
    let input = SharedData.path("data/variants/" + name)
    let run = try Program(
      base + [
        "--vcf", input, "--genome", SharedData.path("data/genome/GRCh37.chr20.fa.gz"),
        "--output", "-",
      ])
    #expect(run.exitCode == 0)
    let folder = TemporaryFolder()
    #expect(try Program.shell("gzip -cdf '\(input)' > \(folder.path)/input").exitCode == 0)
    #expect(try stripped(run.output) == contents(folder.path + "/input"))
  }
}
