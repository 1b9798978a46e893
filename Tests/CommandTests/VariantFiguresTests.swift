import Foundation
import TestSupport
import Testing

/// The parts of a difference, p-values, q-values and haplotypes, as `variants` writes them.
@Suite struct VariantFiguresTests {
  private let base = ["variants", "--model", Toy.model, "--genome", Toy.slice, "--quiet"]
  private static let header =
    "##fileformat=VCFv4.2\n##contig=<ID=20,length=2000000>\n"
    + "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n"

  /// Substitutions 40 bases apart, some with two alternate alleles, and deletions: by the slice's own bases.
  private static let records: [(position: Int, reference: String, alternates: String)] = {
    let bases = Toy.sliceBases
    return stride(from: 300_000, to: 420_000, by: 40).map { position in
      let reference = String(bases[position])
      let others = "ACGT".filter { String($0) != reference }
      return switch position / 40 % 7 {
      case 0: (position, reference, "\(others.first!),\(others.last!)")
      case 1: (position, String(bases[position...position + 3]), reference)
      case 2: (position, reference, reference + "GATTACA")
      default: (position, reference, String(others.first!))
      }
    }
  }()

  private static func vcf(_ genotype: (Int) -> String? = { _ in nil }, samples: String = "")
    -> String
  {
    let columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    return header + columns + samples + "\n"
      + records.enumerated().map { index, record in
        let end = genotype(index).map { "\tGT\t\($0)" } ?? ""
        return
          "20\t\(record.position + 1)\t.\t\(record.reference)\t\(record.alternates)\t.\t.\t.\(end)\n"
      }.joined()
  }

  private func table(_ arguments: [String], input: String) throws -> [[String: String]] {
    let folder = TemporaryFolder()
    let vcf = folder.write(input, to: "in.vcf")
    let run = try Program(
      base + ["--vcf", vcf, "--output", folder.path + "/out.tsv"] + arguments)
    #expect(run.exitCode == 0, "\(run.words)")
    let lines = rows(try contents(folder.path + "/out.tsv"))
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private func number(_ row: [String: String], _ key: String) -> Double {
    Double(row["SEQCNN_" + key] ?? "") ?? .nan
  }

  /// To 1e-4, of printed figures; the named part has the sign of the difference and is the first of its sign in the
  /// list, which is sorted by size.
  @Test func partsAddUp() throws {
    let table = try table(["--parts", "--background-variants", "0"], input: Self.vcf())
    #expect(table.count > 3000 && table.allSatisfy { $0["SEQCNN_PVALUE"] == nil })
    for row in table {
      let delta = number(row, "DELTA")
      #expect(
        abs(number(row, "GAINED") + number(row, "LOST") + number(row, "KMERS") - delta) < 1e-4)
      let parts = (row["SEQCNN_PARTS"] ?? "").split(separator: "|").map {
        let fields = $0.split(separator: ":")
        return (name: fields[0], effect: Double(fields[1]) ?? .nan)
      }
      #expect(abs(parts.reduce(0) { $0 + $1.effect } - delta) < 1e-4)
      #expect(zip(parts, parts.dropFirst()).allSatisfy { abs($0.effect) >= abs($1.effect) })
      guard delta != 0 else { continue }
      let leading = parts.first { $0.effect * delta > 0 }
      #expect(leading.map { String($0.name) } == row["SEQCNN_FILTER"])
      #expect(number(row, "FILTER_DELTA") == leading?.effect)
      let share = number(row, "FILTER_SHARE")
      #expect(share > 0 && abs(share - number(row, "FILTER_DELTA") / delta) < 1e-6 * share)
    }
    #expect(table.contains { $0["SEQCNN_FILTER"] == "kmers" })
  }

  /// What `variants` writes of sites: a match that changes, and a part with the sign of the difference. Of changes that
  /// background hardly has, most are named.
  @Test func sitesAreNamed() throws {
    let table = try table(["--background-variants", "1000"], input: Self.vcf())
    let named = table.filter { $0["SEQCNN_MOTIF"] != "" }
    #expect(named.count > 50 && named.count < table.count)
    for row in named {
      let name = row["SEQCNN_MOTIF"] ?? ""
      let isGained = number(row, "MOTIF_ALT") > number(row, "MOTIF_REF")
      #expect(name.hasPrefix(isGained ? "+motif" : "-motif") && name.contains("_"))
      let (part, delta) = (number(row, "MOTIF_DELTA"), number(row, "DELTA"))
      #expect(
        part * delta > 0 && abs(number(row, "MOTIF_SHARE") - part / delta) < 1e-5 * part / delta)
    }
    let strong = table.filter { number($0, "PVALUE") < 0.005 }
    #expect(
      2 * strong.count { $0["SEQCNN_MOTIF"] != "" } > strong.count && strong.count > 5,
      "\(strong.count)")
  }

  /// By the definition of Benjamini and Hochberg, of the p-values that the table has itself; everything else as without
  /// q-values, and lines in the input's order.
  @Test func qValuesAreThoseOfTheFile() throws {
    let options = ["--background-variants", "500", "--seed", "7"]
    let table = try table(options + ["--q-values"], input: Self.vcf())
    let sorted = table.map { number($0, "PVALUE") }.sorted()
    #expect(sorted[0] >= 1.0 / 501 - 1e-9 && sorted[sorted.count - 1] <= 1)
    var (least, expected) = (1.0, [Double: Double]())
    for (rank, value) in sorted.enumerated().reversed() {
      least = min(least, value * Double(sorted.count) / Double(rank + 1))
      expected[value] = least
    }
    for row in table {
      #expect(abs(number(row, "QVALUE") - (expected[number(row, "PVALUE")] ?? .nan)) < 1e-6)
      #expect((0...1).contains(number(row, "ACTIVE_QUANTILE")))
    }
    let without = try self.table(options, input: Self.vcf())
    let stripped = table.map { row in row.filter { $0.key != "SEQCNN_QVALUE" } }
    #expect(stripped == without)
  }

  /// Of ten records, 40 bases apart, the second haplotype has the first two and the first haplotype the second one. So
  /// in the windows of both, of 101 bases, they have two and one, and at the second record the first haplotype has the
  /// figure of the allele. What is in the windows is compared with bcftools in `HaplotypeTests`.
  @Test func haplotypesStandBesideTheAlleles() throws {
    let genotypes = ["0|1", "1|1", "0/1", ".|."]
    let input = Self.vcf(
      { "1|1\t" + ($0 % 10 < 4 ? genotypes[$0 % 10] : "0|0") }, samples: "\tFORMAT\tA\tB")
    let table = try table(
      ["--haplotypes", "--sample", "B", "--background-variants", "0"], input: input)
    let reasons = ["", "", "unphased", "no_genotype"]
    for row in table {
      let index = ((Int(row["pos"] ?? "") ?? 0) - 300_001) / 40
      #expect(row["SEQCNN_HAP_SKIPPED"] == (index % 10 < 4 ? reasons[index % 10] : "not_carried"))
      guard index % 10 < 2 else {
        #expect(row["SEQCNN_HAP1_DELTA"] == "" && row["SEQCNN_HAP2_VARIANTS"] == "")
        continue
      }
      #expect(row["SEQCNN_HAP1_VARIANTS"] == "1" && row["SEQCNN_HAP2_VARIANTS"] == "2")
      let isOwn = Self.records[index].alternates.hasPrefix(row["alt"] ?? "?")
      if index % 10 == 1, isOwn { #expect(row["SEQCNN_HAP1_DELTA"] == row["SEQCNN_DELTA"]) }
      #expect(row["SEQCNN_HAP2_DELTA"] != row["SEQCNN_DELTA"])
    }
    let run = try Program(
      [
        "variants", "--model", Toy.model, "--genome", Toy.slice, "--vcf", "-", "--output", "-",
        "--haplotypes", "--sample", "B", "--background-variants", "0",
      ], input: input)
    #expect(run.words.contains("haplotypes of B scored at 600 of 3000 records; "), "\(run.words)")
    #expect(run.words.contains("; 300 not scored: unphased; 300 not scored: no_genotype; 1800 "))
  }

  @Test func refusesWhatItCannotDo() throws {
    let plain = Self.vcf()
    let one = Self.vcf({ _ in "0|1" }, samples: "\tFORMAT\tA")
    let two = Self.vcf({ _ in "0|1\t0|1" }, samples: "\tFORMAT\tA\tB")
    let cases: [(arguments: [String], input: String, code: Int32, words: String)] = [
      (["--haplotypes"], plain, 65, "standard input: has no samples"),
      (
        ["--haplotypes"], two, 65,
        "has 2 samples, and haplotypes are those of one; choose with --sample"
      ),
      (["--haplotypes", "--sample", "C"], one, 65, "has no sample \"C\"; it has \"A\""),
      (["--sample", "A"], one, 64, "--sample is for --haplotypes"),
      (["--q-values", "--background-variants", "0"], plain, 64, "--q-values needs p-values"),
      (
        ["--background-variants", "5"], plain, 64,
        "--background-variants is 5; take 0, or 100 to 1000000"
      ),
      (["--background-variants", "x"], plain, 64, "--background-variants is x; take 0, or 100"),
      (
        ["--haplotypes"], one.replacing("0|1", with: "0|3", maxReplacements: 1), 65,
        "the genotype \"0|3\""
      ),
    ]
    for (arguments, input, code, words) in cases {
      let run = try Program(base + ["--vcf", "-", "--output", "-"] + arguments, input: input)
      #expect(run.exitCode == code && run.words.contains(words), "\(run.words)")
    }
  }
}
