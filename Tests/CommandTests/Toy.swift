import Foundation
import TestSupport

/// Small inputs: the repository's example data, and a model that was trained on them.
enum Toy {
  static let peaks = packageRoot + "/data/Gm12878.CTCF.top500.w200.fa"
  static let slice = packageRoot + "/data/GRCh37.chr20.slice.fa.gz"
  /// The bases of the slice, capital letters.
  static let sliceBases: [Character] = {
    let path = Toy.sharedFolder + "/slice.txt"
    _ = try? Program.shell("gzip -cd '\(slice)' | grep -v '>' | tr -d '\\n' > '\(path)'")
    return Array(((try? contents(path)) ?? "").uppercased())
  }()
  static let variants = packageRoot + "/data/variants.vcf"
  static let windowLength = 101

  /// What trains a useful model in half a second.
  static let training = [
    "train", "--positives", peaks, "--length", "101", "--epochs", "25", "--quiet",
  ]

  /// A folder of results, trained once for all tests.
  static let trained: String = {
    let folder = sharedFolder + "/trained"
    let run = try? Program(training + ["--output", folder])
    precondition(run?.exitCode == 0, "training failed: \(run?.words ?? "")")
    return folder
  }()

  static let model = trained + "/model.safetensors"

  /// DeepBind's network, trained for a few epochs, once for all tests: quick to scan with.
  static let deepBind: String = {
    let output = sharedFolder + "/deepbind"
    let run = try? Program([
      "train", "--no-motifs", "--positives", peaks, "--preset", "deepbind", "--length", "101",
      "--epochs", "5", "--output", output, "--quiet",
    ])
    precondition(run?.exitCode == 0, "training failed: \(run?.words ?? "")")
    return output + "/model.safetensors"
  }()

  /// A model of two tasks, `a` and `b`, on windows of 60 bases, trained once for all tests.
  static let twoTasks: String = {
    let lines = peakRecords.prefix(80).enumerated().map { index, record in
      "\(record.bases.prefix(60))\t\(index % 2)\t\(index / 2 % 2)\n"
    }
    let (table, output) = (sharedFolder + "/two.tsv", sharedFolder + "/two")
    try? ("seq\ta\tb\n" + lines.joined()).write(
      toFile: table, atomically: true, encoding: .utf8)
    let run = try? Program([
      "train", "--no-motifs", "--table", table, "--preset", "deepbind", "--epochs", "1", "--output",
      output,
      "--quiet",
    ])
    precondition(run?.exitCode == 0, "training failed: \(run?.words ?? "")")
    return output + "/model.safetensors"
  }()

  /// The sequences of the example peaks.
  static let peakRecords: [(name: String, bases: String)] = fasta(
    (try? String(contentsOfFile: peaks, encoding: .utf8)) ?? "")

  /// A genome of two sequences, `a` and `b`, made of example peaks with unknown bases between.
  static let genome: [(name: String, bases: String)] = {
    let bases = peakRecords.prefix(12).map { $0.bases.uppercased() }
    let gap = String(repeating: "N", count: 150)
    return [("a", bases[..<7].joined()), ("b", bases[7...].joined(separator: gap))]
  }()

  static let genomeText = genome.map { ">\($0.name)\n\($0.bases)\n" }.joined()

  /// The genome as a file, for scans that need not be long.
  static let smallGenome: String = {
    let path = sharedFolder + "/small.fa"
    try? genomeText.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }()

  private static func fasta(_ text: String) -> [(name: String, bases: String)] {
    text.split(separator: ">").map { record in
      let lines = record.split(separator: "\n")
      return (String(lines[0]), lines.dropFirst().joined())
    }
  }

  /// The folder that tests share; it goes when they end.
  static let sharedFolder: String = {
    let path = NSTemporaryDirectory() + "/seqcnn-commands-\(getpid())"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: Toy.sharedFolder) }
    return path
  }()
}

/// The lines of a tab-separated text, split into fields.
func rows(_ text: String) -> [[String]] {
  text.split(separator: "\n").map {
    $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The contents of a file.
func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// The bytes of the files in a folder, by name.
func files(in folder: String) throws -> [String: Data] {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder)
  return try Dictionary(
    uniqueKeysWithValues: names.map {
      ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))
    })
}

/// The share of pairs of a positive and a negative in which the positive scores higher, ties half:
/// the definition of AUROC.
func pairwiseAUROC(_ scored: [(score: Double, isPositive: Bool)]) -> Double {
  let positives = scored.filter(\.isPositive).map(\.score)
  let negatives = scored.filter { !$0.isPositive }.map(\.score)
  let wins = positives.flatMap { positive in
    negatives.map { positive > $0 ? 1 : positive == $0 ? 0.5 : 0.0 }
  }
  return wins.reduce(0, +) / Double(wins.count)
}
