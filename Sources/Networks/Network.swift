package import Datasets
internal import Genomics
public import Layers
public import Tensors

/// A configuration with its weights: sequences in, one output per task out.
public struct Network: ParameterHolder, Sendable {
  public private(set) var configuration: NetworkConfiguration
  public let taskCount: Int
  package private(set) var stem: any Stem
  /// The layers behind the stem that read each strand by itself, if a later one joins them (`pooled`).
  private(set) var strandLayers: LayerChain
  /// The layers behind those.
  private(set) var layers: LayerChain
  private(set) var output: Dense
  /// The length of the shortest sequence that the network can read; with a `length` in its
  /// configuration that of the only ones.
  public let minimumLength: Int

  /// Draws the weights.
  ///
  /// - Throws: `ConfigurationError`.
  public init(_ configuration: NetworkConfiguration, taskCount: Int, seed: UInt64) throws {
    try self.init(configuration, taskCount: taskCount, seed: seed, isFused: true)
  }

  /// - Parameter isFused: Whether the first layers run in their fused form, if they have one.
  package init(_ configuration: NetworkConfiguration, taskCount: Int, seed: UInt64, isFused: Bool)
    throws(ConfigurationError)
  {
    precondition(taskCount > 0, "\(taskCount) tasks")
    let extents = try configuration.extents()
    guard configuration.length != nil || !configuration.layers.readOneLength else {
      throw ConfigurationError(description: "flatten needs a length; give --length")
    }
    func drawn(_ layer: any LayerConfiguration, _ index: Int, _ input: Extents) -> any Layer {
      var random = RandomStream(seed: seed, .initialization, Self.initializationKey(index))
      return layer.makeLayer(reading: input, using: &random)
    }
    let layers = zip(configuration.layers, extents).enumerated().map {
      drawn($1.0.layer, $0, $1.1)
    }
    let last = Dense.Configuration(units: taskCount)
    guard let output = drawn(last, layers.count, extents[layers.count]) as? Dense else {
      preconditionFailure("a dense layer of another type")
    }
    self.configuration = configuration
    self.taskCount = taskCount
    self.output = output
    stem = configuration.makeStem(layers.first, isFused: isFused)
    let first = stem.layerCount
    let joint =
      configuration.strands == .pooled && first == 0 ? (configuration.poolingIndex ?? 0) + 1 : first
    strandLayers = LayerChain(Array(layers[first..<joint]), firstIndex: first)
    self.layers = LayerChain(Array(layers[joint...]), firstIndex: joint)
    let shortest = try configuration.minimumLength()
    minimumLength = configuration.length ?? shortest
  }

  /// Of motif networks the numbers are those of earlier versions, so that the same seed draws the same.
  private static func initializationKey(_ index: Int) -> Int { index < 3 ? -index : index - 2 }

  /// The same network, computed layer by layer from the one-hot tensor.
  package var plain: Network {
    guard
      var plain = try? Network(configuration, taskCount: taskCount, seed: 0, isFused: false)
    else { preconditionFailure("a network of a configuration that makes none") }
    plain.parameters = parameters
    return plain
  }

  /// The layers up to one of a plain network, and the network that takes what they make for the features of its stem.
  ///
  /// - Precondition: No layer up to that one joins strands.
  func divided(behind layer: Int) -> (front: LayerChain, rest: Network) {
    var rest = self
    let whole = joinsStrands ? strandLayers : layers
    let front = LayerChain(Array(whole.layers[...layer]))
    let back = LayerChain(Array(whole.layers[(layer + 1)...]), firstIndex: layer + 1)
    if joinsStrands { rest.strandLayers = back } else { rest.layers = back }
    return (front, rest)
  }

  /// What is added to each task's output, on each strand.
  package var outputBias: [Float] {
    get { output.bias.scalars }
    set {
      precondition(newValue.count == taskCount, "\(newValue.count) biases")
      output.bias = Tensor(shape: [taskCount], scalars: newValue)
    }
  }

  /// Visits `layers.0.weight`, `layers.0.bias`, …, `output.weight` and `output.bias`.
  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try stem.visitParameters { try visit("layers.\($0)", $1, &$2) }
    try strandLayers.visitParameters { try visit("layers.\($0)", $1, &$2) }
    try layers.visitParameters { try visit("layers.\($0)", $1, &$2) }
    try output.visitParameters { try visit("output.\($0)", $1, &$2) }
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    stem.updateParameters(update)
    strandLayers.updateParameters(update)
    layers.updateParameters(update)
    output.updateParameters(update)
  }

  /// Takes up statistics of a batch, in the order of the parameters of that role.
  public mutating func settle(_ statistics: [Tensor]) {
    guard !statistics.isEmpty else { return }
    let own = strandLayers.parameterRoles.count { $0 == .statistic }
    strandLayers.settle(Array(statistics.prefix(own)))
    layers.settle(Array(statistics.dropFirst(own)))
  }

  /// Makes now what speeds reading up, for as long as the parameters stay as they are.
  public mutating func prepare() {
    stem.prepare()
  }

  /// The filters that read the bases through look-up tables; `nil` if the network doesn't begin with some.
  package var motifs: MotifConvolution? {
    stem as? MotifConvolution ?? (stem as? WindowedMotifConvolution)?.motifs
  }

  /// The bases that the first feature of a fused stem reads: a shorter sequence has no place for it. 1 if there
  /// is no fused stem.
  package var stemSpan: Int { stem.layerCount == 0 ? 1 : configuration.stemSpan }

  /// The stem's features of sequences, `[rows · batch, …]`.
  package func stemFeatures(_ batch: SequenceBatch) -> Tensor { stem.forwardErased(batch).output }

  /// The network that reads longer sequences by other windows.
  package func reading(windows: WindowRule) -> Network {
    var copy = self
    copy.configuration.windows = windows
    return copy
  }

  /// The network with a row for each strand, pooled over that strand alone: what tells which strand is
  /// the better one if the rule is `pooled`.
  package var readingStrandsApart: Network {
    guard configuration.strands == .pooled else { return self }
    var copy = self
    copy.configuration.strands = .max
    if let motifs = stem as? MotifConvolution { copy.stem = motifs.readingStrandsApart }
    return copy
  }

  /// A copy with one filter of the stem set to zero.
  package func silencing(_ filter: Int) -> Network {
    var copy = self
    copy.stem.updateParameters { _, parameter in
      let filters = parameter.shape.lastExtent
      for index in stride(from: filter, to: parameter.scalars.count, by: filters) {
        parameter.scalars[index] = 0
      }
    }
    copy.prepare()
    return copy
  }
}

// What flows through the layers.
extension Network {
  /// What a forward pass leaves for the backward pass.
  struct Trace {
    let features: Tensor
    let stemSaved: any Sendable
    let strandsSaved: [any Sendable]
    /// Those of both strands, before they were joined.
    let strandFeatures: Tensor
    let layersSaved: [any Sendable]
    let outputSaved: Tensor
    /// `[rows · batch, task]`
    let strandOutputs: Tensor
  }

  func trace(_ batch: SequenceBatch, in pass: Pass) -> Trace {
    let (features, stemSaved) = stem.forwardErased(batch)
    return trace(of: features, stemSaved: stemSaved, in: pass.beside(batch.sideTensor))
  }

  /// The trace of the stem's features, `[rows · batch, …]`, whatever they come from.
  func trace(of features: Tensor, stemSaved: any Sendable = (), in pass: Pass) -> Trace {
    let (strandFeatures, strandsSaved) = strandLayers.forward(features, in: pass)
    let (last, layersSaved) = layers.forward(joined(strandFeatures), in: pass)
    let (outputs, outputSaved) = output.forward(last, in: pass)
    return Trace(
      features: features, stemSaved: stemSaved, strandsSaved: strandsSaved,
      strandFeatures: strandFeatures, layersSaved: layersSaved, outputSaved: outputSaved,
      strandOutputs: outputs)
  }

  /// Whether a layer, not the stem, joins the strands.
  var joinsStrands: Bool { configuration.strands == .pooled && stem.layerCount == 0 }

  /// Makes one row of both strands' features.
  func joined(_ features: Tensor) -> Tensor {
    joinsStrands ? features.joiningStrands(maxima: maximumCount(features)) : features
  }

  /// The number of columns that are maxima.
  func maximumCount(_ features: Tensor) -> Int {
    guard let index = configuration.poolingIndex,
      let pooling = configuration.layers[index].layer as? GlobalPooling.Configuration
    else { return 0 }
    let columns = features.shape[1]
    return pooling.pooling.hasMaxima ? columns / pooling.pooling.featuresPerFilter : 0
  }

  /// - Parameter gradient: That of the outputs, `[rows · batch, task]`.
  /// - Returns: The gradient of the stem's features, if it is wanted, and of what is behind the stem.
  func backward(_ gradient: Tensor, _ trace: Trace, wantsFeatures: Bool) -> LayerGradient {
    let last = output.backward(gradient, saved: trace.outputSaved, wantsInput: true)
    guard let flow = last.input else {
      preconditionFailure("no gradient of the last layer's input")
    }
    let wantsStrands = wantsFeatures || !strandLayers.layers.isEmpty
    let back = layers.backward(flow, saved: trace.layersSaved, wantsInput: wantsStrands)
    guard joinsStrands, let joint = back.input else {
      return LayerGradient(
        input: back.input, parameters: back.parameters + last.parameters,
        statistics: back.statistics)
    }
    let strands = strandLayers.backward(
      split(joint, trace), saved: trace.strandsSaved, wantsInput: wantsFeatures)
    return LayerGradient(
      input: strands.input, parameters: strands.parameters + back.parameters + last.parameters,
      statistics: strands.statistics + back.statistics)
  }

  /// The gradient of the stem's features alone, in inference.
  func featureGradient(_ gradient: Tensor, _ trace: Trace) -> Tensor {
    let flow = layers.inputGradient(
      output.inputGradient(gradient, saved: trace.outputSaved), saved: trace.layersSaved)
    guard joinsStrands else { return flow }
    return strandLayers.inputGradient(split(flow, trace), saved: trace.strandsSaved)
  }

  private func split(_ gradient: Tensor, _ trace: Trace) -> Tensor {
    gradient.splittingStrands(
      of: trace.strandFeatures, maxima: maximumCount(trace.strandFeatures))
  }

  /// The outputs of each strand from the stem's features: `[rows, …]` gives `[rows, task]`.
  ///
  /// - Parameter side: What is known of the sequences besides.
  package func strandLogits(_ features: Tensor, beside side: Tensor? = nil) -> Tensor {
    let pooled = joined(strandLayers.output(of: features, beside: side))
    return output.forward(layers.output(of: pooled, beside: side), in: .inference).output
  }

  /// The outputs of the windows of a stretch, by their features: `[windows, …]` gives `[windows, task]`.
  package func windowLogits(_ features: Tensor) -> Tensor {
    // Of maxima few change from one window to the next; means all do.
    guard motifs?.pooling == .max, stem is MotifConvolution, strandLayers.layers.isEmpty else {
      return strandLogits(features)
    }
    return output.forward(layers.output(ofRowsInTurn: features), in: .inference).output
  }

  /// The hidden layer and the output layer, if those are all that is behind the stem.
  var hiddenLayer: (hidden: Dense, output: Dense)? {
    let behind = layers.layers.filter { !($0 is Dropout) }
    guard strandLayers.layers.isEmpty, behind.count == 2, let hidden = behind[0] as? Dense,
      behind[1] is Rectifier
    else { return nil }
    return (hidden, output)
  }

  /// What the stem and each layer make of sequences, the outputs last.
  package func layerOutputs(_ batch: SequenceBatch) -> [Tensor] {
    let pass = Pass.inference.beside(batch.sideTensor)
    var outputs = [stem.forwardErased(batch).output]
    for (chain, joins) in [(strandLayers, true), (layers, false)] {
      for layer in chain.layers {
        outputs.append(layer.forwardErased(outputs[outputs.count - 1], in: pass).output)
      }
      if joins { outputs[outputs.count - 1] = joined(outputs[outputs.count - 1]) }
    }
    return outputs + [output.forward(outputs[outputs.count - 1], in: .inference).output]
  }
}
