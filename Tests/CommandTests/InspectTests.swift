import Foundation
import TestSupport
import Testing

@Suite final class InspectTests {
  private let folder = TemporaryFolder()
  private static let models = packageRoot + "/Tests/CommandTests/Goldens/Models"
  private static let model = models + "/deepbind/model.safetensors"

  /// The one file of a run with `--json`.
  private func inspected(_ arguments: [String]) throws -> [String: Any] {
    let run = try Program(["inspect", "--json", "--threads", "1"] + arguments)
    #expect(run.exitCode == 0 && run.words.isEmpty, "\(arguments): \(run.words)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(object?["schema"] as? String == "seqcnn-inspect/1")
    let files = try #require(object?["files"] as? [[String: Any]])
    #expect(files.count == 1)
    return files[0]
  }

  /// A part of what is told of a file.
  private func inspected(_ file: String, _ part: String, _ arguments: [String] = []) throws
    -> [String: Any]
  {
    try #require(inspected([file] + arguments)[part] as? [String: Any])
  }

  /// The counts of a list of names, such as `a 2, b 1`.
  private func counts(_ list: Any?) -> String {
    (list as? [[String: Any]] ?? []).map { "\($0["name"] ?? "") \($0["count"] ?? "")" }
      .joined(separator: ", ")
  }

  private func values(_ object: [String: Any], _ keys: String...) -> [Int?] {
    keys.map { object[$0] as? Int }
  }

  /// By hand, as in `LayerTableTests`; 16 · 24 · 4 + 16, 16 · 32 + 32, 32 + 1.
  @Test func presetIsCountedByHand() throws {
    let report = try inspected(["--preset", "deepbind", "--examples", "1000"])
    let recipe = try #require(report["recipe"] as? [String: Any])
    let layers = try #require(recipe["layers"] as? [String: Any])
    #expect(values(layers, "length", "parameters", "multiplyAdds") == [101, 2129, 245_824])
    let rows = try #require(layers["rows"] as? [[String: Any]])
    #expect(rows.map { $0["path"] as? String }.last == "output")
    #expect(rows[0]["output"] as? [Int] == [78, 16] && rows[0]["parameters"] as? Int == 1552)
    let training = try #require(report["training"] as? [String: Any])
    // 700 positives with a shuffle each are 22 batches of 64, and 1,000 steps 46 epochs of those.
    #expect(values(training, "positives", "networks", "sequences") == [1000, 1, 46 * 1400])
    for key in ["sequencesPerSecond", "secondsPerThousandSequencesAndEpoch", "seconds"] {
      #expect(try #require(training[key] as? Double) > 0)
    }
  }

  /// A recipe file changes the preset; of a flatten the length counts. By hand: 10 bases, one strand: 8
  /// places for 2 filters of 3 · 4 weights, and 16 features for each of 3 tasks; a flatten multiplies nothing.
  @Test func recipeFileChangesThePreset() throws {
    let recipe = folder.write(
      """
      {"network": {"layers": [{"convolution": {"filters": 2, "width": 3}}, {"flatten": {}}],
        "strands": "forward"}}
      """, to: "recipe.json")
    let report = try inspected(
      recipe, "recipe", ["--length", "10", "--tasks", "3", "--preset", "deepbind"])
    let layers = try #require(report["layers"] as? [String: Any])
    #expect(values(layers, "parameters", "multiplyAdds") == [26 + 51, 192 + 48])
    let run = try Program(["inspect", recipe, "--length", "2"])
    #expect(run.exitCode == 65 && run.words.contains("sequences of 2 bases are too short"))
  }

  @Test func modelIsDescribed() throws {
    let report = try inspected(Self.model, "model")
    #expect(report["format"] as? String == "seqcnn/1")
    #expect(report["objective"] as? String == "classification")
    // By hand: 8 · 4 · 4 + 4, 4 · 4 + 4, 4 + 1.
    #expect(values(report, "networks", "parameters") == [1, 157])
    let provenance = try #require(report["provenance"] as? [String: Any])
    #expect((provenance["inputs"] as? [[String: Any]])?.isEmpty == false)
    let run = try Program(["inspect", Self.model, Self.models + "/ensemble/model.safetensors"])
    #expect(run.exitCode == 0 && run.words.isEmpty)
    let lines = run.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 || $0.contains(Self.models) }, "\(run.output)")
    #expect(run.output.contains("layers.0  convolution filters 4"))
    #expect(run.output.contains("  match"))
    #expect(lines.count { $0.contains("a model (safetensors, seqcnn/1), sound") } == 2)
  }

  @Test func damagedModelIsRefused() throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: Self.model))
    bytes[bytes.count - 2] ^= 1
    let path = folder.write(bytes, to: "damaged.safetensors")
    let run = try Program(["inspect", path])
    #expect(run.exitCode == 65 && run.output.isEmpty)
    #expect(run.words.contains("the weights don't match their digest"), "\(run.words)")
  }

  /// What each command that reads such a file says of it.
  @Test(arguments: [
    ("r.json", #"{"network": {"layers": [{"convolutoin": {}}]}}"#, "is no kind of layer"),
    ("r.json", #"{"training": {"epoch": 3}}"#, "\"training.epoch\" is no key of a recipe"),
    ("r.json", "[1]", "not a recipe"),
    ("a.fa", ">a\nAC-T\n", "a.fa:2: \"-\" is a gap"),
    ("a.bed", "chr1\t5\t9\nchr1\t9\t5\n", "a.bed:2: ends at 5, before its start 9"),
    ("a.tsv", "seq\ty\nACGT\t1\nACGT\tx\n", "a.tsv:3: the label \"x\""),
    ("a.vcf", "##fileformat=VCFv4.2\n#CHROM\tPOS\n", "the #CHROM line has other columns"),
    ("a.meme", "MEME version 4\n", "holds no motif"),
    ("a.xml", "<?xml version=\"1.0\"?><a/>", "is XML; give plain text"),
    ("a.fq", "@a\nACGT\n+\nIIII\n", "is FASTQ, reads; convert it to FASTA"),
    ("a.bam", "BAM\u{1}", "is a BAM file"), ("a.2bit", "\u{1a}", "is of no kind that is known"),
    ("a.fa.fai", "a\t4\t3\t4\t5\n", "is an index of another file"), ("none", "", "is empty"),
    ("a.csv", "sequence,label\nACGT,1\n", "no column \"seq\" or \"sequence\""),
    ("a.tsv", "ACGTACGT\t0\t3\n", "no column \"seq\" or \"sequence\""),
  ])
  func faultsAreTold(name: String, text: String, words: String) throws {
    let run = try Program(["inspect", folder.write(text, to: name)])
    #expect(run.exitCode == 65 && run.output.isEmpty, "\(run.output)")
    #expect(
      run.words.contains(words) && run.words.split(separator: "\n").count == 1, "\(run.words)")
  }

  @Test(arguments: [
    ([], "no file to inspect"), (["-"], "give a file instead of -"),
    (["a", "--tasks", "0"], "--tasks is 0; take 1 to 65536"),
    (["a", "--examples", "x"], "--examples is x; take 1 to"),
  ])
  func optionsAreChecked(arguments: [String], words: String) throws {
    let run = try Program(["inspect"] + arguments)
    #expect(run.exitCode == 64 && run.words.contains(words), "\(run.words)")
  }

  /// By eye: 3 records, 11 bases, of the 8 known ones 3 are G or C.
  private static let fasta = ">a\nACGT\n>chr1:11-15\nAANNN\n>a\nGT\n"

  @Test func sequencesAreCounted() throws {
    for name in ["a.fa", "a.txt"] {
      let file = folder.write(Self.fasta, to: name)
      let report = try inspected(file, "sequences")
      #expect(
        values(report, "records", "bases", "shortest", "median", "longest") == [3, 11, 2, 4, 5])
      #expect(
        values(report, "unknown", "mostlyUnknown", "placed", "repeatedNames") == [3, 1, 1, 1])
      #expect(report["gc"] as? Double == 0.375)
    }
    let packed = folder.path + "/packed.fa.gz"
    _ = try Program.shell("gzip -c \(folder.path)/a.fa > \(packed)")
    let report = try inspected([packed])
    #expect(report["compression"] as? String == "gzip")
    #expect((report["sequences"] as? [String: Any])?["records"] as? Int == 3)
  }

  @Test func indexMustFit() throws {
    let genome = folder.write(">a\nACGT\n>b\nAC\n", to: "g.fa")
    folder.write("a\t4\t3\t4\t5\nb\t2\t11\t2\t3\n", to: "g.fa.fai")
    let report = try inspected(genome, "sequences")
    #expect(report["indices"] as? [String] == [".fai"])
    #expect(counts(report["sequences"]) == "a 4, b 2")
    folder.write("a\t4\t3\t4\t5\nb\t1\t11\t1\t2\n", to: "g.fa.fai")
    let run = try Program(["inspect", genome])
    #expect(run.exitCode == 65 && run.words.contains("it is the index of another file"))
  }

  /// By eye: the first two of chr1 overlap; the last stands out of order.
  @Test func regionsAreCounted() throws {
    let rest = "\t.\t0\t.\t7.5\t-1\t-1\t"
    let file = folder.write(
      "chr1\t0\t10\(rest)3\nchr1\t9\t29\(rest)-1\nchr2\t5\t10\(rest)2\nchr1\t40\t45\(rest)0\n",
      to: "p.narrowPeak")
    let report = try inspected(file, "regions")
    #expect(report["format"] as? String == "narrowPeak")
    #expect(
      values(report, "regions", "shortest", "median", "longest", "summits", "strengths")
        == [4, 5, 10, 20, 3, 4])
    #expect(report["overlapping"] as? Int == 2 && report["isSorted"] as? Bool == false)
    #expect(counts(report["sequences"]) == "chr1 3, chr2 1")
    // 3 of the 4 peaks, with 4 negatives each, in one batch: 1,000 epochs of 3 networks, twice. So few are held out in
    // turn too: four folds leave 2 of the 3.
    let training = try inspected(file, "training", ["--preset", "standard"])
    #expect(training["negativeSource"] as? String == "genomic")
    #expect(training["sequences"] as? Int == (15 + 4 * 10 + 15) * 1000 * 3)
    #expect(training["length"] as? Int == 101)
  }

  @Test func tablesAreCounted() throws {
    let file = folder.write(
      "id\tseq\tfold\ty\na\tACGT\t1\t1\nb\tAACC\t2\t0\nc\tGG\t3\t\n", to: "t.tsv")
    let report = try inspected(file, "table")
    #expect(values(report, "rows", "shortest", "longest") == [3, 4, 4])
    let tasks = try #require(report["tasks"] as? [[String: Any]])
    #expect(tasks.map { $0["task"] as? String } == ["y"])
    #expect(values(tasks[0], "positives", "negatives") == [1, 1])
    #expect((report["notes"] as? [String])?[0].contains("\"fold\" (describes the row)") == true)
  }

  /// By eye.
  @Test func variantsAreCounted() throws {
    let alleles = [
      ("1", "A", "C,AT"), ("5", "AC", "GT,A"), ("9", "A", "<DEL>,*,A[1:5["), ("3", "A", "."),
    ]
    let file = folder.write(
      "##fileformat=VCFv4.2\n##contig=<ID=1,length=50>\n"
        + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts\n"
        + alleles.map { "1\t\($0.0)\t.\t\($0.1)\t\($0.2)\t.\t.\t.\tGT\t0\n" }.joined(), to: "v.vcf")
    let report = try inspected(file, "variants")
    #expect(values(report, "records", "samples", "contigs", "withoutAlternate") == [4, 1, 1, 1])
    #expect(
      counts(report["alleles"])
        == "snv 1, substitution 1, insertion 1, deletion 1, symbolic 1, breakend 1, "
        + "overlappingDeletion 1")
    #expect(report["isSorted"] as? Bool == false)
  }

  @Test func motifsAreCounted() throws {
    let file = folder.write(
      """
      >M1 first
      A [ 9 9 9 ]
      C [ 0 0 0 ]
      G [ 0 0 0 ]
      T [ 0 0 0 ]
      >M2 bad
      A [ 1 ]
      """, to: "m.txt")
    let report = try inspected(file, "motifs")
    #expect(values(report, "motifs", "shortest", "longest", "withSites") == [1, 3, 3, 1])
    #expect((report["passedOver"] as? [[String: Any]])?.map { $0["name"] as? String } == ["M2"])
  }

  static let motifs = [
    "AC  M1\nP0 A C G T\n01 1 2 3 4 N\n//\n",
    "<?xml version=\"1.0\"?>\n<motifset>\n <motif><name>M1</name><weightmatrix><column>"
      + "<weight symbol=\"adenine\">1</weight></column></weightmatrix></motif></motifset>",
    "AlignACE 4.0\n\nMotif 1\nA\t0\t1\t1\n*\nMAP Score: 1\n",
  ]

  /// The contents tell motifs in a file of any name.
  @Test(arguments: motifs) func motifsAreKnown(text: String) throws {
    let report = try inspected(folder.write(text, to: "m.txt"), "motifs")
    #expect(values(report, "motifs", "shortest", "longest") == [1, 1, 1])
  }

  @Test func pipesAreReadToo() throws {
    let (file, pipe) = (folder.write(Self.fasta, to: "a.fa"), folder.path + "/pipe")
    let run = try Program.shell("mkfifo \(pipe); cat \(file) > \(pipe) & seqcnn inspect \(pipe)")
    #expect(run.exitCode == 0, "\(run.words)")
  }
}
