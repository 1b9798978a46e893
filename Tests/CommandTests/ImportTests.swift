import Foundation
import TestSupport
import Testing

@Suite final class ImportTests {
  /// One detector of length 2 that adds 1 for CG and nothing else, whose maximum is doubled less 0.5.
  static let parameters = """
    # deepbind 0.1
    reverse_complement = 0
    num_detectors = 1
    detector_len = 2
    has_avg_pooling = 0
    num_hidden = 0
    detectors = 0,1,0,0,0,0,1,0
    thresholds = -1
    weights1 = 2
    biases1 = -0.5
    weights2 = \("")
    biases2 = \("")

    """

  private let folder = TemporaryFolder()

  private func imported() throws -> String {
    let file = folder.write(Self.parameters, to: "D1.001.txt")
    let model = file + ".safetensors"
    #expect(try Program(["import", "deepbind", file, "--output", model]).exitCode == 0)
    return model
  }

  /// By hand: CG is 2 · (2 - 1) - 0.5; of AAAAACG four of the windows of three lack it whole.
  @Test func predictsScores() throws {
    let model = try imported()
    let fasta = folder.write(">x\nAAAAACG\n>y\nAAAA\n>z\nUUcg\n", to: "s.fa")
    func scores(_ options: [String]) throws -> [[String]] {
      rows(
        try Program(["predict", "--model", model, "--fasta", fasta, "--quiet"] + options).output)
    }
    #expect(
      try scores([]).map { Array($0.prefix(2)) }
        == [["name", "D1.001"], ["x", "1.5"], ["y", "-0.5"], ["z", "1.5"]])
    let average = try scores(["--average", "--window-size", "2"])
    // Six windows: AA four times, AC at 0.25 · 1 + 1 - 1, and CG.
    #expect(average[1][0] == "x")
    #expect(abs((Double(average[1][1]) ?? 0) - (4 * -0.5 + 0 + 1.5) / 7) < 1e-6)
  }

  /// P-values need the genome twice, which a pipe gives once.
  @Test func scansAPipe() throws {
    let (model, pipe) = (try imported(), folder.path + "/pipe")
    #expect(try Program.shell("mkfifo '\(pipe)'").exitCode == 0)
    for (arguments, exitCode, words) in [
      ("--p-value 0.05", 64, "knows no background scores"), ("--threshold 1", 0, "1 sites in"),
      ("--threshold 1 --bigwig t.bw", 64, "a track needs the genome in a file"),
    ] as [(String, Int32, String)] {
      let run = try Program.shell(
        """
        printf '>g\\nAAAACGAAAAA\\n' > '\(pipe)' &
        seqcnn scan --model '\(model)' --genome '\(pipe)' --output - \(arguments)
        code=$?; kill -9 $! 2>/dev/null; exit $code
        """)
      #expect(run.exitCode == exitCode && run.words.contains(words), "\(run.words)")
    }
  }

  @Test func serveOtherCommands() throws {
    let model = try imported()
    let evaluated = try Program([
      "evaluate", "--model", model, "--positives", folder.write(">a\nACGA\n>b\nCGTT\n", to: "p.fa"),
      "--negatives", folder.write(">c\nAAAA\n>d\nTTTT\n", to: "n.fa"), "--quiet",
    ])
    #expect(evaluated.output.contains("AUROC 1.0000"))
    let motifs = try Program([
      "motifs", "export", "--model", model, "--positives",
      folder.write(">a\nACGA\n>b\nCGTT\n", to: "q.fa"), "--output", "-", "--quiet",
    ])
    #expect(motifs.output.contains("MOTIF filter1 CG"))
    let genome = folder.write(">g\nAAAACGAAAAA\n", to: "g.fa")
    let scan = try Program([
      "scan", "--model", model, "--genome", genome, "--threshold", "1", "--output", "-", "--quiet",
    ])
    let sites = rows(scan.output).filter { $0.count == 11 }.dropFirst()
    #expect(sites.map { Array($0[..<3]) + $0[10...] } == [["g", "4", "6", "3"]])
    // Without a threshold p-values are needed, which come from shuffles of the genome.
    let best = try Program([
      "scan", "--model", model, "--genome", folder.write(Toy.genomeText, to: "t.fa"), "--top", "1",
      "--p-value", "1", "--output",
      "-", "--quiet",
    ])
    let site = try #require(rows(best.output).last)
    let pValue = try #require(Double(site[8]))
    #expect(site.count == 11 && site[4] == "\(Int((-10 * log10(pValue)).rounded()))")
    #expect(best.output.contains("# score: -10 log10 of the p-value, at most 1000; "))
    let vcf = folder.write(
      "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\ng\t5\t.\tC\tT\t.\t.\t.\n",
      to: "v.vcf")
    let variants = try Program([
      "variants", "--model", model, "--vcf", vcf, "--genome", genome, "--output", "-", "--quiet",
    ])
    #expect(variants.output.contains("DELTA=-2"))
  }

  @Test func saysWhatItMade() throws {
    let file = folder.write(Self.parameters, to: "D2.001.txt")
    func words(_ options: [String]) throws -> String {
      try Program(["import", "deepbind", file, "--output", file + ".model", "--force"] + options)
        .words
    }
    #expect(
      try words([]).hasPrefix(
        "\(file).model: the model of D2.001, for all commands that take a model"))
    #expect(try words(["--quiet"]).isEmpty)
  }

  @Test func refusesWhatIsDamaged() throws {
    let file = folder.write(
      Self.parameters.replacing("thresholds = -1", with: "thresholds = nan"), to: "bad.txt")
    let run = try Program(["import", "deepbind", file, "--output", folder.path + "/x"])
    #expect(run.exitCode == 65)
    #expect(
      run.words == "seqcnn: \(file):8: number 1 of thresholds is \"nan\", which isn't finite or no "
        + "number; the file is damaged, copy it again\n")
    let windows = try Program([
      "predict", "--model", Toy.model, "--fasta", Toy.peaks, "--average", "--quiet",
    ])
    #expect(windows.exitCode == 64)
  }
}
