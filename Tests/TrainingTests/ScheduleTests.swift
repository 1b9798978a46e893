import Foundation
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing
import Training

/// What PyTorch's schedulers and limits of norms give; `scripts/goldens/training.py` says how.
@Suite struct ScheduleTests {
  private struct Golden: Decodable {
    struct Keys: Decodable {
      let schedule: LearningRateSchedule
      let warmup: Float?
      let cycles: Int?
      let drops: Int?
      let dropFactor: Float?
    }
    let keys: Keys
    let rates: [Float]
  }

  @Test func ratesAreThoseOfPyTorch() throws {
    let cases: [Golden] = try golden("schedules.json")
    #expect(cases.count == 5)
    for reference in cases {
      var configuration = TrainingConfiguration()
      configuration.learningRate = 0.5
      configuration.warmup = reference.keys.warmup ?? 0
      configuration.schedule = reference.keys.schedule
      configuration.cycles = reference.keys.cycles
      configuration.drops = reference.keys.drops
      configuration.dropFactor = reference.keys.dropFactor
      #expect(configuration.problem == nil)
      for (step, expected) in reference.rates.enumerated() {
        let own = configuration.learningRate(step: step, of: reference.rates.count)
        #expect(abs(own - expected) < 1e-6, "\(reference.keys.schedule), step \(step)")
      }
    }
  }

  /// A tenth of 40 steps: quarters of the rate, then all of it.
  @Test(arguments: [LearningRateSchedule.cosine, .constant, .steps, .restarts])
  func rateRises(schedule: LearningRateSchedule) {
    var configuration = TrainingConfiguration()
    (configuration.learningRate, configuration.warmup) = (1, 0.1)
    configuration.schedule = schedule
    let rates = (0..<5).map { configuration.learningRate(step: $0, of: 40) }
    #expect(rates == [0.25, 0.5, 0.75, 1, 1])
  }

  private struct Norms: Decodable {
    struct Case: Decodable {
      let limit: Float
      let gradient: [Float]
      let weights: [Float]
    }
    let gradient: [Float]
    let weights: [Float]
    let cases: [Case]
  }

  private struct Holder: ParameterHolder {
    var weight: Tensor
    var bias: Tensor

    mutating func visitParameters(
      _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
    ) rethrows {
      try visit("weight", .weight, &weight)
      try visit("bias", .bias, &bias)
    }
  }

  /// PyTorch divides by the norm and 1e-6 more.
  @Test func normsAreLimitedAsByPyTorch() throws {
    let golden: Norms = try golden("norms.json")
    #expect(golden.cases.count == 3)
    for reference in golden.cases {
      // What stands behind the gradient isn't touched.
      var gradient = golden.gradient + [50]
      gradient.limitNorm(ofFirst: golden.gradient.count, to: reference.limit)
      for (own, expected) in zip(gradient, reference.gradient + [50]) {
        #expect(abs(own - expected) < 3e-6)
      }
      var holder = Holder(
        weight: Tensor(shape: [5, 3], scalars: golden.weights),
        bias: Tensor(shape: [1], scalars: [500]))
      holder.limitWeightNorms(to: reference.limit)
      for (own, expected) in zip(holder.weight.scalars, reference.weights) {
        #expect(abs(own - expected) < 3e-6)
      }
      #expect(holder.bias.scalars == [500])
    }
  }

  @Test func recipesNameThem() throws {
    var recipe = Recipe(.deepbind)
    let json = """
      {"training": {"optimizer": "rmsprop", "schedule": "restarts", "cycles": 2, "clip": 1.5,
        "maxNorm": 3}}
      """
    try recipe.apply(Array(json.utf8), file: "r.json")
    #expect(recipe.training.optimizer == .rmsprop && recipe.training.schedule == .restarts)
    #expect(recipe.training.cycles == 2 && recipe.training.clip == 1.5)
    #expect(recipe.training.maxNorm == 3)
    for (keys, message) in [
      (#""clip": 0"#, "training: clip is 0.0; take above 0"),
      (#""maxNorm": -1"#, "training: maxNorm is -1.0; take above 0"),
      (#""cycles": 0"#, "training: cycles is 0; take 1 to 1000"),
      (#""drops": 1001"#, "training: drops is 1001; take 0 to 1000"),
      (#""dropFactor": 1"#, "training: dropFactor is 1.0; take above 0 to below 1"),
      (
        #""schedule": "linear""#,
        "training.schedule: \"linear\" is none of its values; take cosine, constant, steps, "
          + "restarts, oneCycle"
      ),
    ] {
      var recipe = Recipe(.deepbind)
      let error = #expect(throws: InputError<RecipeProblem>.self) {
        try recipe.apply(Array("{\"training\": {\(keys)}}".utf8), file: "r.json")
      }
      #expect(error?.problem.description == message)
    }
  }
}
