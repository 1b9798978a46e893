import Foundation
import TestSupport
import Testing

@Suite final class OtherAlphabetCommandTests {
  private let folder = TemporaryFolder()

  private func metrics(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func simulated(_ arguments: [String]) throws -> String {
    let output = folder.path + "/simulated"
    let done = try Program(["simulate", "single", "--output", output] + arguments)
    #expect(done.exitCode == 0, "\(done.words)")
    return output + "/sequences.tsv"
  }

  /// A zinc finger among proteins: trained, measured and scored; commands that read genomes say why they don't.
  @Test func learnsProteins() throws {
    let table = try simulated([
      "--alphabet", "protein", "--pattern", "C-x(2,4)-C-x(3)-[LIVMFYWC]-x(8)-H-x(3,5)-H",
      "--sequences", "600", "--length", "60",
    ])
    let model = folder.path + "/model/model.safetensors"
    let trained = try Program([
      "train", "--no-motifs", "--alphabet", "protein", "--table", table, "--preset", "deepbind",
      "--epochs", "20",
      "--output", folder.path + "/model", "--quiet",
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
    let area = try #require(
      try metrics(folder.path + "/model/metrics.json")["auroc"] as? Double)
    #expect(area > 0.9)
    let fasta = folder.write(">a\nMKCAACKKKLRRRRRRRRHAAAHKK\n>b\nMKX\n", to: "p.fa")
    let scored = try Program(["predict", "--model", model, "--fasta", fasta])
    #expect(scored.exitCode == 0, "\(scored.words)")
    #expect(rows(scored.output).count == 3)
    let inspected = try Program(["inspect", model, "--json"])
    #expect(inspected.output.contains(#""alphabet" : "protein""#))
    let measured = try Program(["evaluate", "--model", model, "--table", table])
    #expect(measured.exitCode == 0 && measured.output.contains("AUROC"))
    for command in [
      ["scan", "--genome", Toy.slice, "--output", "-"],
      ["explain", "--fasta", fasta, "--output", folder.path + "/x"],
      ["mutate", "--fasta", fasta, "--output", folder.path + "/x"],
    ] {
      let refused = try Program(command + ["--model", model])
      #expect(refused.exitCode == 65)
      #expect(refused.words.contains("the model reads protein, this command only DNA"))
    }
    let other = try Program(["predict", "--model", Toy.model, "--fasta", fasta])
    #expect(other.exitCode == 65 && other.words.contains("is no nucleotide letter"))
  }

  @Test func refusesWhatProteinsLack() throws {
    let fasta = folder.write(">a\nMKCAAC\n>b\nMKXLLE\n", to: "p.fa")
    let stopped = folder.write(">a\nMKC*\n", to: "s.fa")
    func words(_ arguments: [String]) throws -> (Int32, String) {
      let run = try Program(
        ["train", "--no-motifs", "--alphabet", "protein", "--output", folder.path + "/refused"]
          + arguments)
      return (run.exitCode, run.words)
    }
    let shuffled = try words(["--positives", fasta])
    #expect(shuffled.0 == 65 && shuffled.1.contains("proteins have no dinucleotides to shuffle"))
    let stop = try words(["--positives", stopped, "--negatives", fasta])
    #expect(stop.0 == 65 && stop.1.contains("s.fa:2: \"*\" is a stop, not an amino acid"))
    let genome = try words(["--positives", fasta, "--genome", Toy.slice])
    #expect(genome.0 == 64 && genome.1.contains("--genome is of DNA"))
  }

  /// U and T are one letter, and the strand counts: what is planted on one is missing on the other.
  @Test func learnsRNAOnOneStrand() throws {
    let table = try simulated([
      "--alphabet", "rna", "--pattern", "UGUANAUA", "--sequences", "1000", "--length", "40",
    ])
    let output = folder.path + "/rna"
    let trained = try Program([
      "train", "--no-motifs", "--alphabet", "rna", "--table", table, "--preset", "deepbind",
      "--epochs", "30",
      "--output", output, "--quiet",
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
    let (before, behind) = ("GCACCGGCACGCCG", "AGCGACGGCCACGGCAAC")
    let fasta = folder.write(
      [("u", "UGUAGAUA"), ("t", "TGTAGATA"), ("reverse", "TATCTACA")].map {
        ">\($0)\n\(before)\($1)\(behind)\n"
      }.joined(), to: "r.fa")
    let scored = try Program([
      "predict", "--model", output + "/model.safetensors", "--fasta", fasta,
    ])
    let scores = try rows(scored.output).dropFirst().map { try #require(Double($0[1])) }
    #expect(scores.count == 3 && scores[0] == scores[1] && scores[0] > scores[2] + 0.3)
  }
}
