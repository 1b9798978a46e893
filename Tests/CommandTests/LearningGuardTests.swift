import Foundation
import TestSupport
import Testing

/// Words that keep a user from believing a model or a figure that isn't worth it.
@Suite struct LearningGuardTests {
  /// A model whose labels have nothing to do with its sequences: example peaks on both sides.
  private static let chance: (folder: String, words: String) = {
    let folder = Toy.sharedFolder + "/chance"
    let lines = Toy.peakRecords.prefix(300).enumerated().map { index, record in
      "\(record.bases.prefix(60))\t\(index % 2)\n"
    }
    let table = Toy.sharedFolder + "/chance.tsv"
    try? ("seq\tA\n" + lines.joined()).write(toFile: table, atomically: true, encoding: .utf8)
    let run = try? Program([
      "train", "--no-motifs", "--table", table, "--preset", "deepbind", "--epochs", "1", "--output",
      folder,
    ])
    precondition(run?.exitCode == 0, "training failed: \(run?.words ?? "")")
    return (folder, run?.words ?? "")
  }()

  private static var warning: Regex<Substring> {
    #/warning: A: held-out AUROC 0\.\d{4} \(95% CI 0\.[0-4]\d*–0\.\d{4}\) can't be told/#
  }

  @Test func chanceIsSaid() throws {
    #expect(Self.chance.words.contains(Self.warning))
    #expect(Self.chance.words.contains("another build of the genome"))
    #expect(
      try contents(Self.chance.folder + "/report.html").contains("can&#39;t be told from chance"))
    #expect(
      try contents(Self.chance.folder + "/report.html").contains("can&#39;t be told from guessing"))
    #expect(try !contents(Toy.trained + "/report.html").contains("told from chance"))
  }

  /// Every command that uses the model repeats it.
  @Test func chanceIsRepeated() throws {
    let folder = TemporaryFolder()
    let model = Self.chance.folder + "/model.safetensors"
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    let fasta = folder.write(
      ">a\n\(Toy.peakRecords[0].bases.prefix(60))\n>b\n\(Toy.peakRecords[1].bases.prefix(60))\n",
      to: "f.fa")
    let reference = Toy.genome[0].bases.prefix(101).last!
    let vcf = folder.write(
      "##fileformat=VCFv4.2\n##contig=<ID=a>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + "a\t101\t.\t\(reference)\t\(reference == "A" ? "C" : "A")\t.\t.\t.\n", to: "v.vcf")
    let commands = [
      ["predict", "--fasta", fasta], ["mutate", "--fasta", fasta, "--output", folder.path + "/m"],
      ["scan", "--genome", genome, "--threshold", "0.9", "--output", folder.path + "/s.bed"],
      ["variants", "--vcf", vcf, "--genome", genome, "--output", folder.path + "/v.vcf.gz"],
      ["motifs", "export", "--positives", fasta, "--output", folder.path + "/m.meme"],
      ["evaluate", "--positives", fasta],
    ]
    for command in commands {
      let run = try Program(command + ["--model", model])
      #expect(run.exitCode == 0, "\(run.words)")
      #expect(run.words.contains(Self.warning), "\(command[0]): \(run.words)")
    }
    let sound = try Program(["predict", "--fasta", fasta, "--model", Toy.model])
    #expect(!sound.words.contains("told from chance"))
  }

  /// The file that the model was trained on, not one that only measured it.
  @Test func evaluateKnowsTheTrainingFile() throws {
    let folder = TemporaryFolder()
    func fasta(_ range: Range<Int>, _ name: String) -> String {
      folder.write(
        range.map { ">e\($0)\n\(Toy.peakRecords[$0].bases.prefix(100))\n" }.joined(), to: name)
    }
    let (train, test, output) = (fasta(0..<80, "p.fa"), fasta(80..<120, "t.fa"), folder.path + "/o")
    let run = try Program([
      "train", "--no-motifs", "--positives", train, "--test", test, "--preset", "deepbind",
      "--epochs", "1",
      "--output",
      output, "--quiet",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    struct Figures: Decodable { let trainedOn: [String]? }
    for (path, known) in [(train, true), (test, false)] {
      let run = try Program([
        "evaluate", "--positives", path, "--model", output + "/model.safetensors", "--json",
      ])
      #expect(run.exitCode == 0)
      #expect(run.words.contains("warning: the model was trained on") == known)
      let figures = try JSONDecoder().decode(Figures.self, from: Data(run.output.utf8))
      #expect(figures.trainedOn == (known ? [path] : nil))
    }
  }

  /// Under another name too.
  @Test(arguments: ["--test", "--validation"]) func theTrainingFileIsNoTest(option: String) throws {
    let folder = TemporaryFolder()
    let copy = folder.write(try contents(Toy.peaks), to: "copy.fa")
    let run = try Program([
      "train", "--no-motifs", "--positives", Toy.peaks, option, copy, "--output",
      folder.path + "/o",
    ])
    #expect(run.exitCode == 65)
    #expect(run.words.contains("copy.fa, for \(option.dropFirst(2)), holds the same bytes as "))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/o"))
  }

  /// A genome of A and T but for its peaks: no negative matches them.
  @Test func hardlyAnyNegativeStopsTheRun() throws {
    let folder = TemporaryFolder()
    let poor = String(repeating: "ATTAATATTTAATAAATTAT", count: 40)
    let sequences = (0..<6).map { sequence in
      let peaks = (0..<10).map { index in
        poor
          + Toy.peakRecords[10 * sequence + index].bases.prefix(101).uppercased()
          .map { $0 == "A" || $0 == "T" ? "G" : $0 }
      }
      return ">chr\(sequence)\n\(peaks.joined())\n"
    }
    let peaks = (0..<60).map { index in
      let start = 901 * (index % 10) + 800
      return "chr\(index / 10)\t\(start)\t\(start + 101)\n"
    }
    let arguments = [
      "train", "--no-motifs", "--peaks", folder.write(peaks.joined(), to: "p.bed"), "--genome",
      folder.write(sequences.joined(), to: "g.fa"), "--preset", "deepbind", "--epochs", "1",
      "--output", folder.path + "/o",
    ]
    let run = try Program(arguments)
    #expect(run.exitCode == 65, "\(run.words)")
    #expect(run.words.contains("take shuffles: --make-negatives dinucleotide"))
    let shuffled = try Program(arguments + ["--make-negatives", "dinucleotide"])
    #expect(shuffled.exitCode == 0, "\(shuffled.words)")
    let measured = try Program([
      "evaluate", "--peaks", folder.path + "/p.bed", "--genome", folder.path + "/g.fa", "--model",
      folder.path + "/o/model.safetensors",
    ])
    #expect(measured.exitCode == 65)
    #expect(measured.words.contains("take shuffles: --make-negatives dinucleotide"))
  }

  /// Each task's negatives are the other's positives, of another composition: no word of GC-matched ones.
  @Test func adviceFitsWhatWasDone() throws {
    let folder = TemporaryFolder()
    let lines = Toy.peakRecords.prefix(120).enumerated().map { index, record in
      let bases = String(
        record.bases.prefix(80).uppercased().map { letter in
          index % 2 == 0 ? (letter == "G" ? "A" : letter) : (letter == "A" ? "G" : letter)
        })
      return "\(bases)\t\(1 - index % 2)\t\(index % 2)\n"
    }
    let run = try Program([
      "train", "--no-motifs", "--table", folder.write("seq\tA\tB\n" + lines.joined(), to: "t.tsv"),
      "--preset",
      "deepbind", "--epochs", "1", "--output", folder.path + "/o",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(run.words.contains(/warning: A: GC content .*negatives are positives of other tasks;/))
    #expect(!run.words.contains("take GC-matched negatives"))
  }

  @Test func fewExamplesAreSaid() throws {
    let folder = TemporaryFolder()
    let fasta = Toy.peakRecords.prefix(60).map { ">\($0.name)\n\($0.bases.prefix(100))\n" }.joined()
    let run = try Program([
      "train", "--no-motifs", "--positives", folder.write(fasta, to: "p.fa"), "--preset",
      "deepbind", "--output",
      folder.path + "/o",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(run.words.contains("warning: p: only 42 positives to train on;"))
    #expect(try contents(folder.path + "/o/report.html").contains("only 42 positives to train on"))
    #expect(try !contents(Toy.trained + "/report.html").contains("positives to train on"))
    // 84 sequences an epoch make two steps of 64: 500 epochs until there are 1,000.
    #expect(rows(try contents(folder.path + "/o/history.tsv")).count == 1 + 500)
  }
}
