internal import ArgumentParser
internal import Genomics
internal import Layers
internal import Models
internal import Motifs
internal import Networks
internal import Training

/// What training starts from.
struct StartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model whose weights the networks start from, and whose layers they have; of a model of `pretrain` its encoder.",
      valueName: "safetensors"))
  var from: String?

  @Flag(help: "Draw the output layer of --from anew, as for other tasks.")
  var newHead = false

  @Option(
    help: ArgumentHelp(
      "Motifs that the first filters start from; the other filters are drawn.", valueName: "motifs")
  )
  var filters: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Parameters that stay as they are, by the paths that `inspect` lists, such as layers.0, or layers for all but the \
      output.
      """, valueName: "path"))
  var freeze: [String] = []

  /// Refuses options that don't say one thing.
  func check() throws {
    if newHead, from == nil { throw ValidationError("--new-head goes with --from") }
    if from != nil, filters != nil {
      throw ValidationError(
        "--from and --filters both say what filters start from; give one of them")
    }
  }

  /// The files that are read.
  var paths: [String] { [from, filters].compactMap(\.self) }

  /// The recipe with learning rates that keep parameters as they are, and without motifs of its own where `--filters` gives
  /// some.
  func applied(to recipe: Recipe) -> Recipe {
    var recipe = recipe
    if filters != nil { recipe.ensemble.knownMotifs = 0 }
    for path in freeze {
      recipe.training.rates = (recipe.training.rates ?? [:]).merging([path: 0]) { $1 }
    }
    return recipe
  }

  /// What the networks start from; `nil` if all weights are drawn.
  ///
  /// - Parameters:
  ///   - model: What `--from` names.
  ///   - encoder: The same, if it is a model of sequence itself.
  /// - Throws: `NothingToDoError` if the model's output layer is for another number of tasks and isn't drawn anew.
  func start(
    from model: Model?, encoder: GenerativeModelFile?, tasks: [String], console: Console
  ) throws -> TrainingStart? {
    if let filters {
      let motifs = try console.motifs(path: filters)
      return .filters(motifs.map { $0.probabilities.columns.map { SIMD4<Float>($0) } })
    }
    if let encoder = encoder?.model.encoder { return .encoder(encoder) }
    guard let model else { return nil }
    guard newHead || model.tasks.count == tasks.count else {
      throw NothingToDoError(
        description: "the model to start from has \(model.tasks.count) task(s), and the input "
          + "\(tasks.count); give --new-head to draw the output layer anew")
    }
    if !newHead, model.tasks != tasks {
      console.note(
        "starts with the output layer for \(model.tasks.map(\.quoted).joined(separator: ", ")); "
          + "--new-head draws another")
    }
    let networks = model.ensemble.networks.filter {
      $0.configuration == model.ensemble.configuration
    }
    return .weights(networks, drawsOutput: newHead)
  }
}

extension Recipe {
  /// Makes it a recipe for networks like the first one of a model.
  mutating func takeNetwork(of model: Model) {
    network = model.ensemble.configuration.withoutReading
    ensemble.extraWidths = []
    ensemble.knownMotifs = 0
  }

  /// Makes it a recipe for networks that begin with the encoder of a generative model. If that makes positions, maxima over
  /// them and a hidden layer follow; then the outputs.
  mutating func takeEncoder(of file: GenerativeModelFile) throws {
    guard let encoder = file.model.encoder else {
      throw NothingToDoError(
        description: "a model of the method \(file.method) has no encoder to start from; give one "
          + "of another method than gan")
    }
    let summary: [AnyLayerConfiguration] = [.globalPooling(.max), .dense(units: 32), .rectifier]
    network = NetworkConfiguration(
      layers: encoder.layers + (encoder.layers.readOneLength ? [] : summary))
    ensemble.extraWidths = []
    ensemble.knownMotifs = 0
  }
}
