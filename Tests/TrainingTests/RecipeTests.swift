import Foundation
import Genomics
import Layers
import Models
import Networks
import TestSupport
import Testing
import Training

@Suite struct RecipeTests {
  private func applied(_ json: String) throws -> Recipe {
    var recipe = Recipe(.deepbind)
    try recipe.apply(Array(json.utf8), file: "r.json")
    return recipe
  }

  @Test func changesWhatIsNamed() throws {
    var expected = Recipe(.deepbind)
    #expect(try applied("{}") == expected)
    expected.training.epochs = 3
    expected.training.learningRate = 0.125
    expected.training.optimizer = .sgd
    expected.network.strands = .mean
    #expect(
      try applied(
        """
        {"training": {"epochs": 3, "learningRate": 0.125, "optimizer": "sgd"},
          "network": {"strands": "mean"}}
        """) == expected)
    expected = Recipe(.deepbind)
    expected.network.replaceStem(by: .motifConvolution(filters: 4, width: 9, pooling: .maxAndMean))
    expected.network.layersBehindStem = [.rectifier, .dropout(rate: 0.1), .dense(units: 2)]
    #expect(
      try applied(
        """
        {"network": {
          "front": {"motifConvolution": {"filters": 4, "width": 9, "pooling": "maxAndMean"}},
          "layers": [{"rectifier": {}}, {"dropout": {"rate": 0.1}}, {"dense": {"units": 2}}]}}
        """) == expected)
  }

  /// Widths of 16 and 24 in turn; layers of one's own stay as they are, and few positives keep the width of 16.
  @Test func sitesHasFiltersOfTwoWidths() throws {
    func widths(_ recipe: Recipe) -> [Int?] { recipe.networks.map { $0.firstConvolution?.width } }
    var recipe = Recipe(.sites)
    #expect(widths(recipe) == [16, 24, 16])
    #expect(widths(recipe.fitted(toPositives: 300)) == [16, 24, 16])
    #expect(widths(recipe.fitted(toPositives: 299)) == [16, 16, 16])
    let own = """
      {"network": {"strands": "max", "layers": [{"convolution": {"filters": 8, "width": 10}}, {"rectifier": {}},
        {"globalPooling": {"pooling": "max"}}]}}
      """
    try recipe.apply(Array(own.utf8), file: "r")
    #expect(widths(recipe) == [10, 10, 10])
    try recipe.apply(Array(#"{"ensemble": {"extraWidths": [2]}}"#.utf8), file: "r")
    #expect(widths(recipe) == [12, 12, 12])
    #expect(recipe.networks.allSatisfy { $0.readsLike(recipe.network) })
  }

  @Test func takesWindowsAndFlattensThem() throws {
    var expected = Recipe(.deepbind)
    expected.network.replaceStem(
      by: .motifConvolution(filters: 128, width: 15, pooling: .max, window: 5))
    expected.network.layersBehindStem = [
      .convolution(filters: 3, width: 2), .windowPooling(.mean, window: 2), .flatten,
    ]
    #expect(
      try applied(
        """
        {"network": {
          "front": {
            "motifConvolution": {"filters": 128, "width": 15, "pooling": "max", "window": 5}},
          "layers": [{"convolution": {"filters": 3, "width": 2}},
            {"windowPooling": {"pooling": "mean", "window": 2}}, {"flatten": {}}]}}
        """) == expected)
  }

  /// The figures by which the preset was chosen.
  @Test func standardIsAsDecided() {
    let recipe = Recipe(.standard)
    #expect(
      recipe.network
        == NetworkConfiguration(
          front: .motifConvolution(
            filters: 64, width: 16, pooling: .maxAndMean, meanScale: 4, initialScale: 0.15,
            initialBias: -0.5),
          layers: [.dropout(rate: 0.2), .dense(units: 32), .rectifier, .dropout(rate: 0.3)],
          strands: .pooled))
    let training = recipe.training
    #expect(training.epochs == 12 && training.batchSize == 64 && training.optimizer == .adam)
    #expect(training.learningRate == 0.01 && training.warmup == 0.2 && training.l2 == 0.01)
    #expect(training.momentum == 0.9 && training.secondMomentum == 0.99 && training.l1 == 0)
    #expect(training.shufflesPerPositive == 2 && training.problem == nil)
  }

  @Test func takesEveryKeyOfStandard() throws {
    var recipe = Recipe(.deepbind)
    let json = try JSONEncoder().encode(Recipe(.standard))
    try recipe.apply(Array(json), file: "r.json")
    #expect(recipe == Recipe(.standard))
  }

  static let refused: [(json: String, message: String)] = [
    ("", "not a recipe: no JSON object; see docs/formats.md for what one holds"),
    ("[1]", "not a recipe: no JSON object; see docs/formats.md for what one holds"),
    (
      #"{"training": {"epochs": 3}"#,
      "not a recipe: no JSON object; see docs/formats.md for what one holds"
    ),
    (
      #"{"training": 3}"#,
      #"not a recipe: "training" is no object; see docs/formats.md for what one holds"#
    ),
    (
      #"{"network": {"layers": [{"globalPooling": {"pooling": "max"}}, {"dense": {"units": 2, "bias": 1}}]}}"#,
      #""network.layers.1.dense.bias" is no key of a recipe; the keys are units"#
    ),
    (
      #"{"network": {"front": {"oneHot": {"length": 5}}}}"#,
      #""network.front.oneHot.length" is no key of a recipe; its object has no keys"#
    ),
    (
      #"{"network": {"length": 100}}"#,
      #""network.length" is no key of a recipe; the keys are alphabet, layers, padding, strands"#
    ),
    (
      #"{"network": {"layers": [{"globalPooling": {"pooling": "max"}}, {"flatten": {}}]}}"#,
      "network.layers.1 (flatten): no positions are left to it; move it before globalPooling or flatten"
    ),
    (
      #"{"network": {"layers": [{"batchNorm": {}}]}}"#,
      #"network.layers.0: "batchNorm" is no kind of layer; the kinds are attentionPooling, "#
        + "batchNormalization, bidirectional, channelDense, convolution, dense, dropout, elman, exponential, "
        + "flatten, gelu, globalPooling, gru, jordan, layerNormalization, leakyRectifier, lstm, "
        + "parallel, rectifier, residual, selfAttention, sequential, sideInputs, sigmoid, silu, softmax, "
        + "softplus, tanh, transposedConvolution, unflatten, upsampling, windowPooling"
    ),
    (
      #"{"network": {"layers": [{"lstm": {"units": 0}}]}}"#,
      "network.layers.0 (lstm): units is 0; take 1 to 65536"
    ),
    (
      #"{"network": {"layers": [{"gru": {"units": 3, "output": "first"}}]}}"#,
      #"network.layers.0.gru.output: "first" is none of its values; take all, last"#
    ),
    (
      #"{"network": {"layers": [{"lstm": {"units": 3, "size": 2}}]}}"#,
      #""network.layers.0.lstm.size" is no key of a recipe; the keys are output, units"#
    ),
    (
      #"{"network": {"layers": [{"bidirectional": {"inner": [{"elman": {"units": 65537}}]}}]}}"#,
      "network.layers.0 (bidirectional): inner.0 (elman): units is 65537; take 1 to 65536"
    ),
    (
      #"{"network": {"layers": [{"selfAttention": {"heads": 3}}]}}"#,
      "network.layers.0 (selfAttention): 4 channels for 3 heads; take a number of heads that divides "
        + "them, or give size"
    ),
    (
      #"{"network": {"layers": [{"convolution": {"filters": 6, "width": 3, "groups": 4}}]}}"#,
      "network.layers.0 (convolution): groups is 4 of 4 channels and 6 filters; take a number that "
        + "divides both"
    ),
    (
      #"{"network": {"layers": [{"leakyRectifier": {"slope": 1.5}}]}}"#,
      "network.layers.0 (leakyRectifier): slope is 1.5; take 0 to 1"
    ),
    (
      #"{"network": {"layers": [{"transposedConvolution": {"filters": 2, "width": 3, "padding": 3}}]}}"#,
      "network.layers.0 (transposedConvolution): padding is 3; take 0 to 2"
    ),
    (
      #"{"network": {"layers": [{"upsampling": {"factor": 1025}}]}}"#,
      "network.layers.0 (upsampling): factor is 1025; take 1 to 1024"
    ),
    (
      #"{"network": {"layers": [{"dense": {}}]}}"#,
      #"not a recipe: "network.layers.0.dense" lacks "units"; see docs/formats.md for what one holds"#
    ),
    (
      #"{"network": {"layers": [{"globalPooling": {"pooling": "median"}}]}}"#,
      #"network.layers.0.globalPooling.pooling: "median" is none of its values; take max, mean, sum, maxAndMean"#
    ),
    (
      #"{"network": {"layers": [{"dense": {"units": 3}}]}}"#,
      "network.layers.0 (dense): can't read positions; put globalPooling or flatten before it"
    ),
    (
      #"{"network": {"layers": [{"convolution": {"filters": 4, "width": 3}}, {"residual": {"inner": [{"convolution": {"filters": 4, "width": 3}}]}}]}}"#,
      "network.layers.1 (residual): its layers make 4 × 4 of 6 × 4, which can't be added; let them "
        + #"keep positions and channels, such as by "padding": "same""#
    ),
    (
      #"{"network": {"layers": [{"residual": {"inner": [{"convolution": {"filters": 4, "width": 0}}]}}]}}"#,
      "network.layers.0 (residual): inner.0 (convolution): width is 0; take 1 to 1024"
    ),
    (
      #"{"model": {}}"#,
      #""model" is no key of a recipe; the keys are ensemble, network, selection, training"#
    ),
    (
      #"{"network": {"layer": []}}"#,
      #""network.layer" is no key of a recipe; the keys are alphabet, layers, padding, strands"#
    ),
    (
      #"{"training": {"epochs": "3"}}"#,
      #"not a recipe: "training.epochs" is of the wrong type; a whole number is due; see docs/formats.md for what one holds"#
    ),
    (
      #"{"training": {"epochs": null}}"#,
      #"not a recipe: "training.epochs" is of the wrong type; a whole number is due; see docs/formats.md for what one holds"#
    ),
    (
      #"{"training": {"optimizer": "lion"}}"#,
      #"training.optimizer: "lion" is none of its values; take sgd, momentum, rmsprop, adam, adamL2"#
    ),
    (
      #"{"training": {"epochs": 2.5}}"#,
      #"not a recipe: "training.epochs" is none of the values it may be; see docs/formats.md for what one holds"#
    ),
    (#"{"training": {"epochs": 0}}"#, "training: epochs is 0; take 1 to 1000000"),
    (#"{"training": {"batchSize": -1}}"#, "training: batchSize is -1; take 1 to 1048576"),
    (#"{"training": {"learningRate": 0}}"#, "training: learningRate is 0.0; take above 0"),
    (#"{"training": {"momentum": 1}}"#, "training: momentum is 1.0; take 0 to below 1"),
    (
      #"{"training": {"secondMomentum": 1}}"#,
      "training: secondMomentum is 1.0; take 0 to below 1"
    ),
    (#"{"training": {"warmup": 2}}"#, "training: warmup is 2.0; take 0 to 1"),
    (
      #"{"training": {"shufflesPerPositive": 0}}"#,
      "training: shufflesPerPositive is 0; take 1 to 100"
    ),
    (
      #"{"network": {"layers": [{"globalPooling": {"pooling": "max"}}, {"dropout": {"rate": 1}}]}}"#,
      "network.layers.1 (dropout): rate is 1.0; take 0 to below 1"
    ),
  ]

  @Test(arguments: refused) func refuses(json: String, message: String) throws {
    let error = #expect(throws: InputError<RecipeProblem>.self) { try applied(json) }
    #expect(error.map { "\($0)" } == "r.json: " + message)
  }

  /// RNA and proteins have one strand, and no table of k-mers of both.
  @Test(arguments: Recipe.Preset.allCases) func presetsReadOtherAlphabets(preset: Recipe.Preset)
    throws
  {
    for alphabet in [Alphabet.rna, .protein] {
      let recipe = Recipe(preset).reading(alphabet)
      #expect(recipe.network.strands == .forward && !recipe.ensemble.gappedKmers)
      try recipe.network.validate()
      let json = try JSONEncoder().encode(recipe)
      #expect(try JSONDecoder().decode(Recipe.self, from: json).network.alphabet == alphabet)
    }
    #expect(Recipe(preset).reading(.dna) == Recipe(preset))
  }

  @Test func refusesTwoStrandsOfOne() throws {
    func problem(_ json: String) -> String {
      do {
        _ = try applied(json)
        return ""
      } catch {
        return "\(error)"
      }
    }
    let strands = problem(#"{"network": {"alphabet": "protein"}}"#)
    #expect(strands.contains("protein has one strand; take forward"), "\(strands)")
    let turned = problem(
      """
      {"network": {"alphabet": "RNA", "strands": "forward"},
        "training": {"augmentation": {"inversion": 5}}}
      """)
    #expect(turned.contains("leave reverseComplement and inversion out"), "\(turned)")
    #expect(
      try applied(#"{"network": {"alphabet": "RNA", "strands": "forward"}}"#).network.alphabet
        == .rna)
    #expect(try applied(#"{"network": {"alphabet": "DNA"}}"#) == Recipe(.deepbind))
    #expect(problem(#"{"network": {"alphabet": "XNA"}}"#).contains("none of the values"))
  }
}
