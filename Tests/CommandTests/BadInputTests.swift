import Foundation
import TestSupport
import Testing

/// What each command says of input that it can't use, and the code that it exits with.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let exitCode: Int32
    let message: String

    init(_ arguments: String, _ exitCode: Int32, _ message: String) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.exitCode = exitCode
      self.message = message
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  /// Arguments, in which MODEL, PEAKS, SLICE and VARIANTS stand for the toy's and DIR for the folder.
  static let cases =
    wrongFiles + wrongModels + wrongRecords + wrongVariants + nothingToScore + wrongConfigurations
    + wrongOutputs

  static let wrongFiles = [
    Case(
      "predict --model MODEL --fasta DIR/missing.fa", 66,
      "DIR/missing.fa: no such file; check the path"),
    Case("predict --model MODEL --fasta DIR", 66, "DIR: is a directory; name a file in it"),
    Case(
      "predict --model MODEL --fasta DIR/empty", 65,
      "DIR/empty: holds no sequence; check that the file is complete"),
    Case(
      "predict --model MODEL --fasta DIR/cut.fa.gz", 65,
      "DIR/cut.fa.gz: the compressed data stop early; fetch or make the file again"),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome DIR/cut.fa.gz --output DIR/o.bed", 65,
      "DIR/cut.fa.gz: the compressed data stop early;"),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome DIR/block.fa.gz --output DIR/o.bed", 65,
      "DIR/block.fa.gz: the compressed data stop early;"),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome DIR/corrupt.fa.gz --output DIR/o.bed", 65,
      "DIR/corrupt.fa.gz: the compressed data are corrupt ("),
    Case(
      "variants --model MODEL --vcf VARIANTS --genome DIR/block.fa.gz --output -", 65,
      "DIR/block.fa.gz: the compressed data stop early;"),
    Case(
      "variants --model MODEL --vcf VARIANTS --genome DIR/stale.fa --output -", 65,
      "DIR/stale.fa.fai: puts sequence \"20\" where"),
    Case(
      "train --positives DIR/missing.fa --output DIR/o", 66,
      "DIR/missing.fa: no such file; check the path"),
    Case("train --table DIR --output DIR/o", 66, "DIR: is a directory;"),
    Case("evaluate --model MODEL --table DIR/empty", 65, "DIR/empty: holds no header line;"),
    Case(
      "motifs export --model MODEL --positives DIR/empty --output -", 65,
      "DIR/empty: holds no sequence;"),
  ]

  static let wrongModels = [
    Case(
      "predict --model DIR/missing --fasta PEAKS", 66, "DIR/missing: no such file; check the path"),
    Case(
      "predict --model PEAKS --fasta PEAKS", 65,
      "give a whole safetensors file, such as model.safetensors"),
    Case("predict --model DIR/short.model --fasta PEAKS", 65, "give a whole safetensors file"),
    Case(
      "predict --model DIR/damaged.model --fasta PEAKS", 65,
      "DIR/damaged.model: the weights don't match their digest; the file is damaged, copy it again"),
    Case(
      "predict --model DIR/newer.model --fasta PEAKS", 65,
      "DIR/newer.model: the format is \"seqcnn/9\" and this program reads up to \"seqcnn/3\"; use seqcnn 0.2.0 or later"
    ),
  ]

  static let wrongRecords = [
    Case(
      "train --positives DIR/protein.fa --output DIR/o", 65,
      "DIR/protein.fa:2: \"L\" is no nucleotide letter; give DNA or RNA"),
    Case(
      "train --table DIR/ragged.tsv --output DIR/o", 65,
      "DIR/ragged.tsv:3: has 1 column(s), the header 2; separate columns by tabs"),
    Case(
      "train --table DIR/unbound.tsv --output DIR/o", 65,
      "no example to train on is bound for \"Bound\"; give some that are"),
    Case(
      "train --table DIR/nan.tsv --output DIR/o", 65,
      "DIR/nan.tsv:2: the label \"nan\" of \"Bound\" is not a finite number;"),
    Case(
      "train --peaks DIR/wrong.bed --genome SLICE --output DIR/o", 65,
      "the input names sequences such as \"chrZ\", the genome has \"20\"; give the genome that the input is on"
    ),
    Case(
      "train --peaks DIR/unknown.bed --genome SLICE --output DIR/o", 65,
      "1 dropped: more than half of the bases unknown; give regions that lie on known bases"),
    Case(
      "train --peaks DIR/empty --genome SLICE --output DIR/o", 65,
      "DIR/empty: 0 of 0 used; give a file with regions"),
    Case(
      "predict --model MODEL --regions DIR/wrong.bed --genome SLICE", 65,
      "DIR/wrong.bed: 0 of 1 used; 1 dropped: no such sequence in the genome; the input names sequences such as \"chrZ\""
    ),
    Case(
      "predict --model MODEL --regions DIR/bad.bed --genome SLICE", 65,
      "DIR/bad.bed:1: the end \"x\" is not a position;"),
    Case(
      "train --positives PEAKS --test chrQ --output DIR/o", 65,
      "\"chrQ\" is no file, and no example is on a sequence of that name; there are examples on chr1,"
    ),
    Case(
      "train --positives PEAKS --length 5 --output DIR/o", 65,
      "sequences of 5 bases are too short for the network, which reads 16 at least;"),
  ]

  static let wrongVariants = [
    Case(
      "variants --model MODEL --vcf DIR/empty --genome SLICE --output -", 65,
      "DIR/empty: doesn't start with ##fileformat=VCFv4"),
    Case(
      "variants --model MODEL --vcf DIR/pos.vcf --genome SLICE --output -", 65,
      "DIR/pos.vcf:3: POS \"x\" is no position; write a whole number from 0 on"),
    Case(
      "variants --model MODEL --vcf DIR/ref.vcf --genome SLICE --output -", 65,
      "DIR/ref.vcf:3: REF \"1\" is no sequence of bases; write at least one"),
    Case(
      "variants --model MODEL --vcf DIR/mismatch.vcf --genome SLICE --output -", 65,
      "DIR/mismatch.vcf:3: REF is \"T\" at 20:421808, the genome has \"A\"; give the genome that the variants were called on, or --on-ref-mismatch skip"
    ),
    Case(
      "variants --model MODEL --vcf DIR/end.vcf --genome SLICE --output -", 65,
      "DIR/end.vcf:3: REF is \"A\" at 20:99000000, the genome has no base there;"),
  ]

  static let nothingToScore = [
    Case(
      "mutate --model MODEL --fasta DIR/unknown.fa --output DIR/o", 65,
      "DIR/unknown.fa: 0 of 1 used; 1 dropped: shorter than the model's filters (16 bases); give sequences"
    ),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome DIR/unknown.fa --output DIR/o.bed", 65,
      "DIR/unknown.fa: no window can be scored; 0 windows not scored: more than half of the bases "
        + "unknown; 1 sequences not scored: shorter than a window; give a genome"),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome DIR/twice.fa --output DIR/o.bed", 65,
      "DIR/twice.fa:3: a second sequence is named \"a\";"),
  ]

  static let wrongConfigurations = [
    Case(
      "train --positives PEAKS --config DIR/key.json --output DIR/o", 65,
      "DIR/key.json: \"training.learningrate\" is no key of a recipe; the keys are augmentation,"),
    Case(
      "train --positives PEAKS --config DIR/type.json --output DIR/o", 65,
      "DIR/type.json: not a recipe: \"training.learningRate\" is of the wrong type;"),
    Case(
      "train --positives PEAKS --config DIR/range.json --output DIR/o", 65,
      "DIR/range.json: training: batchSize is 0; take 1 to 1048576"),
    Case(
      "train --positives PEAKS --config DIR/missing.json --output DIR/o", 66,
      "DIR/missing.json: no such file; check the path"),
  ]

  static let wrongOutputs = [
    Case(
      "predict --model MODEL --fasta PEAKS --output DIR/none/o.tsv", 73,
      "DIR/none/o.tsv: can't be created: its folder doesn't exist; make the folder first"),
    Case("predict --model MODEL --fasta PEAKS --output DIR", 73, "DIR: is a folder; name a file"),
    Case(
      "train --positives PEAKS --output DIR/empty", 73,
      "DIR/empty: is no folder; name another, which is made if need be"),
    Case(
      "train --positives PEAKS --output DIR/none/o", 73,
      "DIR/none/o: can't be created: its folder doesn't exist;"),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome SLICE --output DIR/o.bed --bigwig DIR/empty", 73,
      "DIR/empty: exists; use --force to replace it"),
    Case(
      "scan --model MODEL --p-value 1e-4 --genome SLICE --output DIR/o.bed --bigwig -", 73,
      "standard output: is no regular file, which this format needs; name a file"),
    Case(
      "predict --model MODEL --fasta PEAKS --output /dev/full", 74,
      "/dev/full: can't be written: the disk is full; free some space"),
    Case(
      "scan --model MODEL --genome SLICE --threshold 0 --output /dev/full", 74,
      "/dev/full: can't be written: the disk is full;"),
    Case(
      "variants --model MODEL --vcf VARIANTS --genome SLICE --output /dev/full", 74,
      "/dev/full: can't be written: the disk is full;"),
    Case(
      "motifs export --model MODEL --positives PEAKS --output /dev/full", 74,
      "/dev/full: can't be written: the disk is full;"),
  ]

  /// One line says what and how to mend it, and nothing is left behind.
  @Test(arguments: cases) func isToldInOneLine(wrong: Case) throws {
    let folder = Self.folder()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let run = try Program(wrong.arguments.map { Self.filled($0, folder: folder.path) })
    #expect(run.exitCode == wrong.exitCode, "\(run.words)")
    let last = run.words.split(separator: "\n").last.map(String.init) ?? ""
    #expect(last.hasPrefix("seqcnn: "))
    #expect(last.contains(Self.filled(wrong.message, folder: folder.path)), "\(last)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names.sorted())
  }

  static let wrongUsage = [
    Case(
      "mutate --model m --fasta f --output -", 64,
      "--output is \"-\", but several files are made; name a folder for them"),
    Case("trian", 64, "Unexpected argument 'trian'; `seqcnn --help` lists the commands"),
    Case("train --output o", 64, "no input; give --positives, --peaks with --genome, or --table"),
    Case("train --positives a --table b --output o", 64, "several inputs;"),
    Case("train --peaks a --output o", 64, "--peaks needs --genome"),
    Case(
      "train --positives - --output o", 64, "the input is read twice; give a file instead of -"),
    Case(
      "train --positives a --preset none --output o", 64,
      "The value 'none' is invalid for '--preset <name>'"),
    Case("train --positives a --epochs 0 --output o", 64, "--epochs is 0; take 1 to 1000000"),
    Case(
      "train --positives a --test 1.5 --output o", 64, "--test is 1.5; a share is from 0 to below 1"
    ),
    Case("train --positives a --validation nan --output o", 64, "--validation is nan;"),
    Case(
      "train --positives a --make-negatives genomic --output o", 64,
      "negatives from a genome need one;"),
    Case(
      "train --peaks a --genome b --make-negatives given,random --output o", 64,
      "The value 'given,random' is invalid for '--make-negatives <kind>'"),
    Case(
      "train --positives a --exclude b --output o", 64,
      "--exclude and --negative-ratio go with genomic negatives"),
    Case(
      "train --positives a --resume --force --output o", 64,
      "--resume goes on and --force starts anew;"),
    Case("predict --model m --fasta a --threads 0", 64, "--threads is 0; take 1 to 4096"),
    Case(
      "predict --model m --fasta a --regions b --genome g", 64,
      "give either --fasta, or --regions with --genome"),
    Case(
      "scan --model m --genome g --output o --threshold nan", 64,
      "--threshold is nan; take a number"),
    Case(
      "scan --model MODEL --genome SLICE --output - --threshold 2", 64,
      "--threshold is 2.0; a probability is from 0 to 1"),
    Case(
      "scan --model MODEL --genome SLICE --output - --task none", 64,
      "the model has no task \"none\"; it has Gm12878.CTCF.top500.w200"),
    Case(
      "scan --model m --genome g --output o --bedgraph o", 64,
      "two outputs have the same name; give each its own"),
    Case(
      "scan --model m --genome - --output o --bigwig b", 64, "a track needs the genome in a file"),
    Case(
      "variants --model m --vcf v --genome g --output o --prefix 1a", 64,
      "--prefix is \"1a\"; take letters, digits, _ and ., the first no digit nor ."),
  ]

  @Test(arguments: wrongUsage) func wrongUsageIsTold(wrong: Case) throws {
    let run = try Program(wrong.arguments.map { Self.filled($0, folder: "") })
    #expect(run.exitCode == wrong.exitCode, "\(run.words)")
    #expect(run.words.hasPrefix("seqcnn: "))
    #expect(run.words.contains(wrong.message), "\(run.words)")
    #expect(run.words.split(separator: "\n").count == 1, "\(run.words)")
    #expect(run.output.isEmpty)
  }

  @Test func aLimitOnFileSizesLeavesNothingBehind() throws {
    let folder = TemporaryFolder()
    let run = try Program.shell(
      """
      ulimit -f 8
      seqcnn scan --model \(Toy.model) --genome \(Toy.slice) --threshold 0 \
        --output \(folder.path)/sites.bed --bigwig \(folder.path)/track.bw
      """)
    #expect(run.exitCode == 74)
    #expect(run.words.contains("can't be written: File too large;"))
    #expect(try files(in: folder.path).isEmpty)
  }

  private static func filled(_ text: String, folder: String) -> String {
    var text = text
    for (name, value) in [
      ("MODEL", Toy.model), ("PEAKS", Toy.peaks), ("SLICE", Toy.slice),
      ("VARIANTS", Toy.variants), ("DIR", folder),
    ] {
      text = text.replacingOccurrences(of: name, with: value)
    }
    return text
  }

  /// A folder of files with something wrong with each.
  private static func folder() -> TemporaryFolder {
    let folder = TemporaryFolder()
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    let texts = [
      "empty": "", "protein.fa": ">p\nMKVLEEQ\n", "ragged.tsv": "seq\tBound\nACGT\t1\nACG\n",
      "unbound.tsv": "seq\tBound\tsplit\nACGT\t0\ttrain\nCCGT\t0\tvalidation\nGGGT\t0\ttest\n",
      "nan.tsv": "seq\tBound\nACGT\tnan\n", "wrong.bed": "chrZ\t100\t300\n",
      "unknown.bed": "20\t100\t300\n", "unknown.fa": ">n\nNNNNNNA\n",
      "twice.fa": ">a\nACGT\n>a\nACGT\n", "bad.bed": "20\t100\tx\n",
      "stale.fa": ">21\nACGT\n>20\nACGT\n", "stale.fa.fai": "20\t4\t4\t4\t5\n",
      "pos.vcf": header + "20\tx\t.\tA\tC\t.\t.\t.\n",
      "ref.vcf": header + "20\t421808\t.\t1\tC\t.\t.\t.\n",
      "mismatch.vcf": header + "20\t421808\t.\tT\tC\t.\t.\t.\n",
      "end.vcf": header + "20\t99000000\t.\tA\tC\t.\t.\t.\n",
      "key.json": #"{"training": {"learningrate": 1}}"#,
      "type.json": #"{"training": {"learningRate": "x"}}"#,
      "range.json": #"{"training": {"batchSize": 0}}"#,
    ]
    for (name, text) in texts { folder.write(text, to: name) }
    let blocked = Gzip.blocked(Toy.genomeText.utf8, blockLength: 1000)
    folder.write(blocked.dropLast(400), to: "cut.fa.gz")
    folder.write(Gzip.block(Toy.genomeText.utf8), to: "block.fa.gz")
    folder.write(blocked[..<500] + [blocked[500] ^ 2] + blocked[501...], to: "corrupt.fa.gz")
    let model = [UInt8]((try? Data(contentsOf: URL(fileURLWithPath: Toy.model))) ?? Data())
    folder.write(model.prefix(500), to: "short.model")
    folder.write(model.dropLast() + [model[model.count - 1] ^ 1], to: "damaged.model")
    folder.write(replaced("seqcnn/2", by: "seqcnn/9", in: model), to: "newer.model")
    return folder
  }

  /// The bytes with the first occurrence of a text replaced by one of the same length.
  private static func replaced(_ text: String, by other: String, in bytes: [UInt8]) -> [UInt8] {
    guard let range = bytes.firstRange(of: Array(text.utf8)) else { return bytes }
    return bytes[..<range.lowerBound] + Array(other.utf8) + bytes[range.upperBound...]
  }
}
