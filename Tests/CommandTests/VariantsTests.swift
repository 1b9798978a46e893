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
    for line in text.split(separator: "\n")
    where !line.hasPrefix("##INFO=<ID=SEQCNN_") && !line.hasPrefix("##seqcnn") {
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
    #expect(
      piped.output
        == run.output.replacingOccurrences(of: "--vcf variants.vcf", with: "--vcf -"))
  }

  /// A substitution's scores are those of windows with the base in their middle, cut by hand.
  @Test func substitutionsScoreAsTheirWindows() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    // Where the probability is moderate, so that its digits tell the logit.
    let position = 1200
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
        "SEQCNN_REF", "SEQCNN_ALT", "SEQCNN_DELTA", "SEQCNN_MOTIF", "SEQCNN_MOTIF_REF",
        "SEQCNN_MOTIF_ALT", "SEQCNN_MOTIF_DELTA", "SEQCNN_MOTIF_SHARE", "SEQCNN_FILTER",
        "SEQCNN_FILTER_DELTA", "SEQCNN_FILTER_SHARE", "SEQCNN_GAINED", "SEQCNN_LOST",
        "SEQCNN_KMERS", "SEQCNN_PVALUE", "SEQCNN_ACTIVE_QUANTILE",
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

  /// Looks for five of them through the whole file, whatever lies between.
  @Test func mismatchesFarApartAreListed() throws {
    let wrong = { "20\t\(421_801 + $0)\t.\tGCGCGC\tC\t.\t.\t.\n" }
    let between = String(repeating: "20\t421808\t.\tA\t<DEL>\t.\t.\t.\n", count: 5000)
    let run = try Program(
      base + ["--vcf", "-", "--genome", Toy.slice, "--output", "-"],
      input: Self.header + between + wrong(0) + between + wrong(1) + between)
    #expect(run.exitCode == 65)
    let lines = run.words.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("seqcnn: standard input:5003: REF is"))
    #expect(lines[1].hasPrefix("seqcnn: standard input:10004: REF is"))
  }

  /// Many records of every kind on the example slice.
  private static let manyRecords: String = {
    let alleles = ["A", "C", "G", "T", "AC", "<DEL>", "*", "A,C", "C,GTT,T"]
    return header
      + (0..<6000).map { index in
        "20\t\(421_900 + index % 900)\t.\tN\t\(alleles[index % alleles.count])\t.\t.\tDP=\(index)\n"
      }.joined()
  }()

  @Test func threadsDoNotMatter() throws {
    let runs = try [1, 3].map {
      try Program(
        base + [
          "--vcf", "-", "--genome", Toy.slice, "--output", "-", "--all-placements", "--parts",
          "--q-values", "--threads", "\($0)",
        ], input: Self.manyRecords)
    }
    #expect(runs[0].exitCode == 0, "\(runs[0].words)")
    #expect(runs[0].output == runs[1].output)
    #expect(stripped(runs[0].output) == Self.manyRecords)
  }

  /// The table's fields are those of INFO, one allele a line.
  @Test func theTableHoldsTheSameFigures() throws {
    let folder = TemporaryFolder()
    let input = folder.write(Self.manyRecords, to: "in.vcf")
    let arguments =
      base + [
        "--vcf", input, "--genome", Toy.slice, "--all-placements", "--parts", "--q-values",
        "--output",
      ]
    let annotated = try Program(arguments + ["-"])
    let written = try Program(arguments + [folder.path + "/out.tsv"])
    #expect(written.exitCode == 0, "\(written.words)")
    let table = rows(try contents(folder.path + "/out.tsv"))
    let keys = table[0].dropFirst(5)
    #expect(table[0].prefix(5) == ["chrom", "pos", "id", "ref", "alt"])
    #expect(
      Array(keys) == [
        "SEQCNN_REF", "SEQCNN_ALT", "SEQCNN_DELTA", "SEQCNN_REF_MAX", "SEQCNN_ALT_MAX",
        "SEQCNN_DELTA_MAX", "SEQCNN_REF_MEAN", "SEQCNN_ALT_MEAN", "SEQCNN_DELTA_MEAN",
        "SEQCNN_MOTIF", "SEQCNN_MOTIF_REF", "SEQCNN_MOTIF_ALT", "SEQCNN_MOTIF_DELTA",
        "SEQCNN_MOTIF_SHARE", "SEQCNN_FILTER", "SEQCNN_FILTER_DELTA", "SEQCNN_FILTER_SHARE",
        "SEQCNN_GAINED", "SEQCNN_LOST", "SEQCNN_KMERS", "SEQCNN_PARTS", "SEQCNN_PVALUE",
        "SEQCNN_ACTIVE_QUANTILE",
        "SEQCNN_QVALUE", "SEQCNN_SKIPPED",
      ])
    var expected: [[String]] = []
    for fields in rows(annotated.output) where !fields[0].hasPrefix("#") {
      let info = Dictionary(
        fields[7].split(separator: ";").map { $0.split(separator: "=").map(String.init) }
          .map { ($0[0], $0[1].split(separator: ",").map(String.init)) },
        uniquingKeysWith: { $1 })
      for (index, allele) in fields[4].split(separator: ",").enumerated() {
        let values = keys.map { info[$0].map { $0[index] } ?? "." }
        expected.append(fields[..<4] + [String(allele)] + values.map { $0 == "." ? "" : $0 })
      }
    }
    #expect(table.dropFirst().elementsEqual(expected))
  }

  /// What bcftools reads from the BCF is what it reads from the VCF.
  @Test func writesBCF() throws {
    let folder = TemporaryFolder()
    let declared = Self.manyRecords.replacing(
      "#CHROM",
      with: "##contig=<ID=20>\n##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n#CHROM",
      maxReplacements: 1)
    let input = folder.write(declared, to: "in.vcf")
    let arguments = base + ["--vcf", input, "--genome", Toy.slice, "--output"]
    for name in ["out.vcf", "out.bcf"] {
      let run = try Program(arguments + ["\(folder.path)/\(name)"])
      #expect(run.exitCode == 0, "\(run.words)")
    }
    // Read again, both give the same scores; what was added before is rounded in BCF.
    let again = try ["out.vcf", "out.bcf"].map { name in
      let run = try Program([
        "variants", "--model", Toy.model, "--prefix", "AGAIN", "--genome", Toy.slice, "--output",
        "-",
        "--vcf", "\(folder.path)/\(name)",
      ])
      return rows(run.output).filter { !$0[0].hasPrefix("#") }.map { fields in
        fields[..<7] + [String(fields[7].suffix(from: ";AGAIN_"))]
      }
    }
    #expect(again[0].count == 6000 && again[0] == again[1])
    let refused = try Program(
      base + ["--vcf", "-", "--genome", Toy.slice, "--output", folder.path + "/no.bcf"],
      input: Self.manyRecords)
    #expect(refused.exitCode == 65)
    #expect(refused.words.contains("no.bcf: the record at 20:421900 has a sequence, FILTER"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/no.bcf"))
  }

  /// The same bytes from a file, gzip, BCF, a pipe and a pipe that has a name.
  @Test func readsAnyFormFromAnywhere() throws {
    let folder = TemporaryFolder()
    let declared = Self.manyRecords.replacing(
      "#CHROM",
      with: "##contig=<ID=20>\n##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n#CHROM",
      maxReplacements: 1)
    folder.write(declared, to: "in.vcf")
    let arguments = "seqcnn variants --model '\(Toy.model)' --genome '\(Toy.slice)' --quiet"
    let status = try Program.shell(
      """
      set -e; cd '\(folder.path)'
      \(arguments) --vcf in.vcf --output out.vcf
      gzip -k in.vcf
      \(arguments) --vcf in.vcf.gz --output gz.vcf
      \(arguments) --vcf in.vcf --prefix X --output x.bcf
      \(arguments) --vcf x.bcf --output fromfile.vcf
      cat in.vcf.gz | \(arguments) --vcf - --output pipe.vcf
      cat x.bcf | \(arguments) --vcf - --output frompipe.vcf
      mkfifo pipe; cat x.bcf > pipe & \(arguments) --vcf pipe --output fromfifo.vcf
      sed -i '/^##seqcnnCommand/d' *.vcf
      cmp out.vcf gz.vcf; cmp out.vcf pipe.vcf
      cmp fromfile.vcf frompipe.vcf; cmp fromfile.vcf fromfifo.vcf
      """)
    #expect(status.exitCode == 0, "\(status.words)")
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
      "train", "--no-motifs", "--table", table, "--epochs", "1", "--output", output, "--quiet",
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
    ("vt_normalize_in.vcf.gz", "194 records kept"),
    ("RTG_complex_chr20_chrX.vcf.gz", "4882 records kept"),
    ("HNF4A_MPRA_GRCh37_chr20.vcf", "977 records kept"),
  ]

  @Test(.enabled(if: SharedData.isPresent), arguments: realFiles)
  func realFilesComeBackWhole(name: String, words: String) throws {
    let input = SharedData.path("data/variants/" + name)
    let run = try Program(
      base + [
        "--vcf", input, "--genome", SharedData.path("data/genome/GRCh37.chr20.fa.gz"),
        "--output", "-",
      ])
    #expect(run.exitCode == 0)
    #expect(run.words.contains(words), "\(run.words)")
    let folder = TemporaryFolder()
    #expect(try Program.shell("gzip -cdf '\(input)' > \(folder.path)/input").exitCode == 0)
    #expect(try stripped(run.output) == contents(folder.path + "/input"))
    for fields in rows(run.output) where !fields[0].hasPrefix("#") {
      let isOffGenome = !["20", "chr20"].contains(fields[0])
      #expect(fields[7].contains("SEQCNN_SKIPPED=no_such_sequence") == isOffGenome)
    }
  }

  /// Indels as they were called, and as vt wrote them left-aligned and parsimonious.
  @Test(.enabled(if: SharedData.isPresent)) func spellingsScoreTheSame() throws {
    let scores = try ["vt_normalize_in", "vt_normalize_out"].map { name in
      let run = try Program(
        base + [
          "--vcf", SharedData.path("data/variants/\(name).vcf.gz"), "--genome",
          SharedData.path("data/genome/GRCh37.chr20.fa.gz"), "--output", "-", "--all-placements",
        ])
      return rows(run.output).filter { !$0[0].hasPrefix("#") }.map { fields in
        fields[7].split(separator: ";").filter { $0.hasPrefix("SEQCNN_") }.joined(separator: ";")
      }
    }
    #expect(scores[0].allSatisfy { $0.contains("SEQCNN_DELTA_MEAN=") })
    let differing = Set(scores[0]).symmetricDifference(scores[1])
    #expect(differing.isEmpty)
  }
}

extension String {
  /// The text from the first occurrence of another on.
  fileprivate func suffix(from start: String) -> Substring {
    range(of: start).map { self[$0.lowerBound...] } ?? ""
  }
}
