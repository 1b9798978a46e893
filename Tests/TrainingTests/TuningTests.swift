import Datasets
import Foundation
import Genomics
import Layers
import Models
import Networks
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

@Suite struct SuccessiveHalvingTests {
  /// By hand: a third goes on, rounded up, while three are left for the last rung, three rungs at most;
  /// the last rung trains in full, each before it a third as long.
  @Test(arguments: [
    (1, [[1, 1]]), (8, [[8, 1]]), (9, [[9, 3], [3, 1]]), (24, [[24, 3], [8, 1]]),
    (30, [[30, 9], [10, 3], [4, 1]]), (100, [[100, 9], [34, 3], [12, 1]]),
  ])
  func rungs(trials: Int, expected: [[Int]]) {
    #expect(SuccessiveHalving(trials: trials).rungs.map { [$0.trials, $0.divisor] } == expected)
  }

  /// 12 epochs: 2 (1⅓), 4, 12.
  @Test func trainingsAreShortened() {
    let configuration = TrainingConfiguration.standard
    #expect([9, 3, 1].map { configuration.shortened(by: $0).epochs } == [2, 4, 12])
  }
}

@Suite struct TuningSearchTests {
  static let base: Recipe = {
    var recipe = Recipe(.deepbind)
    (recipe.training.epochs, recipe.training.leastSteps) = (9, 0)
    recipe.ensemble.networks = 2
    return recipe
  }()

  static func search(trials: Int = 9, base: Recipe = base) throws -> TuningSearch {
    let examples = planted(count: 120, seed: 3)
    let validation = planted(count: 60, seed: 4)
    let parts = try folds(of: examples, count: 2, areClasses: true, seed: 1).map { fold in
      TuningPart(
        training: examples.indices.filter { !fold.contains($0) }.map { examples[$0] },
        scored: fold.map { examples[$0] }, kmers: nil, threads: 1)
    }
    return try TuningSearch(
      base, space: SearchSpace(for: base), trials: trials, folds: parts,
      final: TuningPart(training: examples, scored: validation, kmers: nil, threads: 1),
      windowLength: 40, objective: .binary, makesShuffles: false, seed: 1)
  }

  static func result(
    of search: TuningSearch, journal: String, resuming: Bool = false, threads: Int = 1,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws -> TuningSearch.Result {
    let journal = try TuningJournal(path: journal, run: "run", resuming: resuming)
    return try search.run(journal: journal, threads: threads, progress: progress)
  }

  /// Nine trials: three in full, six eliminated, all of which scored below the three on the first rung;
  /// the winner has the best mean, which is that of its folds.
  @Test func theBestGoOn() throws {
    let folder = TemporaryFolder()
    let done = Mutex(0)
    let search = try Self.search()
    let result = try Self.result(of: search, journal: folder.path + "/journal") { count in
      done.withLock { $0 += count }
    }
    let trials = result.trials
    #expect(trials.map(\.number) == Array(1...9))
    #expect(trials[0].draw == nil && trials[1].draw == search.draws[1])
    #expect(trials.count { $0.status == .eliminated(rung: 1) } == 6)
    #expect(trials.count { $0.status == .finished } == 2)
    let winner = try #require(trials.first { $0.status == .winner })
    for trial in trials {
      let isFull = trial.status == .winner || trial.status == .finished
      #expect((trial.rung, trial.epochs) == (isFull ? (2, 9) : (1, 3)))
      let score = try #require(trial.score)
      #expect(abs(score - trial.foldScores.reduce(0) { $0 + $1! } / 2) < 1e-12)
      if isFull { #expect(score <= winner.score!) }
    }
    var recipe = try winner.draw.map { try $0.applied(to: Self.base) } ?? Self.base
    #expect(result.starts.count == 6)
    let ranked = result.starts.indices.sorted {
      result.starts[$0].score! > result.starts[$1].score!
    }
    let worstKept = result.recipe.ensemble.starts.map { result.starts[$0].score! }.min()!
    #expect(worstKept == result.starts[ranked[1]].score)
    recipe.ensemble.starts = result.recipe.ensemble.starts
    #expect(result.recipe == recipe)
    #expect(done.withLock { $0 } == search.plannedSequences)
    // 9 and 3 trials on two folds, of which each trains on the other: 120 examples; six times 120.
    #expect(search.plannedSequences == 9 * 3 * 120 + 3 * 9 * 120 + 6 * 9 * 120)
    let table = try trials.table(of: search.space.paths, recipe: Self.base)
    #expect(table.split(separator: "\n").count == 10)
  }

  /// A run with two threads, and one that goes on from half a journal, end as one that does neither.
  @Test func threadsAndInterruptionsChangeNothing() throws {
    let folder = TemporaryFolder()
    let search = try Self.search()
    let path = folder.path + "/whole"
    let whole = try Self.result(of: search, journal: path)
    let parallel = try Self.result(of: search, journal: folder.path + "/two", threads: 2)
    #expect(parallel.trials == whole.trials)
    #expect(parallel.recipe == whole.recipe)
    let journal = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/two")) == journal)
    struct Journal: Codable {
      struct Entry: Codable {
        let job: TuningJob
        let outcome: TuningOutcome
      }
      let run: String
      var entries: [Entry]
    }
    var half = try JSONDecoder().decode(Journal.self, from: journal)
    #expect(half.entries.count == 9 * 2 + 3 * 2 + 6)
    half.entries.removeAll { $0.job.part == 1 }
    let halfPath = folder.path + "/half"
    try JSONEncoder().encode(half).write(to: URL(fileURLWithPath: halfPath))
    let resumed = try Self.result(of: search, journal: halfPath, resuming: true)
    #expect(resumed.trials == whole.trials)
    #expect(resumed.starts == whole.starts)
    #expect(resumed.recipe == whole.recipe)
    #expect(try Data(contentsOf: URL(fileURLWithPath: halfPath)) == journal)
  }

  @Test func otherJournalsAreRefused() throws {
    let folder = TemporaryFolder()
    let other = folder.write(#"{"entries": [], "run": "other"}"#, to: "other")
    #expect(throws: InputError(file: other, CheckpointProblem.otherRun)) {
      try TuningJournal(path: other, run: "run", resuming: true)
    }
    let broken = folder.write("{", to: "broken")
    #expect(throws: InputError(file: broken, CheckpointProblem.damaged(key: "entries"))) {
      try TuningJournal(path: broken, run: "run", resuming: true)
    }
    #expect(try TuningJournal(path: broken, run: "run", resuming: false).count == 0)
  }

  /// One digit of a score; a journal of an earlier version has no digest.
  @Test func aChangedJournalIsRefused() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/journal"
    _ = try Self.result(of: try Self.search(trials: 1), journal: path)
    let count = try TuningJournal(path: path, run: "run", resuming: true).count
    #expect(count > 0)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = folder.write(
      text.replacing("\"epochs\":9", with: "\"epochs\":8"), to: "changed")
    #expect(try String(contentsOfFile: changed, encoding: .utf8) != text)
    #expect(throws: InputError(file: changed, CheckpointProblem.digest)) {
      try TuningJournal(path: changed, run: "run", resuming: true)
    }
    let old = folder.write(text.replacing(/"digest":"[0-9a-f]+",/, with: ""), to: "old")
    #expect(try String(contentsOfFile: old, encoding: .utf8) != text)
    #expect(try TuningJournal(path: old, run: "run", resuming: true).count == count)
  }

  /// A learning rate that no number stands: every training of the recipe as it is ends without a loss.
  @Test func failedTrialsAreToldApart() throws {
    var base = Self.base
    base.training.learningRate = 1e30
    let folder = TemporaryFolder()
    let result = try Self.result(
      of: try Self.search(trials: 3, base: base), journal: folder.path + "/journal")
    #expect(result.trials[0].status == .failed)
    #expect(result.trials[0].score == nil)
    #expect(result.trials.contains { $0.status == .winner })
    let table = try result.trials.table(of: [], recipe: base)
    #expect(table.contains("\tfailed: the validation loss is "))
    #expect(throws: TrainingError.self) {
      try Self.result(of: try Self.search(trials: 1, base: base), journal: folder.path + "/one")
    }
  }
}
