import Foundation
import Layers
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct PresetTests {
  private struct Golden: Decodable {
    let preset: String
    let length, tasks, parameters: Int
  }

  /// The trained parameters of the network that sequences of a length are read by.
  private func trained(_ preset: Recipe.Preset, length: Int, tasks: Int) throws -> Int {
    var network = try Network(
      Recipe(preset).network.reading(length: length), taskCount: tasks, seed: 1)
    var count = 0
    network.visitParameters { _, role, parameter in
      if role != .statistic { count += parameter.shape.count }
    }
    return count
  }

  /// As PyTorch modules of the same layers have (`scripts/goldens/presets.py`).
  @Test func parametersAreThoseOfPyTorch() throws {
    let cases: [Golden] = try golden("presets.json")
    #expect(cases.count == Recipe.Preset.allCases.count - 2)
    for reference in cases {
      let preset = try #require(Recipe.Preset(rawValue: reference.preset))
      #expect(
        try trained(preset, length: reference.length, tasks: reference.tasks)
          == reference.parameters, "\(reference.preset)")
      #expect(preset.length ?? reference.length == reference.length)
    }
  }

  /// DeepSEA, DanQ and DanQ-JASPAR: the numbers that the repository of DanQ states. Basset: that of its Torch model.
  @Test(arguments: [
    (Recipe.Preset.deepsea, 919, 52_843_119), (.danq, 919, 46_926_479),
    (.danqJaspar, 919, 67_892_175), (.basset, 164, 4_135_064),
  ])
  func parametersAreThePublishedOnes(preset: Recipe.Preset, tasks: Int, count: Int) throws {
    let network = Recipe(preset).network
    let length = try #require(preset.length)
    let table = try LayerTable(network.reading(length: length), length: length, taskCount: tasks)
    #expect(table.parameters == count)
    // Means and variances of Basset's 300, 200 and 200 filters and twice 1000 units.
    #expect(table.statistics == (preset == .basset ? 2 * 2700 : 0))
  }

  @Test(arguments: Recipe.Preset.allCases) func isSound(preset: Recipe.Preset) throws {
    let recipe = Recipe(preset)
    #expect(recipe.training.problem == nil)
    try recipe.network.validate()
    for tasks in [1, 7] {
      #expect(
        try recipe.network.reading(length: preset.length ?? 101).parameterCount(taskCount: tasks)
          > 0)
    }
    #expect(try recipe.sizeProblem(taskCount: 919, length: preset.length ?? 101) == nil)
  }

  /// By hand: 600 bases leave 582 places for 19 bases, 194 maxima of 3; 184 places for 11 of those, 46 maxima of 4; 40 places
  /// for 7 of those, 10 maxima of 4. Backwards, 4 maxima of 7 places each read 10 · 12 + 3 · 12 … bases.
  @Test func readsWhatItsFiltersSpan() throws {
    let table = try LayerTable(
      Recipe(.basset).network.reading(length: 600), length: 600, taskCount: 1)
    let fields = table.rows.prefix(13).map(\.receptiveField)
    #expect(
      fields == [19, 19, 19, 21, 51, 51, 51, 60, 132, 132, 132, 168, nil])
    #expect(table.rows[11].output == .positions(10, channels: 200))
  }

  /// BPNet's nine dilated convolutions add 2 · (2 + 4 + … + 512) bases to 25.
  @Test func dilationWidensWhatIsRead() throws {
    let table = try LayerTable(Recipe(.bpnet).network, length: 1000, taskCount: 1)
    let last = try #require(table.rows.last { $0.layer.kind == "residual" })
    #expect(last.receptiveField == 2069)
  }

  /// The shortest sequence that each convolution and pooling of Basset leaves a position of.
  @Test func needsLongEnoughSequences() throws {
    #expect(try Recipe(.basset).network.minimumLength() == 168)
    #expect(throws: ConfigurationError.self) {
      try Recipe(.basset).network.extents(length: 167)
    }
  }
}
