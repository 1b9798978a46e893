import TestSupport
import Testing

/// Variants that were called on another genome than the one given.
@Suite struct OtherBuildTests {
  /// A sequence of 2,000 bases, A C G T again and again.
  private static let genome =
    ">chr1\n" + String(repeating: "ACGT", count: 500) + "\n>chr2\nACGTACGT\n"

  /// - Parameter references: The REF alleles of records at 401, 405, …, where the genome has A.
  private func run(_ contigs: String, references: [String], _ options: [String] = []) throws
    -> Program
  {
    let folder = TemporaryFolder()
    let records = references.enumerated().map { index, reference in
      "1\t\(401 + 4 * index)\t.\t\(reference)\tC\t.\t.\t.\n"
    }
    return try Program(
      [
        "variants", "--model", Toy.model, "--vcf", "-", "--genome",
        folder.write(Self.genome, to: "g.fa"), "--output", "-", "--on-ref-mismatch", "skip",
      ] + options,
      input: "##fileformat=VCFv4.2\n\(contigs)#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + records.joined())
  }

  @Test(
    arguments: [
      (["A", "A"], nil), (["T", "T", "G"], "3 of 3"), (["A", "T", "T"], "2 of 3"),
      (["T"] + [String](repeating: "A", count: 19), nil), ([], nil),
    ] as [([String], String?)])
  func wrongReferenceAllelesAreSaid(references: [String], share: String?) throws {
    let run = try run("", references: references)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(run.words.contains("warning:") == (share != nil), "\(run.words)")
    if let share {
      #expect(
        run.words.contains(
          "warning: standard input: \(share) REF alleles aren't the genome's: is it another build"),
        "\(run.words)")
    }
  }

  /// `chr1` of the genome is `1` of the file; lengths that aren't stated contradict nothing.
  @Test func lengthsAreCompared() throws {
    let right = "##contig=<ID=1,length=2000>\n##contig=<ID=2,length=8>\n##contig=<ID=3,length=9>\n"
    #expect(try !run(right, references: ["A"]).words.contains("warning"))
    #expect(try !run("##contig=<ID=1>\n", references: ["A"]).words.contains("warning"))
    let other = try run(
      "##contig=<ID=1,length=\"1999\">\n##contig=<ID=2,length=9>\n", references: ["A"])
    #expect(other.exitCode == 0)
    #expect(
      other.words.hasPrefix(
        "warning: standard input: ##contig says that \"1\" has 1,999 bases, the genome has 2,000; the "
          + "lengths of all 2 sequences differ: the variants were called on another build; give the genome "
          + "of that one\n"), "\(other.words)")
    let part = try run("##contig=<ID=1,length=249250621>\n", references: ["A"])
    #expect(
      part.words.hasPrefix(
        "standard input: ##contig says that \"1\" has 249,250,621 bases, the genome has 2,000: the genome is "
          + "a part of that one, or another build\n"), "\(part.words)")
    let one = try run(
      "##contig=<ID=1,length=2000>\n##contig=<ID=2,length=9>\n", references: ["A"])
    #expect(
      one.words.contains("the lengths of 1 of 2 sequences differ; check that"), "\(one.words)")
    #expect(
      try run("##contig=<ID=1,length=7>\n", references: ["A"], ["--quiet"]).words.isEmpty)
  }
}
