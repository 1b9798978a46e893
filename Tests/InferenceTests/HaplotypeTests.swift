import Genomics
import GenomicsIO
import Inference
import Models
import Tensors
import TestSupport
import Testing

@Suite struct HaplotypeTests {
  private static let folder = packageRoot + "/Tests/InferenceTests/Goldens/Haplotypes/"
  private static let windowLength = 60

  private func sequence(_ name: String) throws -> [UInt8] {
    let genome = try Genome(path: Self.folder + name)
    return try genome.bases(in: GenomicInterval("s", start: 0, end: genome.sequences[0].length))
      .codes
  }

  private func block(_ path: String, sample: String?, windowLength: Int = windowLength) throws
    -> PhasedBlock
  {
    let reader = try VCFReader(path: path)
    let sample = try reader.header.sample(named: sample)
    var phased = PhasedReader(reader, sample: sample, windowLength: windowLength)
    return try #require(try phased.next())
  }

  private func haplotypes(_ vcf: String, on bases: String, windowLength: Int = 8) throws
    -> [ReadHaplotypes]
  {
    let folder = TemporaryFolder()
    let path = folder.write(
      "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tme\n"
        + vcf.split(separator: "\n").map { line in
          let fields = line.split(separator: " ")
          return
            "s\t\(fields[0])\t.\t\(fields[1])\t\(fields[2])\t.\t.\t.\t\(fields[3])\t\(fields[4])\n"
        }.joined(), to: "in.vcf")
    let block = try block(path, sample: nil, windowLength: windowLength)
    let genome = try Genome(path: folder.write(">s\n\(bases)\n", to: "g.fa"))
    var reader = HaplotypeReader(
      genome: genome, naming: SequenceNaming(known: ["s"]), windowLength: windowLength)
    return try block.lines.records().map { try reader.read(line: $0.line, of: block) }
  }

  private func texts(_ read: ReadHaplotypes) -> [String] {
    read.windows.map { EncodedSequence(codes: $0.haplotype).text }
  }

  /// Every window of every haplotype, cut from the sequences that bcftools consensus makes. A record's place on a
  /// haplotype is its place on the reference, moved by what the applied records before it insert and delete.
  @Test func windowsAreThoseOfBcftools() throws {
    let block = try block(Self.folder + "phased.vcf", sample: "sample")
    var reader = HaplotypeReader(
      genome: try Genome(path: Self.folder + "reference.fa"), naming: SequenceNaming(known: ["s"]),
      windowLength: Self.windowLength)
    var consensus = Consensus(
      reference: try sequence("reference.fa"),
      haplotypes: try ["haplotype1.fa", "haplotype2.fa"].map(sequence))
    var counts: [String: Int] = [:]
    for vcf in try block.lines.records() {
      let record = GenotypedRecord(vcf)
      let isApplied = consensus.applies(record)
      switch try reader.read(line: record.line, of: block) {
      case .unscored(let reason):
        counts[reason.rawValue, default: 0] += 1
        check(reason, of: record, isApplied: isApplied)
      case .windows(let windows):
        #expect(zip(record.alleles, isApplied).allSatisfy { $0 == 0 || $1 })
        for (haplotype, found) in windows.enumerated() {
          counts["windows", default: 0] += 1
          let isCompared = check(found, of: haplotype, at: record, with: consensus)
          if isCompared { counts["compared", default: 0] += 1 }
        }
      }
      consensus.apply(record)
    }
    #expect(counts["overlapping"]! >= 10 && counts["unphased"]! >= 10)
    #expect(counts["compared"]! > 150 && counts["compared"]! > counts["windows"]! * 8 / 10)
  }

  /// Checks that a record is unscored for the reason that is told.
  private func check(_ reason: UnscoredHaplotypes, of record: GenotypedRecord, isApplied: [Bool]) {
    switch reason {
    case .unphased: #expect(record.genotype == "0/1")
    case .noGenotype: #expect(record.genotype == ".|.")
    case .notCarried: #expect(record.genotype == "0|0")
    case .overlapping: #expect(zip(record.alleles, isApplied).contains { $0 > 0 && !$1 })
    default: Issue.record("\(reason)")
    }
  }

  /// Checks the windows of a haplotype.
  ///
  /// - Returns: Whether that of the haplotype could be compared.
  private func check(
    _ found: HaplotypeWindows, of haplotype: Int, at record: GenotypedRecord,
    with consensus: Consensus
  ) -> Bool {
    let own = record.alleles[haplotype]
    let change = PlacedChange(
      of: record.variant, allele: own > 0 ? own : record.alleles.max()!, on: consensus.reference)
    let length = Self.windowLength
    #expect(found.reference == change.window(of: consensus.reference, length: length, around: 0))
    // Of a place in a deletion of the other haplotype nothing is left.
    guard change.start >= consensus.ends[haplotype] else { return false }
    let expected = change.window(
      of: consensus.haplotypes[haplotype], length: length, around: own > 0 ? 1 : 0,
      moved: consensus.moved[haplotype])
    #expect(found.haplotype == expected, "line \(record.line), haplotype \(haplotype)")
    return true
  }

  /// By hand, windows of 8 of `ACGTACGTTTGACCAGT` around the T at 9 (0-based 8).
  @Test func putsInWhatIsInTheWindow() throws {
    let bases = "ACGTACGTTTGACCAGT"
    let read = try haplotypes(
      """
      7 G C GT 0|1
      9 T A GT 1|0
      11 GA G GT 1|1
      """, on: bases)
    // Of the SNV at 9: [4, 12) is ACGTTTGA; the deletion takes A, so that C follows.
    #expect(texts(read[1]) == ["ACGTATGC", "ACCTTTGC"])
    #expect(read[1].windows.map(\.changeCount) == [2, 2])
    #expect(
      read[1].windows.map { EncodedSequence(codes: $0.reference).text } == ["ACGTTTGA", "ACGTTTGA"])
    // Of the deletion of the A at 11: the C behind it is in the middle.
    #expect(texts(read[2]) == ["TATGCCAG", "TTTGCCAG"])
    #expect(read[2].windows.map(\.changeCount) == [2, 1])
  }

  /// Bases that are put in right before a record's base lie before its allele, which stays in the middle.
  @Test func insertionsInFrontMoveTheAllele() throws {
    let read = try haplotypes(
      """
      8 T TGG GT 1|1
      9 T A GT 0|1
      """, on: "ACGTACGTTTGACCAGT")
    #expect(texts(read[1]) == ["GTGGTTGA", "GTGGATGA"])
    #expect(read[1].windows.map(\.changeCount) == [1, 2])
    // The insertion itself is in the middle.
    #expect(texts(read[0]) == ["CGTGGTTG", "CGTGGATG"])
  }

  /// The record says that the genome's R is an A: the haplotype without a variant is the reference.
  @Test func referenceAllelesSayMoreThanTheGenome() throws {
    let read = try haplotypes("9 A C GT 0|1", on: "ACGTACGTRTGACCAGT")
    #expect(texts(read[0]) == ["ACGTATGA", "ACGTCTGA"])
    #expect(read[0].windows.map { EncodedSequence(codes: $0.reference).text }[0] == "ACGTATGA")
    #expect(read[0].windows.map(\.changeCount) == [0, 1])
    // A deletion moves left: of its allele no more is read there than the reference window has.
    let moved = try haplotypes("9 AA A GT 0|1", on: "ACGTACGTARTGACCAGT")
    #expect(moved[0].windows[0].haplotype == moved[0].windows[0].reference)
  }

  @Test func tellsWhyThereAreNone() throws {
    let bases = "ACGTACGTTTGACCAGTACGTACGTACGTT"
    let reasons: [(String, UnscoredHaplotypes)] = [
      ("5 A C GT 0/1", .unphased), ("5 A C GT .|1", .noGenotype), ("5 A C DP 7", .noGenotype),
      ("5 A C GT .", .noGenotype), ("5 A C GT 0/0", .notCarried), ("5 A C GT 0|1|1", .polyploid),
      ("5 A <DEL> GT 0|1", .unscoredAllele), ("5 C A GT 0|1", .unscoredAllele),
      ("29 TTACG T GT 0|1", .unscoredAllele), ("9223372036854775807 AC A GT 0|1", .unscoredAllele),
      ("0 A C GT 0|1", .unscoredAllele),
    ]
    for (line, reason) in reasons {
      #expect(try haplotypes(line, on: bases) == [.unscored(reason)], "\(line)")
    }
    let edge = try haplotypes("1 A C GT 0|1", on: "ACGNNNN")
    #expect(edge == [.unscored(.mostlyUnknown)])
  }

  /// The SNV within the deletion isn't on the second haplotype, and has no scores; on the first it has.
  @Test func ofOverlappingAllelesTheFirstCounts() throws {
    let bases = "ACGTACGTTTGACCAGTACGTACGTACGTT"
    let read = try haplotypes("8 TTTG T GT 0|1\n10 T C GT 0|1\n14 C A GT 1|1", on: bases)
    #expect(read[1] == .unscored(.overlapping))
    // Around the C at 14 (0-based 13), with the deletion of TTG at 9 to 11 and without.
    #expect(texts(read[2]) == ["TGACAAGT", "GTACAAGT"])
    let other = try haplotypes("8 TTTG T GT 1|0\n10 T C GT 0|1", on: bases)
    #expect(other[1].windows.count == 2)
  }

  /// Haplotypes of another phase set aren't told apart; what both haplotypes have is on either.
  @Test func phaseSetsStayApart() throws {
    let bases = "ACGTACGTTTGACCAGTACGTACGTACGTT"
    let read = try haplotypes(
      "8 T A GT:PS 1|0:1\n9 T C GT:PS 1|0:2\n10 T G GT:PS 1|0:1\n11 G C GT:PS 1/1:.", on: bases)
    #expect(read[0].windows.map(\.changeCount) == [3, 1])
    #expect(read[1].windows.map(\.changeCount) == [2, 1])
    #expect(read[2].windows.map(\.changeCount) == [3, 1])
    #expect(read[3].windows.map(\.changeCount) == [1, 1])
  }

  /// One haplotype, as on a man's X.
  @Test func haploidGenotypesHaveOneHaplotype() throws {
    let read = try haplotypes("5 A C GT 1\n6 C T GT 1", on: "ACGTACGTTTGACCAGT")
    #expect(read.map { $0.windows.map(\.changeCount) } == [[2], [2]])
    #expect(texts(read[0]) == ["ACGTCTGT"])
  }

  @Test func refusesWhatItCannotUse() throws {
    let bases = "ACGTACGTTTGACCAGT"
    for genotype in ["0|2", "a|1", "-1|0"] {
      let error = #expect(throws: VCFError.self) {
        try haplotypes("5 A C GT \(genotype)", on: bases)
      }
      #expect(error?.line == 3 && error?.problem == .genotype(genotype))
    }
    let error = #expect(throws: VCFError.self) {
      try haplotypes("5 A C GT 0|1\n4 T C GT 0|1", on: bases)
    }
    #expect(error?.line == 4 && error?.problem == .unsorted("s:4"))
  }

  /// Where nothing else is in the window, a haplotype has the scores of its allele, to the last bit; together with
  /// others those of its window.
  @Test func scoresAreThoseOfTheWindows() throws {
    let model = try toyModel(windowLength: Self.windowLength)
    let genome = try Genome(path: Self.folder + "reference.fa")
    let block = try block(Self.folder + "phased.vcf", sample: "sample")
    let records = try block.lines.records()
    let alleles = try VariantScorer(model: model, genome: genome).score(records.map(\.variant))
    let scored = try HaplotypeScorer(model: model, genome: genome).score(
      records.map(\.line), of: block)
    var reader = HaplotypeReader(
      genome: genome, naming: SequenceNaming(known: ["s"]), windowLength: Self.windowLength)
    var alone = 0
    for (index, record) in records.enumerated() {
      guard case .scored(let scores) = scored[index] else { continue }
      let windows = try reader.read(line: record.line, of: block).windows
      for (score, window) in zip(scores, windows) {
        let outputs = model.ensemble.outputs(
          [window.reference, window.haplotype].map(EncodedSequence.init(codes:)), threads: 1
        ).scalars
        #expect(score.outputs.reference == Array(outputs[..<2]))
        #expect(score.outputs.alternate == Array(outputs[2...]))
        #expect(score.changeCount == window.changeCount)
        guard case .scored(let allele) = alleles[index].outcomes[0], window.changeCount == 1,
          alleles[index].outcomes.count == 1, score.outputs.difference(task: 0) != 0
        else { continue }
        if score.outputs == allele.centred { alone += 1 }
      }
    }
    #expect(alone > 5)
  }

  /// The neighbours of each record, however a file is cut into blocks.
  @Test func neighboursComeFromOtherBlocks() throws {
    let folder = TemporaryFolder()
    let lines = (0..<9000).map { index in
      "\(index < 8990 ? "a" : "b")\t\(1 + 30 * index)\t.\tA\tC\t.\t.\t.\tGT\t\(index % 3 == 0 ? "0|0" : "0|1")\n"
    }
    let path = folder.write(
      "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tme\n"
        + lines.joined(), to: "in.vcf")
    var reader = PhasedReader(try VCFReader(path: path), sample: 0, windowLength: 100)
    var seen = 0
    while let block = try reader.next() {
      for record in try block.lines.records() {
        let index = record.line - 3
        seen += 1
        guard seen % 97 == 0 || [0, 4095, 4096, 8191, 8192, 8989, 8990].contains(index) else {
          continue
        }
        let near = (0..<9000).filter {
          $0 % 3 != 0 && ($0 < 8990) == (index < 8990) && 30 * abs($0 - index) < 10_100
        }
        #expect(block.neighbourLines(ofLine: record.line) == near.map { $0 + 3 })
      }
    }
    #expect(seen == 9000)
  }
}

/// A record of the golden file, and what it says of the sample.
private struct GenotypedRecord {
  let line: Int
  let variant: Variant
  let genotype: String
  /// One per haplotype; none if the haplotypes aren't told apart, or alleles are missing.
  let alleles: [Int]

  init(_ record: VCFRecord) {
    let columns = String(decoding: record.text, as: UTF8.self).split(separator: "\t")
    let genotype = String(columns[10])
    alleles = genotype == "1/1" ? [1, 1] : genotype.split(separator: "|").compactMap { Int($0) }
    (line, variant, self.genotype) = (record.line, record.variant, genotype)
  }
}

/// The haplotypes that bcftools consensus makes of a reference, followed record by record.
private struct Consensus {
  let reference: [UInt8]
  let haplotypes: [[UInt8]]
  /// By how much the applied records move what stands behind them, per haplotype.
  private(set) var moved = [0, 0]
  /// Where the last applied record ends on the reference, per haplotype.
  private(set) var ends = [0, 0]

  init(reference: [UInt8], haplotypes: [[UInt8]]) {
    (self.reference, self.haplotypes) = (reference, haplotypes)
  }

  /// Whether a record is applied to each haplotype: of overlapping ones only the first is.
  func applies(_ record: GenotypedRecord) -> [Bool] {
    record.alleles.enumerated().map { $1 > 0 && record.variant.position >= ends[$0] }
  }

  mutating func apply(_ record: GenotypedRecord) {
    let variant = record.variant
    for (haplotype, isApplied) in applies(record).enumerated() where isApplied {
      let alternate = variant.alternates[record.alleles[haplotype] - 1]
      moved[haplotype] += alternate.count - variant.reference.count
      ends[haplotype] = variant.position + variant.reference.count
    }
  }
}

/// A change as it is placed: shared bases go from the left, then an indel as far left as it can.
private struct PlacedChange {
  /// Where it starts before it goes to the left.
  private(set) var start: Int
  /// How far it goes to the left.
  private(set) var shift = 0
  /// The reference allele and the alternate one.
  private(set) var alleles: [[UInt8]]

  /// - Parameter allele: The number of the alternate allele, from 1.
  init(of variant: Variant, allele: Int, on reference: [UInt8]) {
    start = variant.position
    alleles = [variant.reference, variant.alternates[allele - 1]].map { Array($0.utf8) }
    if alleles[0].first == alleles[1].first {
      start += 1
      alleles = alleles.map { Array($0.dropFirst()) }
    }
    while alleles[0].isEmpty != alleles[1].isEmpty, start > shift {
      let changed = EncodedSequence(letters: alleles[0] + alleles[1])!.codes
      guard changed[changed.count - 1 - shift % changed.count] == reference[start - shift - 1]
      else { break }
      shift += 1
    }
  }

  /// The window of some bases that has one of the two alleles in its middle.
  ///
  /// - Parameter moved: How far the change stands from its place on the reference.
  func window(of bases: [UInt8], length: Int, around allele: Int, moved: Int = 0) -> [UInt8] {
    let first = start + moved - shift + alleles[allele].count / 2 - length / 2
    return (first..<first + length).map { bases.indices.contains($0) ? bases[$0] : 4 }
  }
}
