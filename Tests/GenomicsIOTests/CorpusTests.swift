import Genomics
import GenomicsIO
import TestSupport
import Testing

/// Real and hard files of other projects; each suite is skipped where the shared folder is absent.
@Suite(.enabled(if: SharedData.isPresent)) struct FASTACorpusTests {
  /// What is refused, and a phrase of the reason; every other file is accepted.
  static let refusals = [
    "bad_crc.fa.gz": "corrupt", "bad_isize.fa.gz": "corrupt", "bgzf_bad_crc.fa.gz": "corrupt",
    "bgzf_bitflip.fa.gz": "corrupt", "bgzf_bsize_too_small.fa.gz": "corrupt",
    "bgzf_cut_at_block.fa.gz": "stop early", "bgzf_cut_mid_block.fa.gz": "stop early",
    "bgzf_no_eof.fa.gz": "stop early", "empty.fa": "no sequence", "empty_name.fa": "without a name",
    "fastq.fa": "FASTQ", "gt_in_seq.fa": "\">\" is no nucleotide", "header_only.fa": "no bases",
    "header_only_then_seq.fa": "no bases", "high_byte.fa": "not UTF-8", "html_page.fa": "web page",
    "iupac.fa": "a gap", "no_header.fa": "where a header is due", "nul_byte.fa": "\\u{0}",
    "only_newline.fa": "no sequence", "protein.fa": "\"L\" is no nucleotide",
    "semicolon_comment.fa": "\";\" stands where", "trailing_garbage.fa.gz": "other bytes follow",
    "trunc_trailer.fa.gz": "stop early", "truncated.fa.gz": "stop early", "utf16.fa": "UTF-16",
    "zstd_magic.fa.gz": "zstd-compressed",
  ]

  /// The numbers of records are those of seqkit 2.3.0, which `EXPECTED.txt` gives; 1 for a gzip
  /// file padded with zeros, which seqkit refuses and gzip accepts.
  @Test func acceptsOrRefusesEachFile() throws {
    var counts = ["trailing_zeros.fa.gz": 1]
    for line in try lines(of: SharedData.path("corpora/fasta-edge/EXPECTED.txt")) {
      let words = line.split(separator: " ")
      if words.last == "rc0" { counts[String(words[0])] = Int(words[words.count - 2]) }
    }
    for path in SharedData.files(below: "corpora/fasta-edge") where !path.hasSuffix(".txt") {
      let name = String(path.split(separator: "/").last!)
      do {
        let records = try readFASTA(path)
        #expect(Self.refusals[name] == nil, "\(name) was accepted")
        #expect(records.count == counts[name], "\(name)")
        if Set(records.map(\.name)).count == records.count {
          let genome = try Genome(path: path)
          let first = GenomicInterval(records[0].name, start: 0, end: records[0].length)
          #expect(try genome.bases(in: first) == records[0].bases, "\(name)")
        }
      } catch {
        let error = try #require(error as? any Failure)
        let phrase = try #require(Self.refusals[name], "\(error)")
        #expect(error.description.contains(phrase), "\(error)")
        #expect(error.kind == .badData)
        #expect(throws: (any Error).self, "\(name)") { try Genome(path: path) }
      }
    }
  }

  /// hg19's chromosome 20 has 59,505,520 known bases (UCSC's statistics of the assembly).
  @Test func readsAWholeChromosome() throws {
    let path = SharedData.path("data/genome/GRCh37.chr20.fa.gz")
    let genome = try Genome(path: path)
    #expect(genome.sequences == [GenomeSequence(name: "20", length: 63_025_520)])
    var stream = try GenomeStream(path: path, chunkLength: 10_000_019)
    var known = 0
    while let chunk = try stream.next() {
      known += chunk.codes.count { $0 != EncodedSequence.unknown }
      let end = chunk.start + chunk.codes.count
      let tail = GenomicInterval("20", start: end - 70_001, end: end)
      #expect(try genome.bases(in: tail).codes == chunk.codes.suffix(70_001))
    }
    #expect(known == 59_505_520)
  }
}

@Suite(.enabled(if: SharedData.isPresent)) struct PeakCorpusTests {
  /// Refused by acidbio for names, scores and strands, which nothing here needs.
  static let accepted = [
    "04-name_with_spaces.bed", "04-no_name.bed", "05-float_score.bed", "05-no_score.bed",
    "05-score_gt_1000.bed", "05-score_lt_0.bed", "05-string_score.bed", "06-invalid_strand.bed",
    "06-no_strand.bed",
  ]

  @Test(
    arguments: SharedData.files(below: "corpora/acidbio-bed/bed").filter { $0.hasSuffix(".bed") })
  func agreesWithAcidbio(path: String) throws {
    if path.contains("/good/") || Self.accepted.contains(where: path.hasSuffix) {
      #expect(try !readPeaks(path).isEmpty)
    } else {
      let error = #expect(throws: BEDError.self) { try readPeaks(path) }
      #expect(error?.line != nil)
    }
  }

  /// Where MACS3 gives summits too, they are the centres of its peaks.
  @Test(
    arguments: SharedData.files(below: "corpora/macs3-peaks").filter {
      $0.hasSuffix("Peak") || $0.hasSuffix(".bed")
    })
  func readsMACS3(path: String) throws {
    let peaks = try readPeaks(path)
    let count = try lines(of: path).count { !$0.hasPrefix("track") }
    #expect(peaks.count == count)
    guard path.hasSuffix("_summits.bed") else { return }
    let narrow = try readPeaks(path.dropLast("summits.bed".count) + "peaks.narrowPeak")
    #expect(narrow.map(\.center) == peaks.map(\.interval.start))
  }

  @Test func readsENCODE() throws {
    let peaks = try readPeaks(SharedData.path("data/peaks/K562.CTCF.narrowPeak.gz"))
    #expect(peaks.count == 47_804)
    #expect(peaks.allSatisfy { $0.centerSource == .summit })
  }

  @Test func readsDeepBindTables() throws {
    let table = try readTable(SharedData.path("data/deepbind-encode/GABPA_B.seq.gz"))
    #expect(table.tasks == ["Bound"])
    #expect(table.rows.count == 1000)
    #expect(table.rows.count { $0.labels == [1] } == 500)
    #expect(table.rows.allSatisfy { $0.bases.count == 101 })
    #expect(table.rows[0].name == "seq_00002_peak")
  }
}
