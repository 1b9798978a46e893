import Datasets
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct DatasetInputTests {
  /// The positives of a FASTA file.
  private func loaded(_ text: String, length: Int? = nil) throws -> LoadedDataset {
    let folder = TemporaryFolder()
    let path = folder.write(text, to: "K562.CTCF.fa")
    return try DatasetInput.sequences(positives: path, negatives: nil).load(length: length)
  }

  /// 1-based regions are as long as their sequence, 0-based ones seem one base longer.
  @Test(arguments: [
    ("chr1:11-14", "chr1", 10), ("chr1:20-24", "chr1", 20), ("chr2:0-4", "chr2", 0),
    ("HLA-A*01:01:3-6", "HLA-A*01:01", 2), ("peak_1::chr1:20-24", "chr1", 20),
  ])
  func readsPlacesOutOfNames(name: String, sequence: String, start: Int) throws {
    let example = try loaded(">\(name) more words\nACGT\n").dataset.examples[0]
    #expect(example.name == name && example.labels == [1])
    #expect(example.interval == GenomicInterval(sequence, start: start, end: start + 4))
  }

  @Test(arguments: ["chr1", "chr1:5-7", "chr1:5-10", "chr1:8-5", ":1-4", "chr1:1-4x", "a:0-3"])
  func otherNamesAreNoPlaces(name: String) throws {
    #expect(try loaded(">\(name)\nACGT\n").dataset.examples[0].interval == nil)
  }

  @Test func readsSequencesOfBothClasses() throws {
    let folder = TemporaryFolder()
    let positives = folder.write(">a\nACGT\n>b\nACNNN\n>c\nNNGG\n", to: "p.fa.gz")
    let negatives = folder.write(">d\nTTTT\n", to: "n.fa")
    let input = DatasetInput.sequences(positives: positives, negatives: negatives)
    let loaded = try input.load(length: nil)
    #expect(input.paths == [positives, negatives])
    #expect(loaded.dataset.tasks == ["p"])
    #expect(loaded.dataset.examples.map(\.name) == ["a", "c", "d"])
    #expect(loaded.dataset.examples.map(\.labels) == [[1], [1], [0]])
    #expect(
      loaded.ledgers.map(\.description) == [
        "\(positives): 2 of 3 used; 1 dropped: more than half of the bases unknown",
        "\(negatives): 1 of 1 used",
      ])
    #expect(loaded.hasNegatives && loaded.isClassification && loaded.medianLength == 4)
    #expect(loaded.statedSides.isEmpty && loaded.genome == nil)
  }

  @Test func cutsAndFillsAroundTheMiddle() throws {
    let text = ">s:11-15\nACGTA\n"
    let cut = try loaded(text, length: 2).dataset.examples[0]
    #expect(cut.bases.text == "CG" && cut.interval == GenomicInterval("s", start: 11, end: 13))
    #expect(try loaded(text, length: 8).dataset.examples[0].bases.text == "NACGTANN")
    #expect(try loaded(text, length: 5).dataset.examples[0].bases.text == "ACGTA")
  }

  @Test func saysThatNothingIsLeft() throws {
    let error = #expect(throws: EmptyInputError.self) { try loaded(">a\nNNNNN\n") }
    let text = try #require(error?.description)
    #expect(
      text.hasSuffix(
        "K562.CTCF.fa: 0 of 1 used; 1 dropped: more than half of the bases unknown; "
          + "no record is left to use"))
  }

  @Test func namesTasksAfterFiles() {
    let names = [
      "x/K562.CTCF.narrowPeak.gz": "K562.CTCF", "CTCF.bed": "CTCF", "a.b.txt": "a.b", "gz": "gz",
      "/data/TF_AC.seq.gz": "TF_AC",
    ]
    for (path, name) in names { #expect(DatasetInput.taskName(of: path) == name) }
  }

  @Test func readsTables() throws {
    let folder = TemporaryFolder()
    let path = folder.write(
      """
      id\tseq\tA\tB\tsplit\tchrom\tstart\tend
      r1\tACGT\t1\t\ttrain\t1\t5\t9
      r2\tGGGG\t\t\ttest\t1\t5\t9
      r3\tACGA\tNA\t0.5\tTest\t\t\t
      r4\tNNNA\t1\t1\tval\t\t\t
      r5\tTTTT\t0\t1\t\t\t\t
      r6\tCCCC\t0\t0\tvalidation\t2\t0\t4

      """, to: "t.tsv")
    let loaded = try DatasetInput.table(path).load(
      length: nil, labels: LabelRequest(kind: .numbers))
    let examples = loaded.dataset.examples
    #expect(loaded.dataset.tasks == ["A", "B"])
    #expect(examples.map(\.name) == ["r1", "r3", "r5", "r6"])
    #expect(
      examples.map { $0.labels.map { $0.isNaN ? "-" : "\($0)" } } == [
        ["1.0", "-"], ["-", "0.5"], ["0.0", "1.0"], ["0.0", "0.0"],
      ])
    #expect(loaded.statedSides == [.train, .test, nil, .validation])
    #expect(examples[0].interval == GenomicInterval("1", start: 5, end: 9))
    #expect(examples[1].interval == nil)
    #expect(!loaded.isClassification)
    #expect(
      loaded.ledgers[0].description == "\(path): 4 of 6 used; 1 dropped: no task measured; "
        + "1 dropped: more than half of the bases unknown")
  }

  @Test func refusesSidesThatAreNone() throws {
    let folder = TemporaryFolder()
    let path = folder.write("seq\tA\tsplit\nACGT\t1\teval\n", to: "t.tsv")
    let error = #expect(throws: InputError<UnknownSide>.self) {
      try DatasetInput.table(path).load(length: nil)
    }
    #expect(
      error.map { "\($0)" }
        == "\(path): the split of \"row 1\" is \"eval\"; write train, validation or test")
  }

  /// `chr20` of the peaks is `20` of the genome; windows around summit and midpoint.
  @Test func readsPeaks() throws {
    let folder = TemporaryFolder()
    let bases = ToyGenome.random(lengths: [("20", 2000)], seed: 1).sequences["20"]!
    let genome = folder.write(">20\n\(bases.text)\n", to: "g.fa")
    let peaks = folder.write(
      """
      chr20\t900\t1000\ta\t1\t.\t1\t1\t1\t20
      chr20\t1500\t1600\tb\t1\t.\t1\t1\t1\t-1
      chr9\t1500\t1600\tc\t1\t.\t1\t1\t1\t-1
      chr20\t0\t4\td\t1\t.\t1\t1\t1\t-1

      """, to: "CTCF.narrowPeak")
    let loaded = try DatasetInput.peaks([PeakFile(task: "CTCF", path: peaks)], genome: genome)
      .load(length: 11)
    let examples = loaded.dataset.examples
    #expect(examples.map(\.name) == ["20:916-926", "20:1546-1556"])
    #expect(examples.map(\.bases) == [bases[915..<926], bases[1545..<1556]])
    #expect(
      loaded.notes == [
        "names mapped: chr20 → 20", "windows of 11 bases centred on 1 summits and 3 midpoints",
      ])
    #expect(
      loaded.ledgers[0].description == "\(peaks): 2 of 4 used; "
        + "1 dropped: no such sequence in the genome; 1 dropped: window off the end of the sequence"
    )
    #expect(loaded.occupied.map(\.start) == [900, 1500, 0])
    #expect(loaded.genome != nil && !loaded.hasNegatives)
  }

  @Test func namesTheLikelyCauseOfNoPeaks() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(">20\nACGT\n>21\nACGT\n", to: "g.fa")
    let peaks = folder.write("chr9\t1\t2\n", to: "p.bed")
    let error = #expect(throws: EmptyInputError.self) {
      try DatasetInput.peaks([PeakFile(task: "t", path: peaks)], genome: genome).load(length: 3)
    }
    #expect(
      error?.description == "\(peaks): 0 of 1 used; 1 dropped: no such sequence in the genome; "
        + "the input names sequences such as \"chr9\", the genome has \"20\", \"21\"; "
        + "give the genome that the input is on")
  }
}
