import Datasets
import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct DeepBindParametersTests {
  static let sequences = [
    "GATTACAGATTACAACGTNNACCA", "acguacgu", "TTGACA", "NNANN", "C",
    "CCCCCCCCCCCCCCCCCCCCCCCCCCCCTTGA",
  ]

  /// The model against DeepBind's definition in plain Double loops, for all kinds of models.
  @Test(arguments: [(false, 0), (true, 0), (false, 3), (true, 3)], [true, false])
  func scoresAsItsDefinition(kind: (hasMeans: Bool, hidden: Int), bothStrands: Bool) throws {
    let toy = ToyParameters(
      bothStrands: bothStrands, hasMeans: kind.hasMeans, hidden: kind.hidden)
    let model = try toy.model
    #expect(model.windowLength == 7)
    #expect(model.objective.prediction(-3) == -3)
    for rule in [
      WindowRule(length: 7), WindowRule(length: 7, reduction: .average), WindowRule(length: 4),
    ] {
      let read = try #require(model.reading(windows: rule))
      let outputs = read.ensemble.outputs(
        try Self.sequences.map { try #require(EncodedSequence($0)) }, threads: 2)
      for (index, sequence) in Self.sequences.enumerated() {
        let expected = toy.score(sequence, by: rule)
        #expect(abs(Double(outputs.scalars[index]) - expected) < 1e-5 * (1 + abs(expected)))
      }
    }
  }

  @Test func keepsItsScoresInAFile() throws {
    let model = try ToyParameters(bothStrands: true, hasMeans: true, hidden: 3).model
    let read = try Model(bytes: model.bytes, file: "m")
    let sequences = Self.sequences.compactMap { EncodedSequence($0) }
    #expect(
      read.ensemble.outputs(sequences, threads: 1) == model.ensemble.outputs(sequences, threads: 1))
    #expect(read.ensemble.configuration == model.ensemble.configuration)
    #expect(read.objective == .score)
  }

  /// More windows than are computed at a time: the largest is in the last block.
  @Test func findsTheLastOfManyWindows() throws {
    let model = try ToyParameters(bothStrands: false, hasMeans: false, hidden: 0).model
    let tail = "GATTACAACGTACC"
    let long = try #require(EncodedSequence(String(repeating: "C", count: 3000) + tail))
    let windows = (0...(long.count - 7)).map { long[$0..<$0 + 7] }
    let scores = model.ensemble.outputs(windows, threads: 1).scalars
    #expect(model.ensemble.outputs([long], threads: 1).scalars == [scores.max()!])
  }

  @Test(
    arguments: [
      ("# deepbind 0.1", "# deepbind 0.2", 1, DeepBindProblem.version("0.2")),
      ("# deepbind 0.1", ">chr1", 1, .notDeepBind),
      (
        "reverse_complement = 1", "reverse_complement = 2", 2,
        .outOfRange(key: "reverse_complement", text: "2", range: 0...1)
      ),
      ("num_detectors", "detectors", 3, .key(expected: "num_detectors", found: "detectors = 2")),
      (
        "detector_len = 5", "detector_len = 6", 7,
        .wrongCount(key: "detectors", count: 40, needed: 48)
      ),
      (
        "thresholds = ", "thresholds = nan,", 8,
        .wrongCount(key: "thresholds", count: 3, needed: 2)
      ),
      ("biases1 = ", "biases1 = 1e99,", 10, .wrongCount(key: "biases1", count: 4, needed: 3)),
    ])
  func refusesDamage(from: String, to: String, line: Int, problem: DeepBindProblem) throws {
    let text = ToyParameters(bothStrands: true, hasMeans: true, hidden: 3).text
    #expect(throws: InputError(file: "p.txt", line: line, problem)) {
      try parse(text.replacing(from, with: to, maxReplacements: 1))
    }
  }

  @Test(arguments: ["nan", "1e99", "-inf", "x", ""])
  func refusesWhatIsNoNumber(text: String) throws {
    let toy = ToyParameters(bothStrands: true, hasMeans: true, hidden: 3).text
    let damaged = toy.replacing(/thresholds = [^,]*,/, with: "thresholds = \(text),")
    #expect(
      throws: InputError(
        file: "p.txt", line: 8,
        DeepBindProblem.badNumber(key: "thresholds", position: 1, text: text))
    ) { try parse(damaged) }
  }

  /// Cut behind each of its lines, and in the middle of each, the file is refused.
  @Test func refusesTruncation() throws {
    let lines = ToyParameters(bothStrands: true, hasMeans: true, hidden: 3).text
      .split(separator: "\n")
    for count in 0..<lines.count {
      let whole = lines[..<count].map { $0 + "\n" }.joined()
      #expect(throws: InputError<DeepBindProblem>.self) { try parse(whole) }
      #expect(throws: InputError<DeepBindProblem>.self) {
        try parse(whole + lines[count].prefix(lines[count].count / 2))
      }
    }
    #expect(throws: InputError(file: "p.txt", line: 13, DeepBindProblem.surplus("more = 1"))) {
      try parse(lines.map { $0 + "\n" }.joined() + "more = 1\n")
    }
  }

  /// DeepBind's program on 24 published models, ten sequences, three modes; it prints six decimals.
  ///
  /// That program had turned each sequence to its other strand an odd number of times when it came to the
  /// models of one strand, since it doesn't turn it back behind a model of both.
  @Test(
    .enabled(if: SharedData.isPresent),
    arguments: [
      ("default", nil, WindowRule.Reduction.max), ("average", nil, .average),
      ("window30", 30, .max),
    ])
  func agreesWithThePublishedProgram(
    mode: String, windowLength: Int?, reduction: WindowRule.Reduction
  ) throws {
    let folder = SharedData.path("data/deepbind-models")
    let table = try String(contentsOfFile: "\(folder)/expected.\(mode).tsv", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: "\t") }
    let sequences = try String(contentsOfFile: "\(folder)/sequences.txt", encoding: .utf8)
      .split(separator: "\n").compactMap { EncodedSequence(String($0)) }
    try #require(table.count == 11 && sequences.count == 10 && table[0].count == 24)
    for (column, name) in table[0].enumerated() {
      let path = "\(folder)/params/\(name).txt"
      let parameters = try DeepBindParameters(
        bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path))), file: path)
      let model = parameters.model(task: String(name), provenance: ToyParameters.provenance)
      let rule = WindowRule(length: windowLength ?? model.windowLength, reduction: reduction)
      let outputs = try #require(model.reading(windows: rule)).ensemble.outputs(
        parameters.readsBothStrands ? sequences : sequences.map(\.reverseComplement), threads: 2)
      for (row, output) in outputs.scalars.enumerated() {
        let expected = try #require(Float(table[row + 1][column]))
        #expect(abs(output - expected) < 1e-5, "\(name) \(row)")
      }
    }
  }

  private func parse(_ text: String) throws -> DeepBindParameters {
    try DeepBindParameters(bytes: Array(text.utf8), file: "p.txt")
  }
}

/// A model of two detectors of length 5, as a file and as DeepBind's definition.
private struct ToyParameters {
  let bothStrands: Bool
  let hasMeans: Bool
  let hidden: Int

  static let provenance = Provenance(version: "", seed: 0, inputs: [])
  private let length = 5

  init(bothStrands: Bool, hasMeans: Bool, hidden: Int) {
    (self.bothStrands, self.hasMeans, self.hidden) = (bothStrands, hasMeans, hidden)
    detectors = Self.numbers(length * 4 * 2, 1)
  }

  private func numbers(_ count: Int, _ salt: Int) -> [Double] { Self.numbers(count, salt) }

  /// Numbers that differ, of either sign, written with three decimals.
  private static func numbers(_ count: Int, _ salt: Int) -> [Double] {
    (0..<count).map { Double(($0 * 37 + salt * 61) % 101 - 45) / 50 }
  }

  private var featureCount: Int { hasMeans ? 4 : 2 }
  private let detectors: [Double]
  private let thresholds = [-0.4, 0.2]
  private var weights1: [Double] { numbers(featureCount * max(1, hidden), 3) }
  private var biases1: [Double] { numbers(max(1, hidden), 4) }
  private var weights2: [Double] { numbers(hidden, 5) }
  private var biases2: [Double] { hidden > 0 ? [0.75] : [] }

  var text: String {
    func line(_ key: String, _ values: [Double]) -> String {
      "\(key) = \(values.map { "\($0)" }.joined(separator: ","))\n"
    }
    return """
      # deepbind 0.1
      reverse_complement = \(bothStrands ? 1 : 0)
      num_detectors = 2
      detector_len = \(length)
      has_avg_pooling = \(hasMeans ? 1 : 0)
      num_hidden = \(hidden)

      """ + line("detectors", detectors) + line("thresholds", thresholds)
        + line("weights1", weights1) + line("biases1", biases1) + line("weights2", weights2)
        + line("biases2", biases2)
  }

  var model: Model {
    get throws {
      try DeepBindParameters(bytes: Array(text.utf8), file: "p.txt")
        .model(task: "toy", provenance: Self.provenance)
    }
  }

  func score(_ text: String, by rule: WindowRule) -> Double {
    let codes = text.uppercased().map { Array("ACGT").firstIndex(of: $0 == "U" ? "T" : $0) }
    let forward = score(codes, by: rule)
    guard bothStrands else { return forward }
    return max(forward, score(codes.reversed().map { $0.map { 3 - $0 } }, by: rule))
  }

  private func score(_ codes: [Int?], by rule: WindowRule) -> Double {
    guard codes.count > rule.length else { return score(window: codes) }
    let scores = (0...(codes.count - rule.length)).map {
      score(window: Array(codes[$0..<$0 + rule.length]))
    }
    return rule.reduction == .max
      ? scores.max()! : scores.reduce(0, +) / Double(codes.count)
  }

  private func score(window: [Int?]) -> Double {
    let unknown = [Int?](repeating: nil, count: length - 1)
    let read = unknown + window + unknown
    var features: [Double] = []
    for detector in 0..<2 {
      let map = (0...(read.count - length)).map { position in
        var sum = thresholds[detector]
        for tap in 0..<length {
          for base in 0..<4 {
            let share = read[position + tap].map { $0 == base ? 1.0 : 0 } ?? 0.25
            sum += share * detectors[(tap * 4 + base) * 2 + detector]
          }
        }
        return max(0, sum)
      }
      features.append(map.max()!)
      if hasMeans { features.append(map.reduce(0, +) / Double(map.count)) }
    }
    let units = max(1, hidden)
    let first = (0..<units).map { unit in
      features.indices.reduce(biases1[unit]) { $0 + features[$1] * weights1[$1 * units + unit] }
    }
    guard hidden > 0 else { return first[0] }
    return first.indices.reduce(biases2[0]) { $0 + max(0, first[$1]) * weights2[$1] }
  }
}
