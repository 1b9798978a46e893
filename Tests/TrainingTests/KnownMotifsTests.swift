import Datasets
import Genomics
import Layers
import Motifs
import Networks
import TestSupport
import Testing
import Training

/// The motifs that filters start from.
@Suite struct KnownMotifsTests {
  /// A motif whose sites are nine times in ten like the word, at each position.
  private func motif(_ word: String, name: String, share: Double = 0.9) -> Motif {
    let columns = EncodedSequence(word)!.codes.map { code in
      var column = SIMD4(repeating: (1 - share) / 3)
      column[Int(code)] = share
      return column
    }
    return Motif(name: name, probabilities: ProbabilityMatrix(columns: columns)!)
  }

  private func bases(_ seed: UInt64, with word: String?) -> EncodedSequence {
    var random = RandomStream(seed: seed, .simulation)
    var codes = (0..<60).map { _ in UInt8(random.next(below: 4)) }
    if let word { codes.replaceSubrange(20..<20 + word.count, with: EncodedSequence(word)!.codes) }
    return EncodedSequence(codes: codes)
  }

  /// Of each task that many positives with its word; as many negatives.
  private func examples(_ words: [[String]], count: Int = 60) -> [Example] {
    let positives = words.indices.flatMap { task in
      (0..<count).map { index in
        Example(
          name: "",
          bases: bases(UInt64(1000 * task + index), with: words[task][index % words[task].count]),
          labels: words.indices.map { $0 == task ? 1 : 0 })
      }
    }
    let negatives = (0..<count).map { index in
      Example(name: "", bases: bases(UInt64(9000 + index), with: nil), labels: words.map { _ in 0 })
    }
    return positives + negatives
  }

  private var motifs: [Motif] {
    [
      motif("CATGCAT", name: "elsewhere"), motif("GATTACAG", name: "like", share: 0.7),
      motif("GATTACAG", name: "first"), motif("CCGGTTCC", name: "second"),
    ]
  }

  private func names(_ examples: [Example], most count: Int, tasks: Int = 1) -> [String] {
    KnownMotifs(motifs, in: examples, taskCount: tasks, seed: 1, threads: 2).telling(most: count)
      .map(\.name)
  }

  /// The word of three in four positives comes before that of the others; one that is like a chosen one is left out, though it
  /// tells more.
  @Test func whatTellsMostComesFirst() {
    let own = examples([["GATTACAG", "GATTACAG", "GATTACAG", "CCGGTTCC"]], count: 200)
    let found = names(own, most: 2)
    #expect(["first", "like"].contains(found[0]) && found[1] == "second")
    #expect(names(own, most: 1) == [found[0]])
    let strands = own.map { example in
      var turned = example
      turned.bases = example.bases.reverseComplement
      return turned
    }
    #expect(names(strands, most: 2) == found)
  }

  @Test func tasksChooseInTurn() {
    let own = examples([["CCGGTTCC"], ["GATTACAG"]])
    let found = names(own, most: 2, tasks: 2)
    #expect(found[0] == "second" && ["first", "like"].contains(found[1]))
    var unmeasured = own
    for index in unmeasured.indices { unmeasured[index].labels[0] = .nan }
    #expect(["first", "like"].contains(names(unmeasured, most: 1, tasks: 2)[0]))
  }

  /// Shuffles stand in for negatives.
  @Test func negativesAreNotNeeded() {
    let positives = examples([["CCGGTTCC"]]).filter(\.isPositive)
    #expect(names(positives, most: 1) == ["second"])
  }

  @Test func onlyClassesOfDNAChoose() throws {
    #expect(Recipe(.sites).ensemble.knownMotifs == 24)
    #expect(Recipe(.sites).reading(.rna).ensemble.knownMotifs == 0)
    #expect(Recipe(.sites).forObjective(.binary).ensemble.knownMotifs == 24)
    for objective in [Objective.number, .categorical, .ordinal, .count] {
      #expect(Recipe(.sites).forObjective(objective).ensemble.knownMotifs == 0)
    }
    var recipe = Recipe(.sites)
    let own = #"{"network": {"strands": "max", "layers": [{"flatten": {}}]}}"#
    try recipe.apply(Array(own.utf8), file: "r")
    #expect(recipe.ensemble.knownMotifs == 0)
    #expect(throws: (any Error).self) {
      try recipe.apply(Array(#"{"ensemble": {"knownMotifs": -1}}"#.utf8), file: "r")
    }
  }
}
