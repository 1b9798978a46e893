import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import Testing
import Training

@Suite struct SearchSpaceTests {
  private func space(_ json: String, for recipe: Recipe = Recipe(.standard)) throws -> SearchSpace {
    try SearchSpace(Array(json.utf8), file: "s.json", for: recipe)
  }

  private func draws(_ space: SearchSpace, count: Int = 2000, seed: UInt64 = 1) -> [Draw] {
    (0..<count).map { trial in
      var random = RandomStream(seed: seed, .trials, trial)
      return space.draw(using: &random)
    }
  }

  /// What can't change alone isn't searched: the channels of layers with groups, and the one number that levels are told from.
  @Test func leavesWhatBelongsTogether() throws {
    let explained = SearchSpace(for: Recipe(.explainn)).paths
    #expect(!explained.contains { $0.hasSuffix(".filters") })
    #expect(explained.contains("network.layers.0.convolution.width"))
    let plain = SearchSpace(for: Recipe(.deepbind)).paths
    let ordinal = Recipe(.deepbind).forObjective(.ordinal)
    #expect(SearchSpace(for: ordinal).paths == plain)
    #expect(ordinal.forObjective(.ordinal) == ordinal)
  }

  /// 2,000 draws reach both ends of each range and leave none; in a logarithmic one the geometric mean of
  /// the ends is the median: of 2,000 draws 1,000 ± 22 are below it.
  @Test func drawsFillTheirRanges() throws {
    let space = try space(
      """
      {"training.batchSize": {"choices": [32, 64, 128]},
        "training.l2": {"range": [0.001, 0.1], "scale": "log"},
        "training.warmup": {"range": [0.1, 0.4]},
        "network.layers.0.convolution.width": {"range": [8, 24], "step": 2}}
      """)
    #expect(
      space.paths == [
        "network.layers.0.convolution.width", "training.batchSize", "training.l2",
        "training.warmup",
      ])
    let columns = (0..<4).map { column in
      draws(space).compactMap { draw -> Double? in
        if case .number(let value) = draw.values[column].value { value } else { nil }
      }
    }
    #expect(columns.allSatisfy { $0.count == 2000 })
    #expect(Set(columns[0]) == Set(stride(from: 8.0, through: 24, by: 2)))
    #expect(Set(columns[1]) == [32, 64, 128])
    #expect(columns[2].min()! >= 0.001 && columns[2].max()! <= 0.1)
    #expect(abs(columns[2].count { $0 < 0.01 } - 1000) < 100)
    #expect(columns[3].min()! >= 0.1 && columns[3].max()! <= 0.4)
    #expect(abs(columns[3].count { $0 < 0.25 } - 1000) < 100)
  }

  @Test func drawsAreTheSeeds() {
    let space = SearchSpace(for: Recipe(.standard))
    #expect(draws(space, count: 3) == draws(space, count: 3))
    #expect(draws(space, count: 3) != draws(space, count: 3, seed: 2))
    #expect(Set(draws(space, count: 9).map { "\($0)" }).count == 9)
  }

  /// What is drawn stands in the recipe; `null` takes a layer away, whole lists may be exchanged.
  @Test func drawsChangeTheRecipe() throws {
    let space = try space(
      """
      {"network.layers.4": {"choices": [null]}, "network.layers.2.globalPooling.meanScale":
        {"choices": [2]}, "training.learningRate": {"choices": [0.25]}, "network.padding": {"choices": [3]}}
      """)
    let base = Recipe(.standard)
    let recipe = try draws(space, count: 1)[0].applied(to: base)
    var expected = base
    expected.network.layers.remove(at: 4)
    expected.network.layers[2] = .globalPooling(.maxAndMean, meanScale: 2)
    expected.network.padding = 3
    expected.training.learningRate = 0.25
    #expect(recipe == expected)
    let lists = try self.space(
      #"{"network.layers": {"choices": [[{"globalPooling": {"pooling": "max"}}]]}, "#
        + #""network.layers.3.dropout.rate": {"range": [0, 0.5]}}"#)
    let short = try draws(lists, count: 1)[0].applied(to: base)
    #expect(short.network.layers == [.globalPooling(.max)])
  }

  /// What is searched by default makes recipes, of deep networks too.
  @Test(arguments: [0, 1, 2]) func theBuiltInSpaceMakesRecipes(kind: Int) throws {
    var recipe = Recipe(kind == 0 ? .standard : .deepbind)
    if kind == 2 {
      recipe.network.layers = [
        .convolution(filters: 300, width: 19), .rectifier, .windowPooling(.max, window: 3),
        .convolution(filters: 200, width: 11), .rectifier, .globalPooling(.mean),
        .dense(units: 100), .rectifier,
      ]
    }
    let space = SearchSpace(for: recipe)
    for draw in draws(space, count: 200) {
      let drawn = try draw.applied(to: recipe)
      #expect(drawn.training.problem == nil)
      for (path, value) in draw.values where value != .null {
        // Of whole layers kinds are compared: keys that a layer doesn't need are left out of it.
        if case .number = value {
          let found = try JSONValue(drawn)[path.pathComponents]
          if !draw.values.contains(where: { $0.value == .null }) {
            #expect(found?.text == value.text, "\(path)")
          }
        }
      }
    }
  }

  @Test(arguments: [
    ("[]", "not a search space: no JSON object of paths; see docs/formats.md"),
    ("{}", "the search space is empty; give a path"),
    (
      #"{"training.rate": {"range": [0, 1]}}"#,
      #""training.rate" is no key of a recipe; the keys are batchSize, epochs, l1, l2, learningRate, "#
        + "leastSteps, momentum, optimizer, patience, secondMomentum, shardSize, "
        + "shufflesPerPositive, warmup"
    ),
    (
      #"{"network.layers.9": {"choices": [1]}}"#,
      #""network.layers.9" is no key of a recipe; the keys are 0, 1, 2, 3, 4, 5, 6"#
    ),
    (
      #"{"training.l2": {"range": [0, 1], "scale": "log"}}"#,
      "training.l2: a scale of log with a step, or from 0; take numbers above 0, without a step"
    ),
    (
      #"{"training.l2": {"range": [0, 1], "scale": "log2"}}"#,
      #"training.l2.scale: "log2" is none of its values; take linear, log"#
    ),
    (
      #"{"training.l2": {"range": [1, 0]}}"#,
      "training.l2: range isn't two numbers in ascending order"
    ),
    (#"{"training.l2": {}}"#, "training.l2: neither choices nor range; give one of them"),
    (
      #"{"training.l2": {"choices": []}}"#,
      "training.l2: choices is empty, or stands beside other keys; give choices alone, one or more"
    ),
    (
      #"{"training.l2": {"range": [0, 1], "step": 0}}"#,
      "training.l2: step is 0.0; take one above 0, for a million values at most"
    ),
  ])
  func refuses(json: String, message: String) throws {
    let error = #expect(throws: InputError<RecipeProblem>.self) { try space(json) }
    #expect(error.map { "\($0)" } == "s.json: " + message)
  }
}
