import Foundation
import Genomics
import Layers
import Models
import Networks
import TestSupport
import Testing
import Training

/// Numbers of a recipe that no machine could train by are refused, not tried.
@Suite struct RecipeBoundsTests {
  private func problem(_ json: String) -> String? {
    var recipe = Recipe(.deepbind)
    do {
      try recipe.apply(Array(json.utf8), file: "r")
      return nil
    } catch {
      #expect(error is InputError<RecipeProblem>)
      return "\(error)"
    }
  }

  private static let ranges: [(key: String, lowest: Int, highest: Int)] = [
    ("training.epochs", 1, 1_000_000), ("training.leastSteps", 0, 100_000_000),
    ("training.batchSize", 1, 1_048_576), ("training.shardSize", 0, 65536),
    ("training.patience", 1, 1_000_000), ("training.shufflesPerPositive", 1, 100),
    ("selection.strongest", 0, 1_000_000_000), ("selection.halfWeightRank", 0, 1_000_000_000),
    ("selection.negativesPerPositive", 0, 1000), ("selection.leastNegatives", 0, 1_000_000_000),
    ("selection.mostNegatives", 0, 1_000_000_000),
    ("ensemble.networks", 1, 100), ("ensemble.knownMotifs", 0, 1000),
  ]

  @Test(arguments: ranges) func numbersHaveARange(key: String, lowest: Int, highest: Int) throws {
    let (part, name) = (key.split(separator: ".")[0], key.split(separator: ".")[1])
    func problem(_ value: String) -> String? {
      self.problem(#"{"\#(part)": {"\#(name)": \#(value)}}"#)
    }
    #expect(problem("\(lowest)") == nil && problem("\(highest)") == nil)
    for value in [lowest - 1, highest + 1, 1 << 31, 1 << 62, -(1 << 62)]
    where value > highest || value < lowest {
      // JSON has no whole numbers of more than 53 bits.
      let words = try #require(problem("\(value)"))
      #expect(words.hasPrefix("r: \(part): \(name) is "), "\(words)")
      #expect(words.hasSuffix("; take \(lowest) to \(highest)"), "\(words)")
    }
    for value in ["9223372036854775808", "1e300", "-1e300", "1e400", "0.5"] {
      #expect(problem(value) != nil, "\(value)")
    }
  }

  /// Every key of every preset has a bound above, or is no whole number.
  @Test func noKeyIsForgotten() throws {
    for preset in Recipe.Preset.allCases {
      let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Recipe(preset)))
      let parts = try #require(json as? [String: [String: Any]])
      for (part, fields) in parts where part != "network" {
        for (key, value) in fields where value is Int && "\(value)".allSatisfy(\.isNumber) {
          let name = "\(part).\(key)"
          let others = [
            "l1", "warmup", "learningRate", "momentum", "gappedKmers", "settlesKmers", "refit",
            "randomNegatives",
          ]
          #expect(Self.ranges.contains { $0.key == name } || others.contains(key), "\(name)")
        }
      }
    }
  }

  private static let whole = [-1, 0, 1 << 31, 1 << 62, Int.max]

  @Test(arguments: whole) func extentsOfNetworksHaveARange(value: Int) {
    let front = #"{"motifConvolution": {"filters": 8, "width": 8, "pooling": "max"}}"#
    for (old, new) in [
      ("\"filters\": 8", "\"filters\": \(value)"), ("\"width\": 8", "\"width\": \(value)"),
      ("\"width\": 8", "\"width\": 8, \"window\": \(value)"),
    ] {
      let changed = front.replacingOccurrences(of: old, with: new)
      #expect(problem(#"{"network": {"front": \#(changed)}}"#) != nil, "\(changed)")
    }
    for layer in [
      #"{"convolution": {"filters": \#(value), "width": 3}}"#,
      #"{"convolution": {"filters": 3, "width": \#(value)}}"#,
      #"{"windowPooling": {"pooling": "max", "window": \#(value)}}"#,
      #"{"globalPooling": {"pooling": "max"}}, {"dense": {"units": \#(value)}}"#,
    ] {
      let pooled = layer.contains("dense") ? "" : #", {"globalPooling": {"pooling": "max"}}"#
      #expect(
        problem(#"{"network": {"front": {"oneHot": {}}, "layers": [\#(layer)\#(pooled)]}}"#) != nil,
        "\(layer)")
    }
  }

  /// Each number is allowed, their product isn't: 2¹⁶ filters of width 2¹⁰, and so on.
  @Test(arguments: [
    #"{"network": {"front": {"motifConvolution": {"filters": 65536, "width": 1024, "pooling": "max"}}}}"#,
    #"{"network": {"layers": [{"globalPooling": {"pooling": "max"}}, {"dense": {"units": 65536}}, {"dense": {"units": 65536}}]}}"#,
    #"{"network": {"front": {"motifConvolution": {"filters": 65536, "width": 24, "pooling": "max"}}}, "ensemble": {"networks": 100}}"#,
    #"{"network": {"front": {"motifConvolution": {"filters": 65536, "width": 64, "pooling": "max"}}}, "training": {"batchSize": 65536, "shardSize": 1}}"#,
  ])
  func productsHaveABound(json: String) {
    let words = problem(json)
    #expect(
      words?.contains("are too many; take at most 268435456 in all") == true, "\(words ?? "")")
  }

  /// A thousand layers of 2¹⁶ units: the sum of their parameters would overflow.
  @Test func sumsOfManyLayersDoNotOverflow() {
    let layers = [String](repeating: #"{"dense": {"units": 65536}}"#, count: 1000)
    let convolutions = [String](
      repeating: #"{"convolution": {"filters": 65536, "width": 1024}}"#, count: 1000)
    for list in [layers, convolutions + [#"{"globalPooling": {"pooling": "max"}}"#]] {
      let front = list.count == 1000 ? "" : #""front": {"oneHot": {}}, "#
      #expect(
        problem(#"{"network": {\#(front)"layers": [\#(list.joined(separator: ", "))]}}"#) != nil)
    }
  }

  /// By hand: 16 filters of width 24 with biases, a hidden layer of 32, an output: 16 · 97 + 32 · 17 + 33.
  @Test func sizesAreCounted() throws {
    #expect(try NetworkConfiguration.deepBind().parameterCount(taskCount: 1) == 2129)
    // Both strands: 16 maxima, 32 units, twice more for the rectifier and the dropout.
    #expect(try NetworkConfiguration.deepBind().featureCount(length: 100) == 2 * (16 + 3 * 32))
    let windowed = NetworkConfiguration(
      front: .motifConvolution(filters: 3, width: 4, pooling: .maxAndMean, window: 5),
      layers: [.flatten], strands: .forward, length: 21)
    // 18 positions make 3 windows of 6 features, flattened once.
    #expect(try windowed.featureCount(length: 21) == 2 * 18)
  }

  @Test func featuresOfAShardHaveABound() throws {
    var recipe = Recipe(.deepbind)
    try recipe.apply(
      Array(
        #"{"network": {"front": {"oneHot": {}}, "layers": [{"convolution": {"filters": 4096, "width": 8}}, {"globalPooling": {"pooling": "max"}}]}}"#
          .utf8), file: "r")
    #expect(try recipe.sizeProblem(taskCount: 1, length: 101) == nil)
    let words = try recipe.sizeProblem(taskCount: 1, length: 100_000)
    #expect(words?.contains("are too many; take at most 268435456 in all") == true)
    recipe.training.shardSize = 1
    recipe.training.batchSize = 1
    #expect(try recipe.sizeProblem(taskCount: 1, length: 10_000) == nil)
  }
}
