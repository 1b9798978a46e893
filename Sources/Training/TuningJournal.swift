internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Synchronization

/// One training of a search.
public struct TuningJob: Codable, Hashable, Sendable {
  /// The rung, from 0; behind the last one, the final trainings.
  let rung: Int
  /// The trial, from 0.
  let trial: Int
  /// The fold, or of a final training the start, from 0.
  package let part: Int
}

/// What is done of a search, kept in a file, so that a run that was killed goes on from it.
public final class TuningJournal: Sendable {
  /// The layout of the file.
  private struct Contents: Codable {
    struct Entry: Codable {
      let job: TuningJob
      let outcome: TuningOutcome
    }
    /// What the run depends on.
    let run: String
    let entries: [Entry]
    /// The digest of the file without this key; earlier versions wrote none.
    var digest: String?

    /// The file.
    var bytes: [UInt8] {
      get throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self))
      }
    }

    /// The contents with their digest.
    var withDigest: Contents {
      get throws {
        let plain = Contents(run: run, entries: entries)
        return Contents(run: run, entries: entries, digest: sha256(of: try plain.bytes))
      }
    }
  }

  private let path: String
  private let run: String
  private let outcomes: Mutex<[TuningJob: TuningOutcome]>

  /// - Parameters:
  ///   - run: What the run depends on, so that another run's journal is told apart.
  ///   - resuming: Whether to go on from the file, if there is one.
  /// - Throws: `InputError<CheckpointProblem>`, or what reading the file throws.
  public init(path: String, run: String, resuming: Bool) throws {
    self.path = path
    self.run = run
    guard resuming, isFile(path) else {
      outcomes = Mutex([:])
      return
    }
    let bytes = try readBytes(path, limit: 16 * largestSettings)
    guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)) else {
      throw InputError(file: path, CheckpointProblem.damaged(key: "entries"))
    }
    guard try contents.digest == nil || contents.digest == contents.withDigest.digest else {
      throw InputError(file: path, CheckpointProblem.digest)
    }
    guard contents.run == run else { throw InputError(file: path, CheckpointProblem.otherRun) }
    outcomes = Mutex(
      Dictionary(contents.entries.map { ($0.job, $0.outcome) }) { first, _ in first })
  }

  /// The number of trainings that are done.
  public var count: Int { outcomes.withLock { $0.count } }

  /// The outcome of a job: the one that is known, or else the one that `compute` gives, which is then
  /// kept.
  ///
  /// - Throws: What `compute` throws, or `OutputError`.
  func outcome(of job: TuningJob, compute: () throws -> TuningOutcome) throws -> TuningOutcome {
    if let known = outcomes.withLock({ $0[job] }) { return known }
    let outcome = try compute()
    try outcomes.withLock { outcomes in
      outcomes[job] = outcome
      let entries = outcomes.map { Contents.Entry(job: $0.key, outcome: $0.value) }
        .sorted {
          ($0.job.rung, $0.job.trial, $0.job.part) < ($1.job.rung, $1.job.trial, $1.job.part)
        }
      var file = try OutputFile(path: path, replacing: true)
      try file.write(Contents(run: run, entries: entries).withDigest.bytes)
      try file.commit()
    }
    return outcome
  }
}
