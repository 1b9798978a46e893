import Genomics
import GenomicsIO
import TestSupport
import Testing

/// The VCF and BCF files of a corpus, where it is present.
private func files(in corpus: String) -> [String] {
  SharedData.files(below: "corpora/" + corpus).filter { path in
    [".vcf", ".vcf.gz", ".bcf"].contains { path.hasSuffix($0) }
  }
}

/// Files that the VCF specification's authors made to be accepted or refused by a validator.
@Suite struct VCFCorpusTests {
  /// The files that break a rule that nothing here depends on: their lines pass through unchanged.
  private static let accepted: [(group: String, numbers: [Int], reason: String)] = [
    ("body_alt", [0], "IUPAC letters stand in real genomes, so they stand in alleles"),
    ("body_ref", [1], "the same"),
    ("body_chrom", [1], "names of HLA contigs hold colons (VCF 4.3 allows them)"),
    ("body_contiguous", [0, 1], "the order of records doesn't matter"),
    ("body_unsorted", [0], "the same"),
    ("body_duplicated", [0, 1, 2, 3], "a repeated record is one more record"),
    ("body_qual", [0, 1], "QUAL isn't read"),
    ("body_filter", [0, 1, 2, 3, 4], "FILTER isn't read"),
    ("body_format", [2, 3, 4], "sample values aren't read; VCF 4.3 allows keys such as G_S"),
    ("body_sample", [0, 1, 2] + [4, 5, 6, 7, 8, 9, 10], "sample values aren't read"),
    ("body_samples_ploidy", [0, 1, 2, 3], "the same"),
    ("body_info", Array(0...27) + [29, 30, 31, 33, 36], "INFO values aren't read"),
    ("meta_info", Array(3...36), "many programs declare reserved keys otherwise"),
    ("meta_format", Array(3...29), "the same"),
    ("meta_alt", [0, 4, 5], "ALT names besides the reserved ones are in use"),
    ("meta_assembly", [1], "URLs aren't opened"),
    ("meta_pedigreedb", [2], "the same"),
    ("meta_pedigree", [0, 1], "pedigrees aren't read"),
    ("meta_sample", [0, 1], "SAMPLE lines aren't read"),
  ]

  @Test(arguments: files(in: "hts-specs-vcf/4.2/passed"))
  func acceptsWhatIsValid(path: String) throws {
    _ = try vcfRecords(of: path)
  }

  @Test(arguments: files(in: "hts-specs-vcf/4.2/failed"))
  func refusesWhatIsNot(path: String) throws {
    let name = path.split(separator: "/").last ?? ""
    let isListed = Self.accepted.contains { group, numbers, _ in
      numbers.contains { name == "failed_\(group)_\(String(1000 + $0).dropFirst()).vcf" }
    }
    if isListed {
      _ = try vcfRecords(of: path)
    } else {
      #expect(throws: VCFError.self) { try vcfRecords(of: path) }
    }
  }

  @Test(arguments: files(in: "htslib-test") + files(in: "bcftools-test"))
  func neverCrashes(path: String) throws {
    do {
      _ = try vcfRecords(of: path)
    } catch {
      #expect(error is any Failure)
    }
  }
}
