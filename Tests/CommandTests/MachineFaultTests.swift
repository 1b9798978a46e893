import Foundation
import TestSupport
import Testing

/// What becomes of a run when the machine, or who started it, doesn't play along.
@Suite final class MachineFaultTests {
  private let folder = TemporaryFolder()
  private let predict = "seqcnn predict --model \(Toy.model) --fasta \(Toy.peaks)"

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  /// Words never land in a file, whichever descriptors are closed; data does as usual.
  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func closedDescriptors(redirections: String) throws {
    let out = folder.path + "/out.tsv"
    #expect(try Program.shell("\(predict) --output \(out).expected").exitCode == 0)
    let run = try Program.shell("\(predict) --output \(out) \(redirections)")
    #expect(run.exitCode == 0)
    #expect(try text("out.tsv") == text("out.tsv.expected"))
    let failing = try Program.shell(
      "seqcnn scan --model none --genome none --output \(out) \(redirections)")
    #expect(failing.exitCode == 66)
  }

  @Test func dataForAClosedOutputIsAnError() throws {
    for line in ["\(predict) >&-", "seqcnn --version >&-", "seqcnn --help >&- <&-"] {
      let run = try Program.shell(line)
      #expect(run.exitCode == 74)
      #expect(
        run.words.hasSuffix("seqcnn: standard output: is closed; leave it open, or name a file\n"))
    }
    let input = try Program.shell("seqcnn predict --model \(Toy.model) --fasta - <&-")
    #expect(input.exitCode == 74)
    #expect(input.words == "seqcnn: standard input: is closed; leave it open, or give a file\n")
  }

  /// Names that htslib takes for addresses are those of files here.
  @Test(arguments: ["s3:", "http:", "gs:", "ftp:", "data:,", "s3+https:"])
  func addressesAreNames(scheme: String) throws {
    let line = """
      cd \(folder.path) && mkdir \(scheme) && cp \(Toy.variants) \(scheme)/in.vcf
      variants="seqcnn variants --model \(Toy.model) --genome \(Toy.slice) --quiet --vcf"
      $variants \(scheme)/in.vcf --output \(scheme)/out.vcf.gz && \
      $variants \(scheme)/out.vcf.gz --prefix B --output \(scheme)/out.bcf && \
      $variants \(scheme)/out.bcf --prefix C --output \(scheme)/again.bcf && \
      $variants \(scheme)/in.vcf --output \(scheme)//double.vcf.gz && \
      seqcnn scan --model \(Toy.model) --genome \(Toy.smallGenome) --threshold 0.5 --quiet \
        --output \(scheme)/out.bed.gz --bigwig \(scheme)/out.bw
      """
    let run = try Program.shell(line)
    #expect(run.exitCode == 0, "\(run.words)")
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + scheme)
    #expect(
      Set(made) == [
        "in.vcf", "out.vcf.gz", "out.vcf.gz.tbi", "out.bcf", "out.bcf.csi", "again.bcf",
        "again.bcf.csi", "double.vcf.gz", "double.vcf.gz.tbi", "out.bed.gz", "out.bed.gz.tbi",
        "out.bw",
      ])
  }

  @Test(arguments: ["s3://bucket/x.vcf.gz", "http://127.0.0.1:9/x.bcf", "ftp://h/x.vcf"])
  func addressesAreNoOutputs(address: String) throws {
    let run = try Program.shell(
      """
      seqcnn variants --model \(Toy.model) --vcf \(Toy.variants) --genome \(Toy.slice) --quiet \
        --output \(address)
      """)
    #expect(run.exitCode == 73)
    #expect(run.words.contains("\(address): is an address, and outputs are files;"), "\(run.words)")
  }

  /// The limit lets the first output be whole and stops the second one, or stops the only one.
  @Test func aFailedRunLeavesTheOldFiles() throws {
    let (sites, track) = (folder.path + "/sites.bed.gz", folder.path + "/track.bw")
    let scan = """
      seqcnn scan --model \(Toy.model) --genome \(Toy.slice) --threshold 0.9 --quiet \
        --output \(sites) --bigwig \(track)
      """
    #expect(try Program.shell("ulimit -f 20; " + scan).exitCode == 74)
    #expect(try names == [])
    #expect(try Program.shell(scan).exitCode == 0)
    let expected = try files(in: folder.path)
    #expect(expected.count == 3)
    let failed = try Program.shell("ulimit -f 20; \(scan) --threshold 0.5 --force")
    #expect(failed.exitCode == 74, "\(failed.words)")
    #expect(try files(in: folder.path) == expected)
    #expect(try Program.shell(scan + " --force").exitCode == 0)
    #expect(try files(in: folder.path) == expected)
  }

  /// An old model stays until the new one is whole.
  @Test func aFailedTrainingLeavesTheOldModel() throws {
    let model = folder.path + "/model"
    try FileManager.default.copyItem(atPath: Toy.trained, toPath: model)
    let expected = try files(in: model)
    let training = Toy.training.joined(separator: " ")
    let run = try Program.shell(
      "ulimit -f 100; seqcnn \(training) --seed 2 --force --output \(model)")
    #expect(run.exitCode == 74, "\(run.words)")
    let left = try files(in: model)
    #expect(expected.allSatisfy { left[$0.key] == $0.value })
    #expect(left.keys.allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func aReaderWhoHasSeenEnoughIsNoFault() throws {
    for line in [
      "seqcnn scan --model \(Toy.model) --genome \(Toy.slice) --threshold 0 --quiet --output -",
      "seqcnn variants --model \(Toy.model) --vcf \(manyVariants) --genome \(Toy.slice) --quiet --output -",
    ] {
      let run = try Program.shell("{ \(line); echo code $? >&2; } | head -1")
      #expect(run.words == "code 141\n")
    }
  }

  private var manyVariants: String {
    folder.write(
      "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + (0..<20_000).map { "20\t\(421_900 + $0 % 900)\t.\tN\tC\t.\t.\t.\n" }.joined(),
      to: "many.vcf")
  }

  /// OpenBLAS, when it is loaded, asks for ever for memory that it may not have.
  @Test(.timeLimit(.minutes(2))) func littleMemoryIsTold() throws {
    for line in ["seqcnn --version", "seqcnn --help", "seqcnn train --help", "seqcnn help scan"] {
      let run = try Program.shell("ulimit -v 200000; \(line)")
      #expect(run.exitCode == 0 && run.words.isEmpty, "\(run.words)")
    }
    for limit in [200_000, 300_000] {
      let run = try Program.shell("ulimit -v \(limit); \(predict)")
      #expect(run.exitCode == 74)
      #expect(run.words.hasPrefix("seqcnn: not enough memory: OpenBLAS"), "\(run.words)")
    }
  }

  /// Threads for which there is no memory take turns, and the scores are the same.
  @Test(.timeLimit(.minutes(2))) func productsTakeTurns() throws {
    let line = "\(predict) --threads 16 --quiet --output \(folder.path)"
    #expect(try Program.shell("\(line)/plain.tsv").exitCode == 0)
    let limited = try Program.shell("ulimit -v 1500000; \(line)/limited.tsv")
    #expect(limited.exitCode == 0, "\(limited.words)")
    #expect(try text("limited.tsv") == text("plain.tsv"))
  }

  @Test func anOldModeStays() throws {
    let path = folder.write("old", to: "out.tsv")
    #expect(chmod(path, 0o640) == 0)
    #expect(try Program.shell("\(predict) --quiet --force --output \(path)").exitCode == 0)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o640)
  }

  @Test func aDanglingLinkIsRefused() throws {
    let path = folder.path + "/link.tsv"
    #expect(symlink("nowhere", path) == 0)
    let run = try Program.shell("\(predict) --quiet --force --output \(path)")
    #expect(run.exitCode == 73)
    #expect(run.words.contains("is a link to a file that doesn't exist;"))
    #expect(try names == ["link.tsv"])
  }
}
